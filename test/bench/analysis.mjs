// Prints how fast the analysis is, then how much it finds: npm run bench:analysis [-- FOLDER… --tsql FOLDER --misses --no-speed --no-accuracy]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { importBundled, root } from "../support/bundled.mjs";

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
  const { measureSpeed } = await importBundled("test/bench/analysisRun.ts");
  await measureSpeed(root, console.log);
}
if (!values["no-accuracy"]) {
  const { measure } = await importBundled("test/bench/accuracyRun.ts");
  const shipped = ["examples", "test/fixtures/facts", "test/fixtures/split", "test/fixtures/postgres"].map((name) =>
    join(root, name),
  );
  const isFigure = (line) => !/^\S+:\d+: /.test(line);
  const print = (line) => {
    if (values.misses || isFigure(line)) console.log(line);
  };
  await measure([...shipped, ...positionals], print);
  const { measureMarked } = await importBundled("test/bench/accuracyMarked.ts");
  await measureMarked([join(root, "test/fixtures/tsql"), ...values.tsql], print);
}
