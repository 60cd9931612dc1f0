// Prints how fast the analysis is, then how much it finds: npm run bench:analysis [-- FOLDER… --tsql FOLDER --misses --no-speed --no-accuracy]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const outdir = join(root, ".cache/bench");
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: [join(here, "analysisRun.ts"), join(here, "accuracyRun.ts"), join(here, "accuracyMarked.ts")],
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  define: { __DIST__: JSON.stringify(join(root, "dist")) },
});
const load = (name) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href);

const flag = { type: "boolean", default: false };
const { values, positionals } = parseArgs({
  options: {
    misses: flag,
    "no-speed": flag,
    "no-accuracy": flag,
    // Files of SQL Server whose lines end with what they name: see test/fixtures/tsql.
    tsql: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});
if (!values["no-speed"]) {
  const { measureSpeed } = await load("analysisRun");
  await measureSpeed(root, console.log);
}
if (!values["no-accuracy"]) {
  const { measure } = await load("accuracyRun");
  const shipped = ["examples", "test/fixtures/facts", "test/fixtures/split", "test/fixtures/postgres"].map((name) =>
    join(root, name),
  );
  const isFigure = (line) => !/^\S+:\d+: /.test(line);
  const print = (line) => {
    if (values.misses || isFigure(line)) console.log(line);
  };
  await measure([...shipped, ...positionals], print);
  const { measureMarked } = await load("accuracyMarked");
  await measureMarked([join(root, "test/fixtures/tsql"), ...values.tsql], print);
}
