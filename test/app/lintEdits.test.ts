import fc from "fast-check";
import { expect, it } from "vitest";
import { lintBuffer } from "../../server/src/app/lint";
import { withText } from "../../server/src/project/sqlText";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import { edit, paths, projectOf, text, toldOf } from "./editedFolder";

it("what is kept of an open file's findings is what checking it anew would find, whichever file is edited", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text), fc.array(edit, { maxLength: 12 }), async (begin, edits) => {
      const texts = [...begin];
      let project = projectOf(texts);
      const open = await Promise.all(texts.map((one) => openAnalysis(one, "postgresql")));
      for (const { file, at, removed, put } of [{ file: 0, at: 0, removed: 0, put: "" }, ...edits]) {
        const old = texts[file] ?? "";
        const from = at % (old.length + 1);
        const now = old.slice(0, from) + put + old.slice(from + removed);
        texts[file] = now;
        const before = open[file];
        if (before)
          open[file] = editAnalysis(before, before.source.replace(from, Math.min(from + removed, old.length), put));
        project = withText(project, paths[file] ?? "", now);
        const fresh = projectOf(texts);
        for (const [index, path] of paths.entries()) {
          const analysis = open[index];
          if (!analysis) continue;
          const kept = await lintBuffer(project, path, analysis);
          const anew = await lintBuffer(fresh, path, await analyse(texts[index] ?? "", "postgresql"));
          expect(toldOf(kept?.diagnostics)).toEqual(toldOf(anew?.diagnostics));
        }
      }
    }),
    { numRuns: 40 },
  );
});

it("what is found in a text points at places in that text, also after another text of its file has been checked", async () => {
  const project = projectOf([]);
  const found = async (text: string) =>
    lintBuffer(project, "migrations/tenant/0001_a.sql", await openAnalysis(text, "postgresql"));
  const made = "create table prototype.a (id int);\n";
  const long = await found(`select 1;\nselect 2;\n${made}delete from a where id = 1;\n`);
  const places = () => long?.diagnostics.flatMap(({ related = [] }) => related.map(({ start, end }) => [start, end]));
  expect(places()).toEqual([[43, 44]]);
  await found(made);
  expect(places()).toEqual([[43, 44]]);
});
