import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspect } from "../../server/src/app/inspect";
import { analyse } from "../../server/src/sql/analyse";

const folder = join(import.meta.dirname, "../fixtures/tsql");

/** A line of these files ends with what it names, in order: `--: read dbo.a, fk dbo.a>dbo.b, dynamic`. */
test.each(readdirSync(folder))("%s names the tables and foreign keys that its comments say", async (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  expect(await annotated(text)).toEqual(text);
});

/** The text with its comments as the analysis would have them. */
async function annotated(text: string): Promise<string> {
  const { statements } = await inspect(text, "sqlserver");
  const named = ({ schema, name }: { schema: string | null; name: string }) =>
    schema === null ? name : `${schema}.${name}`;
  const found = statements.flatMap(({ tables, foreignKeys }) => [
    ...tables.map((table) => ({ at: table.start, order: 0, says: `${table.use} ${named(table)}` })),
    ...foreignKeys.map(({ from, to, start }) => ({ at: start, order: 1, says: `fk ${named(from)}>${named(to)}` })),
  ]);
  for (const { start, facts } of (await analyse(text, "sqlserver")).statements)
    found.push(...facts.opaque.map((part) => ({ at: start + part.start, order: 2, says: "dynamic" })));
  found.sort((a, b) => a.at - b.at || a.order - b.order);
  let at = 0;
  return text
    .split("\n")
    .map((line) => {
      const start = at;
      at += line.length + 1;
      const here = found.filter((one) => one.at >= start && one.at < at).map(({ says }) => says);
      const code = line.replace(/--: .*$/, "");
      if (here.length === 0) return line.includes("--: ") ? code.trimEnd() : line;
      const padded = line.includes("--: ") ? code : `${code} `;
      return `${padded}--: ${here.join(", ")}`;
    })
    .join("\n");
}
