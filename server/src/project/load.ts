import { lstat } from "node:fs/promises";
import { dirname, join, parse, relative, resolve, sep } from "node:path";
import { findDuplicates, orderMigrations } from "../model/history";
import type { Migration } from "../model/migration";
import type { Cache } from "./cache";
import {
  type Configuration,
  defaultConfiguration,
  parseConfiguration,
  type SettingPath,
  type SettingProblem,
} from "./configuration";
import { readTextFile, reason } from "./files";
import { detectFolders, findSqlFiles, folderScope, holdsSql, pathTest } from "./folders";
import { missingFolders } from "./missingFolders";
import { type Problem, problemWith } from "./problem";
import type { Project } from "./project";
import { openSlices } from "./slices";
import { readSql, readText, withRead } from "./sqlText";
import { passwordMessage, writtenPasswords } from "./writtenPasswords";

export type { Project };

export interface LoadOptions {
  /** Absolute; where it isn't given, `tenantry.json` in the root, if there is one. */
  readonly configPath?: string;
  readonly trusted: boolean;
  /** The text of a configuration that is open in an editor, which goes before the saved one; of migrations the saved ones are read. */
  readonly readOpen?: (absolutePath: string) => string | undefined;
  /** As it was loaded before: files that say the same as then are the same migrations. */
  readonly before?: Project | null;
  /** Whether only the configuration has changed since: saved files that were read before aren't read again. */
  readonly onlyConfiguration?: boolean;
  /** Tells the rules whose severities may be set, as most configurations set none; not given, any may. */
  readonly ruleIds?: () => Promise<readonly string[]>;
  /** Is given the project before its migrations are read, for what needs none of them. */
  readonly onSettings?: (project: Project) => void;
  readonly cache?: Cache;
  readonly threads?: true;
}

/** A project, or null where its configuration has errors, and everything that is wrong with its files. An error in a migration refuses a run. */
export interface LoadedProject {
  readonly project: Project | null;
  readonly problems: readonly Problem[];
}

export const configurationFile = "tenantry.json";

/** The nearest folder, upwards from a start, that holds a `tenantry.json`; null where none does. */
export async function findRoot(startDirectory: string): Promise<string | null> {
  const top = parse(resolve(startDirectory)).root;
  for (let folder = resolve(startDirectory); ; folder = dirname(folder)) {
    if (await exists(join(folder, configurationFile))) return folder;
    if (folder === top) return null;
  }
}

/** Reads a folder's configuration and migrations. Never throws for what is wrong with a file. */
export async function loadProject(root: string, options: LoadOptions): Promise<LoadedProject> {
  const configurationPath = options.configPath ?? join(root, configurationFile);
  const base = options.configPath === undefined ? root : dirname(configurationPath);
  const read = await readConfiguration(base, configurationPath, options);
  if (read.configuration === null) return { project: null, problems: read.problems };
  const empty: Project = {
    root: base,
    configurationPath: read.warn === null ? null : configurationPath,
    configuration: read.configuration,
    migrations: [],
    problems: [],
    trusted: options.trusted,
    ...(options.cache && { cache: options.cache }),
    ...(options.threads && { threads: options.threads }),
  };
  options.onSettings?.(empty);
  const missing = read.warn === null ? [] : await missingFolders(base, read.configuration);
  const warnings = missing.flatMap((scope) => read.warn?.(["migrations", scope], missingMessage(scope, empty)) ?? []);
  const passwordWarnings = writtenPasswords(read.configuration).flatMap(
    (name) => read.warn?.(["connections", name, "url"], passwordMessage(name)) ?? [],
  );
  const { migrations, problems: found } = await readMigrations(empty, options);
  const idle = read.warn === null ? [] : await idlePatterns(base, read.configuration, migrations);
  const idleWarnings = idle.flatMap(({ setting, pattern }) => read.warn?.(setting, idleMessage(pattern)) ?? []);
  const problems = [...warnings, ...passwordWarnings, ...idleWarnings, ...found];
  return { project: { ...empty, migrations, problems }, problems };
}

function missingMessage(scope: "public" | "tenant", { configuration: { migrations } }: Project): string {
  return `The folder ${migrations[scope]} isn't there. Correct \`migrations.${scope}\`, or make its first migration with \`tenantry new NAME --scope ${scope}\`.`;
}

function idleMessage(pattern: string): string {
  return `No SQL file lies in "${pattern}" or fits it, so this changes nothing. Correct it, or take it out.`;
}

/** The overrides' patterns that no file fits, with the place of each. */
async function idlePatterns(
  base: string,
  { overrides }: Configuration,
  migrations: readonly Migration[],
): Promise<{ setting: SettingPath; pattern: string }[]> {
  const patterns = overrides.flatMap(({ files }, index) =>
    files.map((pattern, at) => ({ setting: ["overrides", index, "files", at], pattern })),
  );
  const idle = patterns.filter(({ pattern }) => fitsNone(pattern, migrations));
  const held = await Promise.all(idle.map(({ pattern }) => holdsSql(base, pattern)));
  return idle.filter((_, index) => held[index] === false);
}

function fitsNone(pattern: string, migrations: readonly Migration[]): boolean {
  const fits = pathTest([pattern]);
  return !migrations.some(({ path }) => fits(path));
}

interface ReadConfiguration {
  readonly configuration: Configuration | null;
  readonly problems: readonly Problem[];
  /** Null where there is no file to warn about. */
  readonly warn: SettingProblem | null;
}

async function readConfiguration(
  root: string,
  path: string,
  { configPath, readOpen, ruleIds }: LoadOptions,
): Promise<ReadConfiguration> {
  const shown = relative(root, path).split(sep).join("/");
  const open = readOpen?.(path);
  if (open === undefined && configPath === undefined && !(await exists(path))) {
    return { configuration: await withDetectedFolders(root), problems: [], warn: null };
  }
  const read = open === undefined ? await readTextFile(path) : { text: open };
  if ("problem" in read) {
    return { configuration: null, problems: [problemWith(shown, "error", "invalid-config", read.problem)], warn: null };
  }
  const mayName = /rules|\\u/.test(read.text);
  return parseConfiguration(read.text, shown, mayName ? await ruleIds?.() : []);
}

/** A link that leads nowhere is there, too: whoever set it counts on what it leads to. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function withDetectedFolders(root: string): Promise<Configuration> {
  const configuration = defaultConfiguration();
  const detected = await detectFolders(root);
  const { public: publicFolder, tenant, format } = configuration.migrations;
  return {
    ...configuration,
    migrations: { public: detected.public ?? publicFolder, tenant: detected.tenant ?? tenant, format },
  };
}

async function readMigrations(
  project: Project,
  { before, onlyConfiguration = false }: LoadOptions,
): Promise<{ migrations: Migration[]; problems: Problem[] }> {
  const { migrations: settings, order } = project.configuration;
  const scopeOf = folderScope(settings);
  const isSameDialect = before?.configuration.dialect === project.configuration.dialect;
  const asBefore = new Map(before?.migrations.map((migration) => [migration.path, migration]));
  const known = isSameDialect ? asBefore : new Map<string, Migration>();
  const problems: Problem[] = [];
  const migrations: Migration[] = [];
  const { files, unread } = await findSqlFiles(project.root, settings);
  for (const { path, error } of unread) {
    const message = `The folder can't be read: ${reason(error)}. Migrations may be missing from what is found here.`;
    problems.push(problemWith(path, "error", "invalid-migration", message));
  }
  await forEachAtOnce(files, async (path) => {
    const file = resolve(project.root, path);
    const unchanged = onlyConfiguration ? asBefore.get(path) : undefined;
    const read = unchanged ?? (await readTextFile(file));
    if ("problem" in read) {
      problems.push(problemWith(path, "error", "invalid-migration", read.problem));
      return;
    }
    const sql = readSql(project, scopeOf, path, read.text);
    problems.push(...sql.problems);
    if (sql.place === "history") migrations.push(sameOr(known.get(path), sql.migration));
  });
  const slices = openSlices();
  const ordered = orderMigrations(migrations, order);
  await slices.rest();
  problems.push(...duplicates(ordered, order));
  await slices.rest();
  return { migrations: ordered, problems: problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)) };
}

/**
 * The same project after one of its SQL files has come, gone or changed: no other file is read again. The project itself where nothing has
 * changed; null where all of it has to be loaded anew.
 */
export async function reloadFile(loaded: LoadedProject, file: string): Promise<LoadedProject | null> {
  const { project } = loaded;
  if (project === null) return null;
  const path = relative(project.root, file).split(sep).join("/");
  const { migrations: settings, order } = project.configuration;
  if (path.split("/").includes("node_modules") || folderScope(settings)(path) === null) return loaded;
  const before = project.migrations.find((migration) => migration.path === path);
  const read = await readTextFile(file);
  if ("problem" in read) return null;
  if (before?.text === read.text.replace(/^\uFEFF/, "")) return loaded;
  if (before === undefined) {
    // What the configuration names and wasn't there may be there now, and without one it may be another folder's turn.
    const own = project.configurationPath && relative(project.root, project.configurationPath).split(sep).join("/");
    if (own === null || project.problems.some((problem) => problem.path === own)) return null;
  }
  const sql = readText(project, path, read.text);
  const { migrations } = withRead(project, path, sql);
  const others = project.problems.filter((problem) => problem.path !== path && problem.code !== duplicateCode);
  const problems = [...others, ...sql.problems, ...duplicates(migrations, order)];
  problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { project: { ...project, migrations, problems }, problems };
}

const duplicateCode = "duplicate-version";

/** What was worked out of a migration is kept by it. */
function sameOr(before: Migration | undefined, now: Migration): Migration {
  const isSame =
    before !== undefined &&
    before.text === now.text &&
    before.scope === now.scope &&
    before.version === now.version &&
    before.name === now.name &&
    before.transactional === now.transactional &&
    before.up.start === now.up.start &&
    before.up.end === now.up.end;
  return isSame ? before : now;
}

function duplicates(ordered: readonly Migration[], order: Configuration["order"]): Problem[] {
  return findDuplicates(ordered, order).flatMap(({ version, paths }) =>
    paths.map((path) => {
      const others = paths.filter((other) => other !== path);
      const what = version === null ? "This repeatable migration's name" : `Version ${version}`;
      const message = `${what} is also that of ${others.join(", ")}. Rename the newer one, so that the order is certain.`;
      return { ...problemWith(path, "error", duplicateCode, message), others };
    }),
  );
}

/** Many at once, but not so many that the process runs out of file handles. */
async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 64 }, worker));
}
