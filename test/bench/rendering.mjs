// Renders real files for tenants, counts why statements are refused, and compares what a server makes of the rest: npm run bench:rendering -- FOLDER… [--refusals --no-execute]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const outfile = join(root, ".cache/bench/renderingRun.mjs");
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, "renderingRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
const { values, positionals } = parseArgs({
  options: {
    /** Prints each refused place. */
    refusals: { type: "boolean", default: false },
    "no-execute": { type: "boolean", default: false },
    /** A server of your own, as postgresql://superuser@host:port; otherwise one is started. */
    server: { type: "string" },
  },
  allowPositionals: true,
});
const { measureRendering } = await import(pathToFileURL(outfile).href);
const folders = positionals.length > 0 ? positionals : [join(root, "examples/shop/migrations/tenant")];
const wrong = await measureRendering(
  folders,
  { refusals: values.refusals, execute: !values["no-execute"], server: values.server },
  console.log,
);
process.exitCode = wrong > 0 ? 1 : 0;
