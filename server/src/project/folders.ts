import { stat } from "node:fs/promises";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { readFileName } from "../model/formats";
import type { Scope } from "../model/migration";
import type { Configuration } from "./configuration";
import { openSlices } from "./slices";
import { filesBelow, type Walked, walk } from "./walk";

/** Which scope a path's folder gives it: null outside of both folders, `both` where the two settings fit equally well. */
export type FolderScope = (path: string) => Scope | "both" | null;

/** Reads the folders' settings, each a folder or a glob; once, as it is asked at each key. */
export function folderScope(migrations: Configuration["migrations"]): FolderScope {
  const known = scopes.get(migrations);
  if (known !== undefined) return known;
  const scope = readFolderScope(migrations);
  scopes.set(migrations, scope);
  return scope;
}

const scopes = new WeakMap<Configuration["migrations"], FolderScope>();

function readFolderScope(migrations: Configuration["migrations"]): FolderScope {
  const inPublic = picomatch(sqlFiles(migrations.public), matching);
  const inTenant = picomatch(sqlFiles(migrations.tenant), matching);
  return (path) => {
    const both = inPublic(path) && inTenant(path);
    if (!both) return inPublic(path) ? "public" : inTenant(path) ? "tenant" : null;
    const nearer = depth(migrations.public) - depth(migrations.tenant);
    return nearer > 0 ? "public" : nearer < 0 ? "tenant" : "both";
  };
}

/** Whether a path lies in one of the folders or fits one of the globs. */
export function pathTest(patterns: readonly string[]): (path: string) => boolean {
  const fits = picomatch(patterns.flatMap(pathsOf), matching);
  return (path) => fits(path);
}

/** Whether there is any SQL file in a folder, or that fits a glob. */
export async function holdsSql(root: string, pattern: string): Promise<boolean> {
  const found = await Promise.all(pathsOf(pattern).map((one) => filesFitting(root, one)));
  return found.some(({ files }) => files.length > 0);
}

/** The SQL files of both folders, and the folders in them that can't be read; relative to the root, with `/` between their parts. */
export async function findSqlFiles(root: string, migrations: Configuration["migrations"]): Promise<Walked> {
  const settings = [migrations.public, migrations.tenant];
  const found = await Promise.all(settings.map((setting) => filesFitting(root, sqlFiles(setting))));
  return {
    files: [...new Set(found.flatMap(({ files }) => files))],
    unread: [...new Map(found.flatMap(({ unread }) => unread).map((one) => [one.path, one])).values()],
  };
}

/** The SQL files that a glob fits, relative to the root; only the folder is walked that all of them lie in. */
async function filesFitting(root: string, pattern: string): Promise<Walked> {
  const { base } = picomatch.scan(pattern, { unescape: true });
  const place = join(root, base);
  if (base.split("/").includes("node_modules")) return { files: [], unread: [] };
  const found = (await isFile(place)) ? { files: [place], unread: [] } : await walk(place, isSqlFile);
  const fits = picomatch(pattern, matching);
  const slices = openSlices();
  const pathOf = pathIn(root);
  const files: string[] = [];
  for (const file of found.files) {
    const pause = slices.rest();
    if (pause !== null) await pause;
    const path = pathOf(file);
    if (fits(path)) files.push(path);
  }
  const unread = found.unread.map(({ path, error }) => ({ path: pathOf(path), error }));
  // A glob's walk also meets folders that it can't mean, such as a server's data.
  return { files, unread: unread.filter(({ path }) => fits(`${path}/any.sql`)) };
}

/** An absolute path as a project with that root names it. */
export function pathIn(root: string): (path: string) => string {
  const beginning = root.endsWith(sep) ? root : `${root}${sep}`;
  // There may be thousands, nearly all of them below the root.
  return (path) =>
    (path.startsWith(beginning) ? path.slice(beginning.length) : relative(root, path)).replaceAll(sep, "/");
}

function isSqlFile(name: string): boolean {
  return /\.(?:sql|SQL)$/.test(name);
}

/** The folders that hold migrations where no configuration says so; null for those that aren't there. */
export async function detectFolders(root: string): Promise<{ public: string | null; tenant: string | null }> {
  const candidates = await Promise.all(
    usualFolders.map(async (folder) => ({
      public: await firstFolder(root, folder, ["public", "shared"]),
      tenant: await firstFolder(root, folder, ["tenant", "tenants"]),
      whole: (await isFolder(join(root, folder))) ? folder : null,
    })),
  );
  const divided = candidates.find((candidate) => candidate.public !== null || candidate.tenant !== null);
  if (divided !== undefined) return { public: divided.public, tenant: divided.tenant };
  for (const { whole } of candidates) {
    if (whole !== null && (await filesBelow(join(root, whole), isSqlFile)).length > 0) {
      // Supabase serves the schema public, and its files name it throughout.
      return whole === "supabase/migrations" ? { public: whole, tenant: null } : { public: null, tenant: whole };
    }
  }
  return { public: null, tenant: null };
}

/** The folders with SQL files that are named as versioned migrations are, and how many; `.` is the root itself. */
export async function numberedFolders(root: string): Promise<ReadonlyMap<string, number>> {
  const found = (await filesBelow(root, isSqlFile)).map(pathIn(root));
  const folders = new Map<string, number>();
  for (const path of found.sort()) {
    if (readFileName(path, "auto")?.kind !== "versioned") continue;
    const folder = posix.dirname(posix.basename(path) === "migration.sql" ? posix.dirname(path) : path);
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  return folders;
}

/** The folders, `folder` itself among them, that hold a `tenantry.json`; absolute. */
export async function findProjects(folder: string): Promise<string[]> {
  const found = await filesBelow(folder, (name) => name === "tenantry.json");
  return found.map((path) => resolve(dirname(path))).sort();
}

/** Whether there is such a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const usualFolders = [
  "migrations",
  "db/migrations",
  "supabase/migrations",
  "prisma/migrations",
  "database/migrations",
  "sql/migrations",
  "src/main/resources/db/migration",
  "db/migration",
];

/** The same choices as the walk's own, so that one path and the whole folder are judged alike. */
const matching = { dot: false };

function sqlFiles(setting: string): string {
  const path = posix.normalize(setting).replace(/\/+$/, "");
  if (/\.sql$/i.test(path)) return path;
  return path === "." ? "**/*.{sql,SQL}" : `${path}/**/*.{sql,SQL}`;
}

/** A glob may name the files themselves, or folders. */
function pathsOf(pattern: string): string[] {
  return [posix.normalize(pattern), sqlFiles(pattern)];
}

function depth(setting: string): number {
  return setting.split("/").filter((part) => part !== "" && part !== "." && part !== "**").length;
}

async function firstFolder(root: string, parent: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    if (await isFolder(join(root, parent, name))) return `${parent}/${name}`;
  }
  return null;
}

/** The SQL files at a path, absolute: the file itself, or those in a folder and below it. */
export async function findSqlPaths(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return (await isFile(path)) ? [path] : [];
  return [...(await filesBelow(resolve(path), isSqlFile))].sort();
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
