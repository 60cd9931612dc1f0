// Prints how fast tenants are made from the prototype, beside replaying its migrations: npm run bench:provision [-- --tenants 1000 --rounds 2]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { importBundled, root } from "../support/bundled.mjs";

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
const { measureProvision } = await importBundled("test/bench/provisionRun.ts");
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
