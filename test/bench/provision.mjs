// Prints how fast tenants are made from the prototype, beside replaying its migrations: npm run bench:provision [-- --tenants 1000 --rounds 2]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const outfile = join(root, ".cache/bench/provisionRun.mjs");
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, "provisionRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
const text = { type: "string" };
const { values } = parseArgs({
  options: {
    /** How many tenants a round makes in each way, and the rounds. */
    tenants: { ...text, default: "200" },
    rounds: { ...text, default: "2" },
    /** How long the histories are. */
    histories: { ...text, default: "17,60,200" },
    /** A server of your own, as postgresql://superuser@host:port; otherwise one is started. */
    server: text,
  },
});
const { measureProvision } = await import(pathToFileURL(outfile).href);
await measureProvision(
  {
    cli: join(root, "dist/cli.js"),
    tenants: Number.parseInt(values.tenants, 10),
    rounds: Number.parseInt(values.rounds, 10),
    histories: values.histories.split(",").map(Number),
    server: values.server,
  },
  console.log,
);
