import { basename, dirname, extname, resolve } from "node:path";
import { findSqlPaths, isFolder } from "../project/folders";
import { configurationFile, type Project } from "../project/load";
import type { Roots } from "./roots";

/** Those of the files and folders that have come, gone or changed that make a difference to a project. @param projects as they were read last */
export async function concerning(
  paths: readonly string[],
  roots: Roots,
  projects: readonly Project[],
): Promise<string[]> {
  let held: ReadonlySet<string> | null = null;
  const concerns = async (path: string): Promise<boolean> => {
    if (isRead(path)) return true;
    if (extname(path) !== "") return false;
    // There may be thousands of paths, and of migrations.
    held ??= new Set(projects.flatMap((project) => [...foldersOf(project)]));
    if (held.has(path)) return true;
    // An embedded database makes and deletes files beside the migrations whenever it is opened.
    return !isHidden(path, roots) && (await isFolder(path)) && (await findSqlPaths(path)).length > 0;
  };
  const isOwn = await Promise.all(paths.map(concerns));
  return paths.filter((_, index) => isOwn[index]);
}

/** Whether projects are read from files of that name. */
export function isRead(path: string): boolean {
  return /\.(?:sql|env)$/i.test(path) || basename(path) === configurationFile;
}

/** The folders that a project and its migrations lie in, at any depth: each may be moved or deleted as one. */
function foldersOf({ root, migrations }: Project): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const own of new Set([".", ...migrations.map(({ path }) => dirname(path))]))
    for (let folder = resolve(root, own); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  return folders;
}

function isHidden(path: string, roots: Roots): boolean {
  return /[\\/](?:\.[^\\/]+|node_modules)(?:[\\/]|$)/.test(roots.below(path));
}
