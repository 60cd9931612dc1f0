import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The SQL files in a folder and those below it, or the file itself. */
export function sqlFiles(path: string): string[] {
  // A link may lead nowhere.
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.isFile() && path.endsWith(".sql") ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => sqlFiles(join(path, name)));
}
