// Renders real files for tenants, counts why statements are refused, and compares what a server makes of the rest: npm run bench:rendering -- FOLDER… [--refusals --no-execute]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { importBundled, root } from "../support/bundled.mjs";

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
const { measureRendering } = await importBundled("test/bench/renderingRun.ts");
const folders = positionals.length > 0 ? positionals : [join(root, "examples/shop/migrations/tenant")];
const wrong = await measureRendering(
  folders,
  { refusals: values.refusals, execute: !values["no-execute"], server: values.server },
  console.log,
);
process.exitCode = wrong > 0 ? 1 : 0;
