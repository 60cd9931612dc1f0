// Prints how much of what PostgreSQL's own parser sees the analysis finds: node test/bench/accuracy.mjs [FOLDER…] [--misses]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const folder = join(root, ".cache/bench");
mkdirSync(folder, { recursive: true });
const outfile = join(folder, "accuracy.mjs");
await build({
  entryPoints: [join(here, "accuracyRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  define: { __DIST__: JSON.stringify(join(root, "dist")) },
});
const { measure } = await import(pathToFileURL(outfile).href);
const given = process.argv.slice(2).filter((argument) => argument !== "--misses");
const showsMisses = process.argv.includes("--misses");
const shipped = ["examples", "test/fixtures/facts", "test/fixtures/split"].map((name) => join(root, name));
const isFigure = (line) => !/^\S+:\d+: /.test(line);
await measure([...shipped, ...given], (line) => {
  if (showsMisses || isFigure(line)) console.log(line);
});
