import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applied } from "../../server/src/app/fixes";
import type { Finding } from "../../server/src/rules/finding";
import { annotated, withoutAnnotations } from "./annotations";
import {
  fileFixtures,
  fixturesFolder,
  historyProjects,
  lintFixture,
  lintProject,
  lintProjectFixture,
  projectFixtures,
} from "./fixtures";

/** `UPDATE=1` writes what is reported into the fixtures; a person reads the difference. */
const updates = process.env.UPDATE !== undefined;

describe("what is reported of a migration", () => {
  it.each(fileFixtures)("%s", async (fixture) => {
    const path = join(fixturesFolder, fixture);
    const source = readFileSync(path, "utf8");
    const text = withoutAnnotations(source);
    const findings = await lintFixture(fixture, text);
    compare(path, source, annotated(text, findings, "--"));

    const golden = path.replace(/\.sql$/, ".fixed.sql");
    const fixed = applied(text, findings);
    if (fixed !== text) compare(golden, readIfThere(golden), fixed);
    else if (updates) rmSync(golden, { force: true });
    else expect(existsSync(golden), "there is nothing to fix").toBe(false);

    expect(applied(fixed, await lintFixture(fixture, fixed)), "nothing is left to fix").toBe(fixed);

    for (const finding of findings) await expectEachFixToHelp(fixture, text, finding);
  });
});

describe("what is reported of a project", () => {
  it.each(projectFixtures)("%s", async (fixture) => {
    for (const [file, reported] of await lintProjectFixture(fixture)) {
      const path = join(fixturesFolder, fixture, file);
      const source = readFileSync(path, "utf8");
      const comment = file.endsWith(".json") ? "//" : "--";
      compare(path, source, annotated(withoutAnnotations(source), reported, comment));
    }
  });
});

it.each(historyProjects)("the history of %s, in which the fixtures stand, is itself in order", async (project) => {
  expect(await lintProject(join(fixturesFolder, "projects", project))).toEqual([]);
});

/** Each of a finding's fixes, applied alone, has to leave SQL in which the rule no longer reports that place. */
async function expectEachFixToHelp(fixture: string, text: string, { rule, start, fixes }: Finding): Promise<void> {
  for (const { choice: _, ...fix } of fixes) {
    const now = applied(text, [{ rule, severity: "error", start, end: start, message: "", fixes: [fix] }]);
    const grown = fix.edits.filter((edit) => edit.start <= start).reduce((sum, edit) => sum + sizeOf(edit), 0);
    const left = (await lintFixture(fixture, now)).filter(
      (found) => found.rule === "syntax-error" || (found.rule === rule && found.start === start + grown),
    );
    expect(left, `${fix.title} of ${rule}`).toEqual([]);
  }
}

function sizeOf({ start, end, text }: Finding["fixes"][number]["edits"][number]): number {
  return text.length - (end - start);
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function compare(path: string, is: string, shouldBe: string): void {
  if (updates) writeFileSync(path, shouldBe);
  else expect(is).toBe(shouldBe);
}
