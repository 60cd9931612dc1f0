import { dirname, resolve } from "node:path";
import { findProjects } from "../project/folders";
import { findRoot } from "../project/load";

/** The folders of the editor, and which of them and of those in them are projects. They are looked for once, until they are forgotten. */
export interface Roots {
  changeFolders(added: readonly string[], removed: readonly string[]): void;
  /** Something may have become a project, or is none any more. */
  forget(): void;
  /** Each folder with a `tenantry.json`, and each workspace folder that holds none. */
  all(): Promise<string[]>;
  /** The first of them, for which the folders are gone through only where the first one holds no `tenantry.json` itself; null where no folder is open. */
  first(): Promise<string | null>;
  /** That of a file; null where no `tenantry.json` stands above it. */
  above(path: string): Promise<string | null>;
  /** The workspace folder of a file; one outside of every folder has its own folder for it. */
  around(path: string): string;
  /** The part of a path below the workspace folder that it lies in; all of it for one outside of them. */
  below(path: string): string;
}

export function openRoots(): Roots {
  let folders: readonly string[] = [];
  let found: Promise<string[]> | null = null;
  let nearest = new Map<string, Promise<string | null>>();
  /** The innermost, as one may lie in another. */
  const folderOf = (path: string) => innermost(folders, path);
  const forget = () => {
    nearest = new Map();
    found = null;
  };
  const all = () => {
    found ??= findRoots(folders);
    return found;
  };

  return {
    changeFolders(added, removed) {
      folders = [...new Set([...folders.filter((folder) => !removed.includes(folder)), ...added])];
      forget();
    },

    forget,
    all,

    async first() {
      const [folder] = [...folders].sort();
      if (folder === undefined) return null;
      return (await findRoot(folder)) === resolve(folder) ? folder : ((await all())[0] ?? null);
    },

    above(path) {
      const folder = dirname(path);
      let root = nearest.get(folder);
      if (!root) {
        root = findRoot(folder);
        nearest.set(folder, root);
      }
      return root;
    },

    around: (path) => folderOf(path) ?? dirname(path),

    below: (path) => path.slice((folderOf(path) ?? "").length),
  };
}

async function findRoots(folders: readonly string[]): Promise<string[]> {
  const roots = await Promise.all(
    folders.map(async (folder) => {
      const inside = await findProjects(folder);
      return inside.length > 0 ? inside : [folder];
    }),
  );
  return [...new Set(roots.flat())].sort();
}

/** That of the folders in which a path lies deepest; undefined where it lies in none. */
function innermost(folders: readonly string[], path: string): string | undefined {
  return folders
    .filter((folder) => isInside(folder, path))
    .reduce<string | undefined>(
      (deepest = "", folder) => (folder.length > deepest.length ? folder : deepest),
      undefined,
    );
}

export function isInside(folder: string, path: string): boolean {
  return (
    path.startsWith(folder.endsWith("/") || folder.endsWith("\\") ? folder : `${folder}/`) ||
    path.startsWith(`${folder}\\`)
  );
}
