import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { lintBuffer, lintPaths } from "../../server/src/app/lint";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { rules } from "../../server/src/rules/all";
import type { Finding } from "../../server/src/rules/finding";
import { safetyRules } from "../../server/src/rules/safety";
import { analyse } from "../../server/src/sql/analyse";
import { folder } from "../project/folder";
import { type Reported, withoutAnnotations } from "./annotations";

/*
 * `<rule>/<name>.sql` is the newest migration of the project in `projects/postgresql`; a name that ends with `.tsql`, `.search-path`, `.shop` or
 * `.shop-tsql` chooses another of those projects. It is a tenant migration unless its head says otherwise.
 * `<rule>/<name>/` is a project of its own, for what isn't about one text.
 * `fires*` reports its rule, `near-miss*` doesn't.
 * What the safety rules say is left out of other rules' fixtures: those are about names, and say of few of them what is done to rows.
 */

export const fixturesFolder = join(import.meta.dirname, "../fixtures/rules");

/** The fixtures of one migration each, relative to the folder. */
export const fileFixtures = globSync("*/*.sql", { cwd: fixturesFolder })
  .filter((path) => !path.endsWith(".fixed.sql"))
  .sort();

/** The fixtures that are projects of their own, relative to the folder. */
export const projectFixtures = globSync("*/{fires,near-miss}*/tenantry.json", { cwd: fixturesFolder })
  .map(dirname)
  .sort();

export const historyProjects = ["postgresql", "tsql", "search-path", "shop", "shop-tsql"] as const;

/** The project that a fixture's name chooses. */
export function projectOf(fixture: string): string {
  return historyProjects.find((name) => basename(fixture, ".sql").endsWith(`.${name}`)) ?? "postgresql";
}

/** Checks a text as the newest migration of the project that its fixture's name chooses. */
export async function lintFixture(fixture: string, text: string): Promise<readonly Finding[]> {
  const isShown = ({ rule }: Finding) => safetyIds.has(dirname(fixture)) || !safetyIds.has(rule);
  return (await lintFixtureByAllRules(fixture, text)).filter(isShown);
}

/** The same, with what the safety rules say whatever the fixture is about. */
export async function lintFixtureByAllRules(fixture: string, text: string): Promise<readonly Finding[]> {
  const project = await loaded(join(fixturesFolder, "projects", projectOf(fixture)));
  const linted = await lintBuffer(
    project,
    "migrations/tenant/9000_fixture.sql",
    await analyse(text, project.configuration.dialect),
  );
  if (linted === null) throw new Error(`${fixture} isn't checked.`);
  return linted.diagnostics;
}

const safetyIds: ReadonlySet<string> = new Set(safetyRules.map(({ id }) => id));

/** Checks a project as it stands in the fixtures. */
export async function lintProject(path: string): Promise<readonly Finding[]> {
  const linted = await lintPaths(await loaded(path), []);
  return linted.flatMap(({ diagnostics }) => diagnostics);
}

/** What is reported of each file of a project fixture, by its path in the project. */
export async function lintProjectFixture(fixture: string): Promise<Map<string, readonly Reported[]>> {
  const source = join(fixturesFolder, fixture);
  const paths = globSync("**/*.{sql,json}", { cwd: source }).sort();
  const files = paths.map((path) => [path, withoutAnnotations(readFileSync(join(source, path), "utf8"))] as const);
  const root = await folder(Object.fromEntries(files));
  const { project, problems } = await loadProject(root, { trusted: true, ruleIds });
  const nothing = paths.map((path) => [path, [] as readonly Reported[]] as const);
  if (project !== null) {
    const linted = await lintPaths(project, []);
    return new Map([...nothing, ...linted.map(({ path, diagnostics }) => [path, diagnostics] as const)]);
  }
  // With a configuration that can't be used, its own mistakes are all that there is to tell.
  const mistakes = problems.map(({ code, span, ...problem }) => ({
    ...problem,
    ...(span ?? { start: 0, end: 0 }),
    rule: code,
  }));
  return new Map([...nothing, ["tenantry.json", mistakes]]);
}

const ruleIds = async () => rules.map(({ id }) => id);

async function loaded(path: string): Promise<Project> {
  const { project, problems } = await loadProject(path, { trusted: true, ruleIds });
  if (project === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return project;
}
