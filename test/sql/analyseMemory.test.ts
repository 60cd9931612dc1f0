import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { editAnalysis, openAnalysis } from "../../server/src/sql/analyse";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const table = (n: number) => `create table prototype.a_name_that_is_long_${n} (and_a_long_column_${n} int, id int);\n`;

test.each(["postgresql", "sqlserver"] as const)(
  "the texts that a file had before its edits aren't kept: %s",
  async (dialect) => {
    let text = Array.from({ length: 3000 }, (_, n) => table(n)).join("");
    let analysis = await openAnalysis(text, dialect);
    const before = heapUsed();
    // Each in another statement, so that each statement would hold another text.
    for (let n = 0; n < 300; n++) {
      const at = text.indexOf("id int", Math.floor((text.length * n) / 300));
      text = `${text.slice(0, at)} ${text.slice(at)}`;
      analysis = editAnalysis(analysis, text);
    }
    expect(analysis.statements.length).toBe(3000);
    expect(heapUsed() - before).toBeLessThan(30 * text.length);
  },
);

test("what a statement says takes no more than a few times its text", async () => {
  const text = Array.from({ length: 3000 }, (_, n) => table(n)).join("");
  await openAnalysis(text, "postgresql");
  const before = heapUsed();
  const analysis = await openAnalysis(text, "postgresql");
  expect(heapUsed() - before).toBeLessThan(20 * text.length);
  expect(analysis.statements.length).toBe(3000);
});
