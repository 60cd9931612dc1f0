// Lets plain JavaScript use the tests' TypeScript.
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = resolve(import.meta.dirname, "../..");

/** Imports a TypeScript file, named from the project's root. */
export async function importBundled(source) {
  // Below the project, where the bundle finds the packages that it leaves out.
  const outfile = join(root, ".cache/bundled", `${basename(source, ".ts")}.mjs`);
  await build({
    entryPoints: [join(root, source)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { __DIST__: JSON.stringify(join(root, "dist")) },
  });
  return import(pathToFileURL(outfile).href);
}
