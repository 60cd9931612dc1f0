import { expect, it } from "vitest";
import { foldedAs } from "../model/folded";
import { withDatabase } from "../support/database";

const named = [
  ...["a", "t.a", "a b", "a as b", 'a "B"', "a::text", "a::numeric(4, 1)", "cast(a as text) x", "'x' y", "null n"],
  ...[
    "length(c)",
    "lower(c)::text",
    "sum(a) over (order by a)",
    "a + b as c",
    "case when d then a end f",
    "array[a] g",
  ],
];

/** What the server finds a name for, or none. */
const leftOut = [
  ...["a + b", "- a", "a::text || c", "length(c) + 1", "a is null", "a = 1 and d", "not d", "a between 1 and b"],
  ...["c like c", 'c collate "C"', "lower(c) in ('x')"],
];

it("calls a column of a query as the server does, or leaves it out", async () => {
  const table = "create table t (a int, b int, c text, d bool)";
  const views = [...named, ...leftOut].map((expression, n) => `create view v${n} as select ${expression} from t`);
  await withDatabase(async ({ sql }) => {
    await sql([table, ...views].join(";"));
    const there = await sql<{ name: string }>(
      "select attname as name from pg_attribute join pg_class c on c.oid = attrelid where relkind = 'v' and relname ~ '^v[0-9]' order by substr(relname, 2)::int",
    );
    const catalog = await foldedAs("public", [table, ...views]);
    const told = views.map((_, n) => catalog.columns("public", `v${n}`).map(({ name }) => name));
    expect(told).toEqual([...named.map((_, n) => [there[n]?.name]), ...leftOut.map(() => [])]);
  });
});
