// Prints how fast a fleet is migrated, beside psql with the same SQL: npm run bench:fleet [-- --tenants 300 --rounds 2 --only speed,latency …]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const outfile = join(root, ".cache/bench/fleetRun.mjs");
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, "fleetRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
const text = { type: "string" };
const { values } = parseArgs({
  options: {
    /** `speed`, `latency`, `idle`, `long`, `traffic`; all of them unless given. */
    only: text,
    /** The tenants of a round, each with twelve tables, and the rounds. */
    tenants: { ...text, default: "250" },
    rounds: { ...text, default: "2" },
    /** The tenants of the run with nothing to do, and of the long run. */
    idle: { ...text, default: "5000" },
    long: { ...text, default: "1500" },
    concurrency: { ...text, default: "auto" },
    /** A server of your own, as postgresql://superuser@host:port; otherwise one is started. */
    server: text,
  },
});
const { measureFleet } = await import(pathToFileURL(outfile).href);
const parts = ["speed", "latency", "idle", "long", "traffic"];
const number = (name) => Number.parseInt(values[name], 10);
await measureFleet(
  {
    cli: join(root, "dist/cli.js"),
    parts: values.only?.split(",") ?? parts,
    tenants: number("tenants"),
    rounds: number("rounds"),
    idle: number("idle"),
    long: number("long"),
    concurrency: values.concurrency === "auto" ? "auto" : number("concurrency"),
    server: values.server,
  },
  console.log,
);
