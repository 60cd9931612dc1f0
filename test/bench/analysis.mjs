// Prints how fast the analysis is, then how much it finds: npm run bench:analysis [-- FOLDER… --misses --no-accuracy]
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const folder = join(root, ".cache/bench");
mkdirSync(folder, { recursive: true });
const outfile = join(folder, "analysis.mjs");
await build({
  entryPoints: [join(here, "analysisRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  define: { __DIST__: JSON.stringify(join(root, "dist")) },
});
const { measureSpeed } = await import(pathToFileURL(outfile).href);
await measureSpeed(root, console.log);
const given = process.argv.slice(2).filter((argument) => argument !== "--no-accuracy");
if (given.length === process.argv.length - 2) {
  const { status } = spawnSync(process.execPath, [join(here, "accuracy.mjs"), ...given], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
