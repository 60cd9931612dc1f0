import { readdir, realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { openSlices } from "./slices";

/** What lies below a folder; all paths are absolute. */
export interface Walked {
  readonly files: readonly string[];
  /** The folders that are there and can't be read. */
  readonly unread: readonly { readonly path: string; readonly error: unknown }[];
}

/**
 * The files in a folder and below it; none of hidden names, nor in `node_modules`. A library's glob answers nothing else until thousands of
 * files are found, and keeps to itself which folders it couldn't read.
 */
export async function walk(folder: string, isWanted: (name: string) => boolean): Promise<Walked> {
  const files: string[] = [];
  const unread: { path: string; error: unknown }[] = [];
  const linked = new Set<string>();
  const slices = openSlices();
  const open = [resolve(folder)];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    const path = inside;
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      if (!isAbsence(error)) unread.push({ path, error });
      return [];
    });
    // To join each path anew would take longer than all else.
    const beginning = inside.endsWith(sep) ? inside : `${inside}${sep}`;
    for (const entry of entries) {
      const pause = slices.rest();
      if (pause !== null) await pause;
      const { name } = entry;
      if (name.startsWith(".") || name === "node_modules") continue;
      const path = `${beginning}${name}`;
      const isLink = entry.isSymbolicLink();
      const kind = isLink ? await stat(path).catch(() => entry) : entry;
      // A wanted link that leads nowhere is for its reader to tell of.
      if (kind.isFile() || kind.isSymbolicLink()) {
        if (isWanted(name)) files.push(path);
      } else if (kind.isDirectory() && (!isLink || (await isNew(path, inside, linked)))) open.push(path);
    }
  }
  return { files, unread };
}

/** The same without a word about what can't be read. */
export async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
  return (await walk(folder, isWanted)).files;
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** A link may lead back to a folder that it stands in, or to one that is read already. */
async function isNew(path: string, folder: string, linked: Set<string>): Promise<boolean> {
  const [place, own] = await Promise.all([realpath(path), realpath(folder)]);
  if (linked.has(place) || `${own}${sep}`.startsWith(`${place}${sep}`)) return false;
  linked.add(place);
  return true;
}
