import { resolve, sep } from "node:path";
import type { Refusal } from "../engine/events";
import type { AnalysedFile, IsIgnored } from "../engine/prepare";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import { readTextFile, replaceText } from "../project/files";
import type { Problem } from "../project/problem";
import type { Project } from "../project/project";
import { openSlices, type Slices } from "../project/slices";
import { readOpenText, withRead, withText } from "../project/sqlText";
import { duplicateVersion, invalidConfig, invalidMigration } from "../rules/fileRules";
import type { Finding } from "../rules/finding";
import { upStatements } from "../rules/lint";
import { isMeant } from "../rules/meant";
import type { RuleEntry } from "../rules/rule";
import type { OpenAnalysis } from "../sql/analyse";
import { lineIndex } from "../sql/lineIndex";
import { analyseAll } from "./analyseAll";
import { analysisOf, keepAnalysis } from "./analyses";
import { findingsInParts, findingsNow, levelsIn } from "./check";
import { checkedNow, findingsSame, findingsStill, findingsTextOf, keepChecked, keepFound } from "./checked";
import { chosenMigrations } from "./chosen";
import { applied, sureFix } from "./fixes";
import { recallFiles, writeFiles } from "./keptFiles";
import {
  type FindingsByPath,
  nameOfFindings,
  noFindings,
  readFindings,
  textFindings,
  writeFindings,
} from "./keptFindings";
import { readInThread } from "./threads";

/** A file that was checked; `path` is relative to the project's root. */
export interface LintedFile {
  readonly path: string;
  readonly text: string;
  readonly diagnostics: readonly Finding[];
}

/** The files, absolute, to which a check keeps, such as those that have changed; null for no such limit. */
export type Only = ReadonlySet<string> | null;

/**
 * Checks files. @param paths absolute, of files and folders; none given, all that the project checks: its migrations, and files that say their scope.
 * @throws UsageError for a path where there is nothing to check
 */
export async function lintPaths(project: Project, paths: readonly string[], only: Only = null): Promise<LintedFile[]> {
  const files: LintedFile[] = [];
  for await (const file of lintFiles(project, paths, only)) files.push(file);
  return files;
}

/** The same, file by file, letting other work in between. */
export async function* lintFiles(
  project: Project,
  paths: readonly string[],
  only: Only = null,
): AsyncGenerator<LintedFile> {
  const isWanted = ({ path }: { path: string }) => only === null || only.has(resolve(project.root, path));
  const beginning = begin(project, paths);
  if (paths.length === 0) beginnings.set(project.migrations, beginning);
  const { chosen, unread, name, isKnown } = await beginning;
  const outside = paths.length === 0 ? project.problems : [...problemsBelow(project, paths), ...unread];
  yield* (await otherProblems(project, outside, chosen)).filter(isWanted);
  const migrations = chosen.filter(isWanted);
  const problems = new Map<string, Problem[]>();
  for (const problem of project.problems) problems.set(problem.path, [...(problems.get(problem.path) ?? []), problem]);
  const slices = openSlices();
  if (!isKnown) await recallFiles(project, chosen);
  const reading = isKnown ? null : readInThread(project, chosen);
  for (const migration of migrations) {
    await reading?.checked(migration);
    const findings = await findingsIn(project, migration, slices);
    yield linted(project, migration, problems.get(migration.path) ?? [], findings);
    await slices.rest();
  }
  const { cache } = project;
  if (cache === undefined || name === null || isKnown || only !== null || wasJustKept(project)) return;
  const found = new Map(chosen.map((migration) => [migration.path, findingsTextOf(project, migration)]));
  // Where a setting has changed meanwhile, what was found no longer goes with the name.
  if (isWhole(found)) await writeFindings(cache, name, found);
  // Of these it may only be told now what their findings rest on.
  await reading?.ended;
  await writeFiles(cache, project, chosen);
}

/** Checks one file of the history as it is saved. What is known of it by a check of the whole folder, also one that has only begun, is not looked for again. */
export async function lintSaved(project: Project, migration: Migration): Promise<LintedFile> {
  await beginnings.get(project.migrations)?.catch(() => {});
  const problems = project.problems.filter(({ path }) => path === migration.path);
  const findings =
    (await knownFindings(project, migration)) ?? (await findingsInParts(project, migration, openSlices()));
  return linted(project, migration, problems, findings);
}

/** Finds out beforehand what a file that is opened needs for its edits to be checked, whatever is known to be found in it as it is saved. */
export async function lintAhead(project: Project, migration: Migration): Promise<void> {
  await analyseAll(project);
  await analysisOf(project, migration);
  await findingsInParts(project, migration, openSlices());
}

/** Checks the text of an open editor as it stands there, within the folder's history. @param path relative to the project's root */
export async function lintBuffer(project: Project, path: string, analysis: OpenAnalysis): Promise<LintedFile | null> {
  const read = await readBuffer(project, path, analysis);
  if (read === null) return null;
  const saved = project.problems.filter((problem) => problem.path === path && problem.code === duplicateVersion.id);
  const findings = await findingsInParts(read.project, read.migration, openSlices());
  return linted(read.project, read.migration, [...saved, ...read.problems], findings);
}

/** An open editor's text as a part of the project, all of which is analysed; null for a file that isn't checked. */
export async function readBuffer(
  project: Project,
  path: string,
  analysis: OpenAnalysis,
): Promise<{ project: Project; migration: Migration; problems: readonly Problem[] } | null> {
  const read = readOpenText(project, path, analysis);
  if (read.place === "unrelated") return null;
  await analyseAll(project);
  const { migration, problems } = read;
  keepAnalysis(migration, analysis);
  return { migration, problems, project: withRead(project, path, read) };
}

/** The project's history as the engine wants it, and what in the needed files keeps them from being run. */
export async function lintMigrations(
  project: Project,
  needed: ReadonlySet<string>,
): Promise<{ files: AnalysedFile[]; errors: Refusal[]; isIgnored: IsIgnored }> {
  const errors: Refusal[] = project.problems
    .filter(
      ({ severity, code, path }) =>
        severity === "error" &&
        // Of two files with one version the history can't tell which one was applied, so that neither may be passed over.
        (code === "duplicate-version" || needed.has(path) || !project.migrations.some((one) => one.path === path)),
    )
    .map(({ code, message, path, line, column }) => ({
      code,
      message,
      file: path,
      ...(line && { line }),
      ...(column && { column }),
    }));
  // Nothing is needed by anybody: nothing has to be read.
  if (needed.size === 0) return { files: [], errors, isIgnored: () => false };
  const files = await Promise.all(
    project.migrations.map(async (migration) => ({ migration, analysis: await analysisOf(project, migration) })),
  );
  for (const migration of project.migrations.filter(({ path }) => needed.has(path))) {
    const problems = project.problems.filter(({ path }) => path === migration.path);
    const { diagnostics } = linted(project, migration, problems, findingsNow(project, migration));
    errors.push(
      ...diagnostics.filter(({ severity }) => severity === "error").map((finding) => refusal(migration, finding)),
    );
  }
  const isIgnored: IsIgnored = (migration, statement) => {
    const analysis = files.find((file) => file.migration === migration)?.analysis;
    const statements = analysis === undefined ? [] : upStatements(migration, analysis);
    return isMeant(statement, migration.directives, statements);
  };
  return { files, errors, isIgnored };
}

/** What was written into files. */
export interface Mended {
  readonly findings: number;
  readonly files: number;
}

/** Writes the fixes of which there is one right change each. @returns the project with the files as they are then, and how much was mended */
export async function applyFixes(
  project: Project,
  paths: readonly string[],
  only: Only = null,
): Promise<{ project: Project; mended: Mended }> {
  let fixed = project;
  let findings = 0;
  let files = 0;
  for (const { path, text, diagnostics } of await lintPaths(project, paths, only)) {
    const now = applied(text, diagnostics);
    if (now === text) continue;
    await replaceText(resolve(project.root, path), now);
    fixed = withText(fixed, path, now);
    findings += diagnostics.filter((finding) => sureFix(finding) !== null).length;
    files++;
  }
  return { project: fixed, mended: { findings, files } };
}

interface Beginning {
  readonly chosen: readonly Migration[];
  /** What keeps files from being read that were asked for and are none of the project's. */
  readonly unread: readonly Problem[];
  /** Under which the findings are kept; null where they aren't. */
  readonly name: string | null;
  /** What there is to find in these files is known from before. */
  readonly isKnown: boolean;
}

/** What is to be checked, and what was found in it when all was as it is now. */
async function begin(project: Project, paths: readonly string[]): Promise<Beginning> {
  const { chosen, unread } = await chosenMigrations(project, paths);
  const { cache } = project;
  if (cache === undefined || paths.length > 0) return { chosen, unread, name: null, isKnown: false };
  const name = await nameOfFindings(project, chosen);
  const known = await readFindings(cache, name);
  if (known !== null) for (const one of chosen) keepFound(project, one, known.get(one.path) ?? noFindings);
  return { chosen, unread, name, isKnown: known !== null };
}

const beginnings = new WeakMap<readonly Migration[], Promise<Beginning>>();

async function findingsIn(project: Project, migration: Migration, slices: Slices): Promise<readonly Finding[]> {
  const known = await knownFindings(project, migration);
  if (known !== null) return known;
  const began = performance.now();
  let found = await findingsInParts(project, migration, slices);
  if (project.cache === undefined) return found;
  if (performance.now() - began > longCheck) {
    // Who waits for the findings alone goes first. What is known of the file may then be what is typed in it.
    await slices.pause();
    found = findingsNow(project, migration);
  }
  const checked = checkedNow(project, migration, found);
  keepChecked(project, migration, checked);
  return textFindings(checked.findings);
}

/** Milliseconds. */
const longCheck = 20;

/** What is found in a file, where that is known; otherwise null, and all is analysed for it to be found. */
async function knownFindings(project: Project, migration: Migration): Promise<readonly Finding[] | null> {
  const same = findingsSame(project, migration);
  if (same !== null) return same;
  await analyseAll(project);
  const still = findingsSame(project, migration) ?? findingsStill(project, migration);
  if (still !== null) return still;
  await analysisOf(project, migration);
  // Somebody else may have waited for the same.
  return findingsSame(project, migration);
}

function isWhole(found: ReadonlyMap<string, string | null>): found is FindingsByPath {
  return [...found.values()].every((findings) => findings !== null);
}

/** Where somebody edits, each save would have all that is kept of a folder written again: once a minute is enough there. */
function wasJustKept({ root, threads }: Project): boolean {
  const now = performance.now();
  if (threads && now - (keptAt.get(root) ?? -keepingRest) < keepingRest) return true;
  keptAt.set(root, now);
  return false;
}

const keptAt = new Map<string, number>();

/** Milliseconds. */
const keepingRest = 60_000;

/** @param problems what reading the file has found */
function linted(
  { configuration }: Project,
  { path, text }: Migration,
  problems: readonly Problem[],
  findings: readonly Finding[],
): LintedFile {
  const found = problems.map((problem) => problemFinding(problem, configuration)).filter((one) => one !== null);
  return { path, text, diagnostics: found.length === 0 ? findings : [...found, ...findings] };
}

/** The problems of files that are no migrations: `tenantry.json`, and what couldn't be read. */
async function otherProblems(
  project: Project,
  problems: readonly Problem[],
  migrations: readonly Migration[],
): Promise<LintedFile[]> {
  if (problems.length === 0) return [];
  const checked = new Set(migrations.map(({ path }) => path));
  const others = problems.filter(({ path }) => !checked.has(path));
  const paths = [...new Set(others.map(({ path }) => path))];
  return Promise.all(
    paths.map(async (path) => {
      const source = await readTextFile(resolve(project.root, path));
      const diagnostics = others
        .filter((problem) => problem.path === path)
        .map((problem) => problemFinding(problem, project.configuration))
        .filter((found) => found !== null);
      return { path, text: "text" in source ? source.text : "", diagnostics };
    }),
  );
}

/** @param paths absolute, of files and folders */
function problemsBelow({ problems, root }: Project, paths: readonly string[]): Problem[] {
  return problems.filter((problem) => {
    const place = resolve(root, problem.path);
    return paths.some((path) => place === path || place.startsWith(`${path}${sep}`));
  });
}

/** What reading the files has found, as a rule's finding; null where the folder has switched the rule off. */
function problemFinding(problem: Problem, configuration: Configuration): Finding | null {
  const { code, severity, message, span, path } = problem;
  const rule: RuleEntry =
    { "duplicate-version": duplicateVersion, "invalid-config": invalidConfig }[code as string] ?? invalidMigration;
  const set = levelsIn(configuration, path)(rule);
  if (set === "off") return null;
  const { start, end } = span ?? { start: 0, end: 0 };
  const found = { rule: rule.id, severity: severity === "error" ? set : severity, start, end, message, fixes: [] };
  if (problem.others === undefined) return found;
  const related = problem.others.map((file) => ({ file, start: 0, end: 0, message: "The other file is" }));
  return { ...found, related };
}

function refusal({ path, text }: Migration, { rule, message, start }: Finding): Refusal {
  const { line, character } = lineIndex(text).positionAt(start);
  return { code: rule, message, file: path, line: line + 1, column: character + 1 };
}
