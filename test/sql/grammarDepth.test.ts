import { expect, test } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { tokensOf } from "../../server/src/sql/lexer";

const chains: readonly (readonly [string, (n: number) => string])[] = [
  ["operators", (n) => `select ${"1+".repeat(n)}1 from a`],
  ["NOT", (n) => `select ${"not ".repeat(n)}true from a`],
  ["collations", (n) => `select a${" collate c".repeat(n)} from a`],
  ["casts", (n) => `select 1${"::int".repeat(n)} from a`],
  ["joins", (n) => `select 1 from a${" join b on x".repeat(n)}`],
  ["unions", (n) => `select 1 from a${" union select 1".repeat(n)}`],
  ["CASE", (n) => `select ${"case when a then b else ".repeat(n)}1${" end".repeat(n)} from a`],
  ["queries in each other", (n) => `select ${"(select ".repeat(n)}1${")".repeat(n)} from a`],
  ["arrays in each other", (n) => `select ${"array[".repeat(n)}1${"]".repeat(n)} from a`],
  ["calls in each other", (n) => `select ${"f(".repeat(n)}1${")".repeat(n)} from a`],
];

test.each(chains)("a statement of many %s is read, and costs the parser nothing for what follows", async (_, chain) => {
  const grammar = await loadPostgresGrammar();
  const ask = (sql: string) => grammar.parse(sql, tokensOf(sql, "postgresql"));
  // Deeper and deeper, over the bound up to which the parser is asked.
  for (const depth of [500, 1000, 1500, 1900, 2500, 3900, 20_000]) {
    const { statements } = await analyse(chain(depth), "postgresql");
    expect(statements[0]?.facts.tables.some(({ name }) => name === "a")).toBe(true);
  }
  for (let n = 0; n < 40; n++) ask(chain(1900));
  for (let n = 0; n < 40; n++) expect(grammar.faultOf(chain(1900), tokensOf(chain(1900), "postgresql"))).toBe(null);
  expect(ask("select 1 from a")).toHaveProperty("tree");
  expect(ask("select 1 frm a b")).toMatchObject({ fault: { message: 'syntax error at or near "a"' } });
});

test("a long list isn't deep", async () => {
  const sql = `insert into a values ${Array.from({ length: 20_000 }, (_, n) => `(${n}, 'x' || ${n})`).join(", ")}`;
  expect((await loadPostgresGrammar()).parse(sql, tokensOf(sql, "postgresql"))).toHaveProperty("tree");
});
