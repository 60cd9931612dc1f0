import { expect, test } from "vitest";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import type { Analysis } from "../../server/src/sql/facts";

/** Each statement on a line: its tables, and the fault's message with the text that it points at. */
function outline({ text, statements }: Analysis): string[] {
  return statements.map(({ start, facts: { kind, tables, fault } }) => {
    const names = tables.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`)).join(" ");
    const told = fault && `${fault.message} [${text.slice(start + fault.start, start + fault.end)}]`;
    return [kind, names, told].filter((part) => part !== null && part !== "").join(" | ");
  });
}

async function read(text: string, dialect: Dialect = "postgresql"): Promise<string[]> {
  return outline(await analyse(text, dialect));
}

test("statements with what they name", async () => {
  expect(await read("select * from s.a;\n\ninsert into b select 1;")).toEqual(["SELECT | s.a", "INSERT | b"]);
});

test("a fault stands where the server stops, and costs the neighbours nothing", async () => {
  expect(await read("select 1 from a;\nselect x y z from b;\nselect 1 from c;")).toEqual([
    "SELECT | a",
    'SELECT | b | syntax error at or near "z" [z]',
    "SELECT | c",
  ]);
});

test("what ends too early stops at its semicolon, or at the text's end", async () => {
  expect(await read("insert into a -- values\n ;")).toEqual(['INSERT | a | syntax error at or near ";" [;]']);
  expect(await read("insert into a")).toEqual(["INSERT | a | syntax error at end of input []"]);
});

test("a missing semicolon is told once, and both statements are read", async () => {
  expect(await read("create table s.a (id int)\n\ncreate table s.b (id int);\nselect 1 from c;")).toEqual([
    "CREATE TABLE | s.a",
    'CREATE TABLE | s.b | syntax error at or near "create" [create]',
    "SELECT | c",
  ]);
});

test("the half-typed statement before others", async () => {
  expect(await read("alter table a add column\n\nupdate b\nset x = 1;\nselect 1 from c;")).toEqual([
    "ALTER TABLE | a",
    'UPDATE | b | syntax error at or near "set" [set]',
    "SELECT | c",
  ]);
});

test("a keyword in the first column that only goes on with a statement divides nothing", async () => {
  expect(await read("insert into a (x, y)\nselect 1, 2\nfrom b\nwhere\nand c = 1;")).toEqual([
    'INSERT | a b | syntax error at or near "and" [and]',
  ]);
});

const neighbours = "\ncreate table s.b (id int, note text default 'x');\n\nselect 'it''s; ' from c;\n";

test.each([
  ["a quote", "select 'abc from a;", "SELECT"],
  ["a name's quote", 'select "abc from a;', "SELECT"],
  ["an E string", "select E'abc from a;", "SELECT"],
  ["a comment", "select /* abc from a;", "SELECT"],
  ["a dollar quote", "do $$ begin;", "DO"],
  ["a dollar quote's tag", "do $a$ begin; $b$;", "DO"],
  ["a parenthesis", "create table a (id int;", "CREATE TABLE"],
  ["a rule's actions", "create rule r as on insert to a do also (select 1;", "CREATE RULE"],
  [
    "one of a rule's parentheses",
    "create rule r as on insert to a do also (insert into b values ('x'; select 'y'; );",
    "CREATE RULE",
  ],
  ["a body", "create function f() returns int begin atomic select 1;", "CREATE FUNCTION"],
])("%s that isn't closed costs the neighbours nothing", async (_what, damaged, kind) => {
  const [first, ...rest] = await read(`${damaged}${neighbours}`);
  expect(first).toMatch(new RegExp(`^${kind}\\b.*(?:unterminated|syntax error)`, "s"));
  expect(rest).toEqual(["CREATE TABLE | s.b", "SELECT | c"]);
});

test("a comment that isn't closed is refused, and what follows is read", async () => {
  expect(await read(`/* abc;${neighbours}`)).toEqual([
    expect.stringContaining("unterminated /* comment"),
    "CREATE TABLE | s.b",
    "SELECT | c",
  ]);
});

test("a function's body before the next function's is not closed by it", async () => {
  const functions =
    "create function f() returns int as $$\nbegin return 1; end;\n;\ncreate function g() returns int as $$\nbegin return 2; end;\n$$ language plpgsql;\nselect 1 from c;";
  const read2 = await read(functions);
  expect(read2).toHaveLength(3);
  expect(read2[0]).toContain("unterminated dollar-quoted string");
  expect(read2.slice(1)).toEqual(["CREATE FUNCTION", "SELECT | c"]);
});

test("statements in the first column of a body stay in it, whatever is wrong around it", async () => {
  const body = "$$\ninsert into a values (1);\ninsert into a values (2);\n$$";
  expect(await read(`create function f() returns void as ${body} languag sql;\nselect 1 from c;`)).toEqual([
    expect.stringMatching(/^CREATE FUNCTION \| .*syntax error at or near "languag" \[languag\]$/),
    "SELECT | c",
  ]);
  expect(await read(`create functio f() returns void as ${body} language sql;\nselect 1 from c;`)).toHaveLength(2);
  const quoted = "'\ninsert into a values (1);\ninsert into a values (2);\n'";
  expect(await read(`create function f() returns void as ${quoted} languag sql;\nselect 1 from c;`)).toHaveLength(2);
});

test("templates, psql's commands and COPY's data are no faults", async () => {
  const text = [
    "\\connect :db",
    "create table {{schema}}.a (id int references $\u007btenant}.b);",
    "select * from :\"schema\".c, :schema.d, %(schema)s.e, @schema@.f where x = :'value';",
    "copy a (x) from stdin;",
    "it's\t(",
    "\\.",
    "comment on large object :oid is 'x';",
    ":query;",
    "select 1 \\gset",
    "select 'a' -- goes on",
    "'b';",
  ].join("\n");
  expect(await read(text)).toEqual([
    "CREATE TABLE | {{schema}}.a $\u007btenant}.b",
    'SELECT | :"schema".c :schema.d %(schema)s.e @schema@.f',
    "COPY | a",
    "COMMENT",
    expect.any(String),
    "SELECT",
    "SELECT",
  ]);
});

test("a backslash escapes in plain literals while the dump of an old server has it so", async () => {
  const off = "set standard_conforming_strings = off;\n";
  const inserts = "insert into a values ('it\\'s', 'x\\\\');\ncomment on table b is 'don\\'t; ';\n";
  const escaped = ["SET", "INSERT | a", "COMMENT | b"];
  expect(await read(off + inserts)).toEqual(escaped);
  const back = "set session standard_conforming_strings to 'on';\ninsert into c values ('C:\\');\nselect 1 from d;";
  expect(await read(off + inserts + back)).toEqual([...escaped, "SET", "INSERT | c", "SELECT | d"]);
  const before = await openAnalysis(`${off}insert into a values ('C:\\');\nselect 1 from b;`, "postgresql");
  const after = editAnalysis(before, before.text.replace("off", "on"));
  expect(after.statements).toEqual((await analyse(after.text, "postgresql")).statements);
  expect(after.statements).toHaveLength(3);
});

test("what only looks like a template is read as the server reads it", async () => {
  expect(await read("select 5 %(x)s from a;")).toEqual(["SELECT | a"]);
});

test("a fault is told in a statement with templates too, but not at them", async () => {
  expect(await read("select * from {{schema}}.a where x = = 1;")).toEqual([
    'SELECT | {{schema}}.a | syntax error at or near "=" [=]',
  ]);
});

test("where the grammar stops at a template, the statements around are read as without it, and no fault is told", async () => {
  expect(
    await read("create table @schema@.a (id int @options@ primary\ninsert into b values (1);\nselect 1 from c;"),
  ).toEqual(["CREATE TABLE | @schema@.a", "INSERT | b", "SELECT | c"]);
  expect(await read("{{#each tenants}}\ncreate table {{name}}.a ();\n{{/each}}\ncreate table b ();")).toEqual([
    expect.any(String),
    "CREATE TABLE | {{name}}.a",
    expect.any(String),
    "CREATE TABLE | b",
  ]);
});

test("a lasting table is told where no temporary table of its name is there", async () => {
  const text =
    "create table a (); drop table a; create temp table a (); select * from a; drop table a; create table a ();";
  expect(await read(text)).toEqual([
    "CREATE TABLE | a",
    "DROP TABLE | a",
    "CREATE TABLE",
    "SELECT",
    "DROP TABLE",
    "CREATE TABLE | a",
  ]);
});

test("temporary tables of the file are none of its references", async () => {
  expect(await read("create temp table a (id int); insert into a select * from b; drop table a;")).toEqual([
    "CREATE TABLE",
    "INSERT | b",
    "DROP TABLE",
  ]);
});

test("a temporary table hides the lasting one of its name until it is dropped", async () => {
  const text = "drop table if exists a; create temp table a (); drop table a; insert into a select * from b;";
  expect(await read(text)).toEqual(["DROP TABLE", "CREATE TABLE", "DROP TABLE", "INSERT | a b"]);
});

test("a temporary table that is renamed hides its new name, and its old one no more", async () => {
  const text = "create temp table a (); alter table a rename to b; insert into b select * from a; drop table b;";
  expect(await read(text)).toEqual(["CREATE TABLE", "ALTER TABLE", "INSERT | a", "DROP TABLE"]);
});

test("what stands before a temporary table means the lasting one of its name, but for what drops a left-over", async () => {
  const text = "drop table if exists a; select * from a; create table pg_temp.a (); insert into a select * from b;";
  expect(await read(text)).toEqual(["DROP TABLE", "SELECT | a", "CREATE TABLE", "INSERT | b"]);
});

test("SQL Server: batches after a string that isn't closed are read", async () => {
  expect(await read("select 'abc from a;\nGO\nselect 1 from b;\nGO\nselect 1 from c;", "sqlserver")).toEqual([
    "SELECT | this literal never ends [']",
    "SELECT | b",
    "SELECT | c",
  ]);
});

test("an edit reads its own statement again, and no other", async () => {
  const before = await openAnalysis("select 1 from a;\nselect 2 from b;\nselect 3 from c;\n", "postgresql");
  const after = editAnalysis(before, before.text.replace("2 from b", "22 from bb"));
  expect(outline(after)).toEqual(["SELECT | a", "SELECT | bb", "SELECT | c"]);
  const facts = (analysis: Analysis) => analysis.statements.map((statement) => statement.facts);
  expect(facts(after).map((one, index) => one === facts(before)[index])).toEqual([true, false, true]);
  expect(after.statements[2]?.start).toBe((before.statements[2]?.start ?? 0) + 2);
  expect(editAnalysis(after, after.text)).toBe(after);
});

test("an edit that opens a quote reads no more than its own statement", async () => {
  const text = Array.from({ length: 50 }, (_none, index) => `insert into t${index} values ('x');\n`).join("");
  const before = await openAnalysis(text, "postgresql");
  const after = editAnalysis(before, text.replace("into t20", "into 't20"));
  const same = after.statements.filter(({ facts }) => before.statements.some((one) => one.facts === facts));
  expect(same).toHaveLength(49);
});
