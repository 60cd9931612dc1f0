import { readdir, realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { openSlices } from "./slices";

/**
 * The files in a folder and below it, absolute; none of hidden names, nor in `node_modules`. Folders of thousands of files let other work in
 * between. What can't be read is passed over.
 */
export async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  const linked = new Set<string>();
  const slices = openSlices();
  const open = [resolve(folder)];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    const entries = await readdir(inside, { withFileTypes: true }).catch(() => []);
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
      if (kind.isFile()) {
        if (isWanted(name)) found.push(path);
      } else if (kind.isDirectory() && (!isLink || (await isNew(path, folder, linked)))) open.push(path);
    }
  }
  return found;
}

/** A link may lead back to where it stands, or to a folder that is read already. */
async function isNew(path: string, root: string, linked: Set<string>): Promise<boolean> {
  const [place, top] = await Promise.all([realpath(path), realpath(root)]);
  if (linked.has(place) || `${top}/`.startsWith(`${place}/`)) return false;
  linked.add(place);
  return true;
}
