import { resolve } from "node:path";
import type { Configuration } from "./configuration";
import { isFolder } from "./folders";

/**
 * The folders' settings that name nothing. A folder of the defaults may well be missing, as git keeps no empty ones; one
 * that was written down differently is most likely misspelt.
 */
export async function missingFolders(root: string, { migrations }: Configuration): Promise<("public" | "tenant")[]> {
  const scopes = ["public", "tenant"] as const;
  const missing: ("public" | "tenant")[] = [];
  for (const scope of scopes) {
    if (!isGlob(migrations[scope]) && !(await isFolder(resolve(root, migrations[scope])))) missing.push(scope);
  }
  return missing.length === scopes.length
    ? missing
    : missing.filter((scope) => migrations[scope] !== `migrations/${scope}`);
}

function isGlob(setting: string): boolean {
  return /[*?{}[\]()!]/.test(setting) || /\.sql$/i.test(setting);
}
