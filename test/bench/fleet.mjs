// Prints how fast a fleet is migrated, beside psql with the same SQL: npm run bench:fleet [-- --tenants 300 --rounds 2 --only speed,latency …]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { importBundled, root } from "../support/bundled.mjs";

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
const { measureFleet } = await importBundled("test/bench/fleetRun.ts");
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
