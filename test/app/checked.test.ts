import fc from "fast-check";
import { expect, it } from "vitest";
import { analyseAll } from "../../server/src/app/analyseAll";
import { analysisOf, keepOutline, outlineTextOf } from "../../server/src/app/analyses";
import { findingsNow } from "../../server/src/app/check";
import { type Checked, checkedNow, findingsStill, keepChecked } from "../../server/src/app/checked";
import { textFindings } from "../../server/src/app/keptFindings";
import type { Migration } from "../../server/src/model/migration";
import type { Project } from "../../server/src/project/project";
import { withText } from "../../server/src/project/sqlText";
import { edit, paths, projectOf, text, toldOf } from "./editedFolder";

it("what was found in a file is still so, or not known to be, whichever file is edited", async () => {
  let still = 0;
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text), fc.array(edit, { maxLength: 8 }), async (begin, edits) => {
      const texts = [...begin];
      let project = projectOf(texts);
      await checkAll(project);
      for (const { file, at, removed, put } of edits) {
        const old = texts[file] ?? "";
        const from = at % (old.length + 1);
        texts[file] = old.slice(0, from) + put + old.slice(from + removed);
        project = withText(project, paths[file] ?? "", texts[file] ?? "");
        await analyseAll(project);
        const fresh = projectOf(texts);
        await checkAll(fresh);
        for (const [index, migration] of project.migrations.entries()) {
          const found = findingsStill(project, migration);
          const anew = fresh.migrations[index];
          if (found === null || anew === undefined) continue;
          still++;
          expect(toldOf(found)).toEqual(toldOf(textFindings(checkedIn(fresh, anew).findings)));
        }
        await checkAll(project);
      }
    }),
    { numRuns: 40 },
  );
  expect(still).toBeGreaterThan(20);
});

it("of other files no more has to be known than what their statements do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text), fc.nat(2), async (texts, own) => {
      const whole = projectOf(texts);
      await analyseAll(whole);
      const outlined = projectOf(texts);
      for (const [index, migration] of outlined.migrations.entries()) {
        const known = whole.migrations[index];
        if (index === own || known === undefined) continue;
        keepOutline(migration, outlineTextOf(whole, known));
      }
      await analyseAll(outlined);
      const [one, same] = [whole.migrations[own], outlined.migrations[own]];
      if (one === undefined || same === undefined) return;
      await analysisOf(outlined, same);
      const [known, anew] = [checkedIn(whole, one), checkedIn(outlined, same)];
      expect(anew).toEqual(known);
    }),
    { numRuns: 100 },
  );
});

/** Finds everything in a project anew, and keeps it with what it rests on. */
async function checkAll(project: Project): Promise<void> {
  await analyseAll(project);
  for (const migration of project.migrations) {
    await analysisOf(project, migration);
    keepChecked(project, migration, checkedIn(project, migration));
  }
}

function checkedIn(project: Project, migration: Migration): Checked {
  return checkedNow(project, migration, findingsNow(project, migration));
}
