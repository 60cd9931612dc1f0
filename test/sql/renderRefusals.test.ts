import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { fillTemplate, prepareRender } from "../../server/src/sql/render";
import { proveStatement } from "../../server/src/sql/renderProof";
import { prepare } from "./renderSupport";

const built = "built as a string";
const word = 'the word "prototype"';
const left = "left as it is";

describe.each<[Dialect, readonly (readonly [sql: string, place: string, reason: string])[]]>([
  [
    "postgresql",
    [
      ["do $$ begin execute 'delete from ' || t; end $$", "'delete from ' || t", built],
      ["do $$ begin execute format('delete from %s', t); end $$", "format('delete from %s', t)", built],
      ["do $$ begin execute format('delete from %I.a', s); end $$", "format('delete from %I.a', s)", built],
      ["insert into prototype.log values ('prototype.orders')", "prototype.orders", word],
      ["comment on table prototype.a is 'copied from Prototype'", "copied from Prototype", word],
      ["select 1 from x where name = 'prototype'", "prototype", word],
      ["select $q$see prototype$q$", "see prototype", word],
      [
        "create function f() returns int language plpython3u as 'plpy.execute(\"prototype.a\")'",
        'plpy.execute("prototype.a")',
        word,
      ],
      ["do $$ begin raise notice 'prototype is done'; end $$", "prototype is done", word],
      ["do $$ begin perform x.y('it''s prototype''s'); end $$", "it''s prototype''s", word],
      ["select U&'prototyp\\0065' || E'\\x70rototype'", "prototyp\\0065", word],
      ["select * form prototype.a", "form", "refuses"],
      ["select 1 from pg_tables where (schemaname, tablename) = ('t', 'prototype')", "prototype", word],
      ["select 1 from pg_tables where (schemaname || 'x', tablename) = ('prototype', 't')", "prototype", word],
      ["select 1 where 'prototype' in (select relname from pg_class)", "prototype", word],
      ["select 1 from a where b like 'prototype.%'", "prototype.%", word],
      ["select to_tsvector('prototype.english')", "prototype.english", word],
      ["select partman.create_parent('prototype.events', 'at', '1 month')", "prototype.events", word],
      ["select to_regclass('prototype' || '.orders')", "prototype", word],
      ["select nextval('prototype'::text || '.' || s)", "prototype", word],
      ["select 1 from pg_namespace where nspname = 'prototype' || '_archive'", "prototype", word],
      ["select 1 from pg_tables where schemaname = any ('{prototype,archive}')", "{prototype,archive}", word],
    ],
  ],
  [
    "sqlserver",
    [
      ["exec ('delete from ' + @t)", "('delete from ' + @t)", built],
      ["exec sp_executesql @sql", "@sql", built],
      ["declare @sql nvarchar(max) = N'delete from prototype.a'", "delete from prototype.a", word],
      ["print 'Prototype'", "Prototype", word],
      ["if object_id('prototype' + '.orders') is null return", "prototype", word],
      ["if schema_id(N'prototype' + @suffix) is null return", "prototype", word],
      ["exec sp_rename [prototype.orders], sales", "[prototype.orders]", word],
      ["exec prototype.copy_to @schema = prototype", "prototype", word],
    ],
  ],
])("%s", (dialect, cases) => {
  test.each(cases)("%s", async (sql, place, reason) => {
    const { template, refusals } = await prepare(sql, dialect);
    expect(template).toBeNull();
    expect(refusals[0]?.reason).toContain(reason);
    expect(refusals.map(({ start, end }) => sql.slice(start, end))).toContain(place);
    const { template: meant } = await prepare(sql, dialect, () => true);
    expect(meant).not.toBeNull();
  });
});

test("a place is refused for one reason", async () => {
  const { refusals } = await prepare("select tracks('prototype.orders') from prototype.orders");
  expect(refusals.map(({ reason }) => reason)).toEqual([expect.stringContaining(word)]);
});

test("a statement that is meant doesn't speak for its neighbours", async () => {
  const sql = "do $$ begin execute a; end $$; do $$ begin execute b; end $$";
  const { refusals } = await prepare(sql, "postgresql", ({ start }) => start === 0);
  expect(refusals.map(({ start, end, statement }) => [sql.slice(start, end), statement.start])).toEqual([["b", 31]]);
});

describe("the proof", () => {
  const names = { prototype: "prototype", tenant: "acme", dialect: "postgresql" } as const;

  test.each<[string, string, string, number, string | null]>([
    ["holds", "select 1 from prototype.a", 'select 1 from "acme".a', 1, null],
    ["sees another change", "select 1 from prototype.a", 'select 2 from "acme".a', 1, "change more"],
    ["sees a place too many", "select prototype from prototype.a", 'select "acme" from "acme".a', 1, "change more"],
    [
      "sees a place too few",
      "select 1 from prototype.a, prototype.b",
      'select 1 from "acme".a, prototype.b',
      2,
      "change more",
    ],
    ["sees what was left", "select 1 from prototype.a, prototype.b", 'select 1 from "acme".a, prototype.b', 1, left],
    [
      "sees what was left in a body",
      "do $$ begin perform prototype.a(); end $$",
      "do $$ begin perform prototype.a(); end $$",
      0,
      left,
    ],
    [
      "sees what was left after SCHEMA",
      "grant usage on schema prototype to x",
      "grant usage on schema prototype to x",
      0,
      left,
    ],
    ["sees what was left in a path", "set search_path = prototype", "set search_path = prototype", 0, left],
    [
      "sees what was left in an extension's schema",
      "create extension a schema prototype",
      "create extension a schema prototype",
      0,
      left,
    ],
    ["leaves aliases alone", "select prototype.a from b prototype", "select prototype.a from b prototype", 0, null],
    ["sees a broken identifier", "select 1 from prototype.a", 'select 1 from "acme"", x', 1, "change more"],
    ["sees identifiers that run together", "select u&prototype.f()", 'select u&"acme".f()', 1, "change more"],
    [
      "sees a change in a comment",
      "select 1 /* prototype */ from prototype.a",
      'select 1 /* acme */ from "acme".a',
      1,
      "change more",
    ],
    [
      "sees a change in a body's comment",
      "do $$ begin /* a */ perform prototype.a(); end $$",
      'do $$ begin /* b */ perform "acme".a(); end $$',
      1,
      "change more",
    ],
  ])("%s", async (_what, original, rendered, places, reason) => {
    const fault = await proveStatement(original, rendered, places, names);
    if (reason === null) expect(fault).toBeNull();
    else expect(fault?.reason).toContain(reason);
  });

  test.each<[string, string]>([
    ["in a statement is found by the grammar", "select 1 from prototype.a, prototype.b, public.prototype"],
    ["in a body is refused", "do $$ begin delete from prototype.a using prototype.b; end $$"],
  ])("a place that the scan has missed %s", async (_what, sql) => {
    const { statements } = await analyse(sql, "postgresql");
    const lacking = statements.map((statement) => ({
      ...statement,
      facts: { ...statement.facts, schemas: statement.facts.schemas.slice(1) },
    }));
    const options = { prototypeSchema: "prototype", dialect: "postgresql" } as const;
    const { template, refusals } = await prepareRender(sql, lacking, options);
    if (sql.startsWith("select")) {
      expect(template && fillTemplate(template, "x").sql).toBe('select 1 from "x".a, "x".b, public.prototype');
    } else {
      expect(template).toBeNull();
      expect(refusals.map(({ reason }) => reason)).toEqual([expect.stringContaining(left)]);
    }
  });
});
