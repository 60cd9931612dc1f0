import { expect, test } from "vitest";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { tokensOf } from "../../server/src/sql/lexer";

const accepted = [
  "select 'syntax error', 1 from a",
  "select 1 -- a comment",
  "select 1 /* a comment */",
  "select 'a\nb' || E'\\n'",
  "select a not /* b */ in (1), b not -- c\n/* d */ between 1 and 2 from t order by a nulls /* last */ last",
  "create table t (a timestamp with /* or */ time zone, b time WITHOUT -- any\n TIME zone)",
  "select U&'d!0061' /* mark */ uescape '!' from unnest(array[1]) with /* a */ ordinality",
  "select json_object('a' value '1' format /* as */ json), 1 where not /* so */ true",
  "create user a password 'b'",
  "do $$ anything $$",
  "select :x, {{y}} from t",
  "create trusted procedural language 'plpgsql'",
  "drop language if exists 'plpgsql'",
  "",
];

const refused = [
  "select 'abc",
  'select "abc',
  "select $$abc",
  "select 1 /* a",
  "select 1 frm a b",
  "select 1 from",
  "create assertion x check (true)",
  "create table 'language'",
  "select 1 limit 1, 2",
  "create table t (a int) with (a = 1",
  "select $1$2 from t where",
  "select U&'\\zz'",
  "select 'ä' frm é ü",
];

test.each([...accepted, ...refused])("the fault of %j alone is that of its parse", async (sql) => {
  const grammar = await loadPostgresGrammar();
  const tokens = tokensOf(sql, "postgresql");
  const fault = grammar.faultOf(sql, tokens);
  expect(fault === null).toBe(accepted.includes(sql));
  if (sql === "") return;
  const parsed = grammar.parse(sql, tokens);
  expect("fault" in parsed ? parsed.fault : null).toEqual(fault);
});
