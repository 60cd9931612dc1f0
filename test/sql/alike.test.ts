import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { changesOf } from "../../server/src/model/changes";
import { deedsOf } from "../../server/src/model/deeds";
import { summaryOf } from "../../server/src/rules/summary";
import { actionsOf } from "../../server/src/sql/actions";
import { factsAlike, likenessOf, mayVary } from "../../server/src/sql/alike";
import { analyse } from "../../server/src/sql/analyse";
import type { SlicedText } from "../../server/src/sql/editedText";
import type { AnalysedStatement } from "../../server/src/sql/facts";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { lex } from "../../server/src/sql/lexer";
import { scanStatement } from "../../server/src/sql/scan";

const root = join(import.meta.dirname, "../..");
const grammar = await loadPostgresGrammar();

/** What is read of a statement that stands alone, without a look at others. */
function readAlone(text: string) {
  const tokens = lex(text, "postgresql");
  const facts = scanStatement(text, tokens, "postgresql", grammar.faultOf(text, tokens));
  return { facts, ...workedOut(text, { start: 0, end: text.length, facts }) };
}

/** All that is worked out of a statement alone. */
function workedOut(text: SlicedText, statement: AnalysedStatement) {
  return {
    actions: actionsOf(text, statement, "postgresql"),
    changes: changesOf(text, statement, "postgresql"),
    deeds: deedsOf(text, statement, "postgresql"),
    summary: summaryOf(text, statement, "postgresql"),
  };
}

/** The text with a number behind each of the names that its facts tell. */
function numbered(text: string, statements: readonly AnalysedStatement[], number: number): string {
  const names = new Set(
    statements.flatMap(({ facts: { tables, objects, foreignKeys } }) => [
      ...[...tables, ...objects].map(({ name }) => name),
      ...foreignKeys.flatMap(({ columns, targetColumns, to, constraint }) => [
        ...columns,
        ...targetColumns,
        to.name,
        constraint,
      ]),
    ]),
  );
  const tokens = lex(text, "postgresql").map(({ kind, start, end }) => ({ kind, word: text.slice(start, end) }));
  return tokens.map(({ kind, word }) => (kind === "word" && names.has(word) ? `${word}_${number}` : word)).join("");
}

const fixtures = globSync(["examples/**/*.sql", "test/fixtures/**/*.sql"], { cwd: root })
  .filter((path) => !/tsql|sqlserver/i.test(path))
  .map((path) => readFileSync(join(root, path), "utf8"));

test("what is restated of statements that are alike is what is read of each of them alone", async () => {
  let restated = 0;
  for (const fixture of fixtures) {
    const { statements } = await analyse(fixture, "postgresql");
    for (const number of [11, 12, 97]) {
      const text = numbered(fixture, statements, number);
      const { read, source } = await analyse(text, "postgresql");
      for (const one of read) {
        const own = text.slice(one.start, one.end);
        const likeness = likenessOf(own, lex(own, "postgresql"));
        if (number === 11 || one.facts.fault !== null || likeness === null || likeness.names.length === 0) continue;
        if (factsAlike(likeness) === null) continue;
        restated++;
        expect({ facts: one.facts, ...workedOut(source, one) }, own).toEqual(readAlone(own));
      }
    }
  }
  expect(restated).toBeGreaterThan(500);
});

async function namesIn(...texts: readonly string[]): Promise<string[][]> {
  const read = await Promise.all(texts.map((text) => analyse(text, "postgresql")));
  return read.map(({ statements }) =>
    statements.map(({ facts }) => facts.tables.map(({ schema, name }) => `${schema ?? ""}.${name}`).join(" ")),
  );
}

test("each of them has its own names", async () => {
  const text = (name: string) => `create table s.${name} (id int references s.${name});\nupdate ${name} set x = 1;\n`;
  expect(await namesIn(text("parts_1"), text("parts_2"), text("other_3"))).toEqual([
    ["s.parts_1 s.parts_1", ".parts_1"],
    ["s.parts_2 s.parts_2", ".parts_2"],
    ["s.other_3 s.other_3", ".other_3"],
  ]);
});

test("names that are the same in one statement and others in the next are not alike", async () => {
  const text = (one: string, other: string) => `with ${one} as (select 1) select * from ${other};`;
  expect(await namesIn(text("a_1", "a_1"), text("a_1", "a_2"), text("a_2", "a_2"))).toEqual([[""], [".a_2"], [""]]);
});

test("a name that a literal holds as well belongs to it", async () => {
  const text = (one: string, other: string) =>
    `create table s.${one} (id int default nextval('s.${other}'::regclass));`;
  const texts = [text("a_1", "a_1"), text("a_2", "a_1"), text("a_2", "a_2")];
  const read = await Promise.all(texts.map((one) => analyse(one, "postgresql")));
  const objects = read.map(({ statements }) =>
    statements.flatMap(({ facts }) => facts.objects.map(({ name }) => name)),
  );
  expect(objects.map((names) => names.filter((name) => name !== "nextval"))).toEqual([["a_1"], ["a_1"], ["a_2"]]);
});

test("facts that are alike are no statement's but their own", async () => {
  const { statements } = await analyse("drop table s.a_1;\ndrop table s.a_1;\nvacuum;\nvacuum;\n", "postgresql");
  expect(new Set(statements.map(({ facts }) => facts)).size).toBe(4);
});

/** Parts of patterns, and what SQL Server alone knows. */
const others = new Set([
  "z0",
  "x00",
  "x7f",
  "u0080",
  "base64url",
  "level0type",
  "level1type",
  "level0name",
  "datetime2",
]);

test("no word that is known by itself is taken for a name", () => {
  const files = globSync("server/src/{sql,model}/**/*.ts", { cwd: root });
  const words = files.flatMap((path) => readFileSync(join(root, path), "utf8").match(/\b[a-z_]*[a-z_]\d\w*/g) ?? []);
  const taken = [...new Set(words)].filter((word) => !others.has(word) && mayVary(word));
  expect(taken).toEqual([]);
  expect(["utf8", "select", "orders", "Orders_1", "1a", "pg_a1", "_int4"].filter(mayVary)).toEqual([]);
  expect(["orders_1", "a1", "t1_b"].filter((word) => !mayVary(word))).toEqual([]);
});
