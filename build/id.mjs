import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { glob } from "tinyglobby";

/** Stands for the sources of the server, and for the versions of what they are bundled with: no other build has the same. */
export async function buildId(root) {
  const hash = createHash("sha256");
  const paths = await glob(["server/src/**/*.ts", "package.json", "package-lock.json", "esbuild.mjs"], { cwd: root });
  for (const path of paths.sort()) hash.update(`${path}\n`).update(await readFile(join(root, path)));
  return hash.digest("hex").slice(0, 20);
}
