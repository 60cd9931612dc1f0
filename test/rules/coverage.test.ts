import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/all";
import { annotatedRules, withoutAnnotations } from "./annotations";
import { fileFixtures, fixturesFolder, lintFixture, projectFixtures } from "./fixtures";

/** Every fixture with the rules that it says are reported. */
const fixtures = [
  ...fileFixtures.map((path) => ({ path, reported: reportedIn(path) })),
  ...projectFixtures.map((path) => ({
    path,
    reported: globSync("**/*.{sql,json}", { cwd: join(fixturesFolder, path) }).flatMap((file) =>
      reportedIn(join(path, file)),
    ),
  })),
];

describe.each(rules)("$id", ({ id }) => {
  const own = fixtures.filter(({ path }) => dirname(path) === id);

  it("has a fixture that fires, and a near miss", () => {
    expect(own.filter(({ path }) => isNamed(path, "fires"))).not.toEqual([]);
    expect(own.filter(({ path }) => isNamed(path, "near-miss"))).not.toEqual([]);
  });

  it("is reported in each fixture that says so, and in no near miss", () => {
    for (const { path, reported } of own) {
      expect([path, reported.includes(id)]).toEqual([path, !isNamed(path, "near-miss")]);
    }
  });
});

it("the rules that say so have a fix, and no others", async () => {
  const fixing = new Set<string>();
  for (const path of fileFixtures) {
    const findings = await lintFixture(path, withoutAnnotations(readFileSync(join(fixturesFolder, path), "utf8")));
    for (const { rule, fixes } of findings) if (fixes.length > 0) fixing.add(rule);
  }
  expect([...fixing].sort()).toEqual(rules.flatMap(({ id, hasFix }) => (hasFix ? [id] : [])).sort());
});

it("every fixture is a rule's", () => {
  const ids = new Set(rules.map(({ id }) => id));
  expect(fixtures.filter(({ path }) => !ids.has(dirname(path)))).toEqual([]);
  expect(fixtures.filter(({ path }) => !isNamed(path, "fires") && !isNamed(path, "near-miss"))).toEqual([]);
});

function isNamed(path: string, kind: "fires" | "near-miss"): boolean {
  return basename(path).startsWith(kind);
}

function reportedIn(path: string): string[] {
  return annotatedRules(readFileSync(join(fixturesFolder, path), "utf8"));
}
