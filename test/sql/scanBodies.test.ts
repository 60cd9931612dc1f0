import { describe, expect, test } from "vitest";
import { objects, scan, tables } from "./scanSupport";

function body(declarations: string, statements: string): string {
  return `create function f() returns trigger language plpgsql as $body$\n${declarations}\nbegin\n${statements}\nend $body$`;
}

describe("tables in PL/pgSQL", () => {
  test.each<[string, string, string[]]>([
    [
      "",
      "insert into prototype.log values (new.id); update orders set a = old.b where id = new.id; delete from c;",
      ["write prototype.log", "write orders", "write c"],
    ],
    [
      "declare v orders%rowtype; r record; n int := (select count(*) from t0);",
      "select * into strict v from t1; select a into r.b from t2;",
      ["read t0", "read t1", "read t2"],
    ],
    [
      "declare c cursor (k int) for select * from t1 where id = k; c2 refcursor;",
      "open c2 for select * from t2; fetch next from c2 into v; move forward 2 from c2; close c2;",
      ["read t1", "read t2"],
    ],
    [
      "",
      "for r in select * from t1 loop insert into t2 values (r.a.b); end loop; for i in reverse 1..10 loop perform 1 from t3; end loop;",
      ["read t1", "write t2", "read t3"],
    ],
    [
      "",
      "if exists (select 1 from t1) then update t2 set a = 1; elsif x is distinct from y then delete from t3; else insert into t4 values (1); end if;",
      ["read t1", "write t2", "write t3", "write t4"],
    ],
    [
      "",
      "return query select * from t1; return query execute 'select * from t2' using x; return next;",
      ["read t1", "read t2"],
    ],
    [
      "",
      "with x as (select case when a then b else c end from t1) select count(*) into n from x; perform f(x) from x;",
      ["read t1", "read x"],
    ],
    [
      "",
      "case when a then truncate t1; else lock table t2; end case; n := (select max(a) from t3); n := count(*) from t4;",
      ["write t1", "read t2", "read t3", "read t4"],
    ],
    [
      "",
      "create temp table tmp on commit drop as select * from t1; insert into tmp select * from t2;",
      ["read t1", "read t2"],
    ],
    [
      "",
      "begin insert into t1 values (1) returning id into v; exception when unique_violation then update t1 set a = b from t2; end;",
      ["write t1", "write t1", "read t2"],
    ],
    [
      "",
      "<<outer>> while true loop exit outer when a; get diagnostics n = row_count; raise notice 'from %', x; end loop;",
      [],
    ],
    [
      "",
      "merge into t1 using t2 on a = b when matched then update set a = 1 when not matched then insert values (1);",
      ["write t1", "read t2"],
    ],
    [
      "",
      "execute 'create table prototype.x (id int references y)'; execute format('insert into %I.z select * from %I', s, t);",
      ["create prototype.x", "reference y", "write %I.z"],
    ],
    [
      "",
      "alter table t1 add column a int; drop table if exists t2; create index on t3 (a);",
      ["alter t1", "drop t2", "alter t3"],
    ],
    [
      "declare v_prototype alias for $1; orders prototype.orders;",
      "orders.total := 1; select orders.id from lines;",
      ["read lines"],
    ],
  ])("%s %s", (declarations, statements, expected) => {
    const facts = scan(body(declarations, statements));
    expect(facts.tables.map(({ use, schema, name }) => `${use} ${schema === null ? "" : `${schema}.`}${name}`)).toEqual(
      expected,
    );
  });
});

test("the places are the file's, also in bodies with doubled quotes and escapes", () => {
  const sql = `do 'begin insert into prototype.a values (''x''); execute ''delete from prototype.b where c = ''''y''''''; end';
    create function g() returns int language sql as E'select 1 from prototype.c where d = \\'x\\' and e in (select f from prototype.g)'`;
  const facts = scan(sql);
  expect(facts.tables.map(({ start, end }) => sql.slice(start, end))).toEqual(["a", "b", "c", "g"]);
  expect(facts.schemas.map(({ start, end, within }) => [sql.slice(start, end), ...within])).toEqual([
    ["prototype", "'"],
    ["prototype", "'", "'"],
    ["prototype", "E'"],
    ["prototype", "E'"],
  ]);
});

test("a function that gives null for null names no type by that", () => {
  expect(objects("create function f(int) returns s.t language sql returns null on null input as 'select $1'")).toEqual([
    "create function f",
    "reference type s.t",
  ]);
});

test("the mode of an argument may stand behind its name", () => {
  expect(
    objects("create procedure p(a out s.t, b in out s.u, c inout text, d variadic s.v[]) language sql as 'select'"),
  ).toEqual(["create function p", "reference type s.t", "reference type s.u", "reference type s.v"]);
});

test("what the defaults of arguments call and name", () => {
  const defaults =
    "a s.t default f(1, 'x'::u), b numeric(10, 2) = 1 + coalesce(null, g()), c int default nextval('sq')";
  expect(objects(`create function h(${defaults}, d text default now()) language sql as 'select'`)).toEqual([
    "create function h",
    "reference type s.t",
    "read function f",
    "reference type u",
    "read function g",
    "read function nextval",
    "reference sequence sq",
    "read function now",
  ]);
});

test.each([
  ["create aggregate a (int) (sfunc = f, stype = s.t, sortop = <)", "function f", "type s.t"],
  ["create aggregate a (basetype = t, sfunc1 = f, stype1 = int, initcond1 = 0)", "type t", "function f"],
  ["create aggregate a (s.t order by u) (sfunc = f, stype = int)", "type s.t", "type u", "function f"],
  ["create aggregate a (order by x s.t, y u) (sfunc = f, stype = int)", "type s.t", "type u", "function f"],
  ["create type a as range (subtype = t, subtype_diff = f)", "type t", "function f"],
  ["create operator = (leftarg = t, rightarg = int, procedure = f, commutator = =)", "type t", "function f"],
  [
    "create operator class a for type t using hash as operator 1 =, function 1 (int, u) f(v)",
    ...["type t", "type u", "function f", "type v"],
  ],
  ["create text search configuration a (copy = c)", "other c"],
])("the parts of a definition: %s", (sql, ...parts) => {
  expect(objects(sql).filter((object) => object.startsWith("reference"))).toEqual(
    parts.map((part) => `reference ${part}`),
  );
});

test("SQL bodies, atomic bodies, arguments and return types", () => {
  expect(
    tables(
      "create function f(a int, b orders) returns setof x language sql as $$ select * from t1; insert into t2 values ($1) $$",
    ),
  ).toEqual(["read t1", "write t2"]);
  expect(tables("create procedure p() begin atomic insert into t1 select * from t2; update t3 set a = 1; end")).toEqual(
    ["write t1", "read t2", "write t3"],
  );
  expect(
    objects(
      "create function prototype.f(a prototype.t, out b prototype.u default 1, c int) returns table (d prototype.v, e text) language c as 'x'",
    ),
  ).toEqual([
    "create function prototype.f",
    "reference type prototype.t",
    "reference type prototype.u",
    "reference type prototype.v",
  ]);
});

describe("SQL built as a string", () => {
  test.each<[string, string[]]>([
    ["execute 'delete from a' || ' where b' using c;", []],
    ["execute 'delete from ' || quote_ident(a) using c;", ["'delete from ' || quote_ident(a)"]],
    ["execute sql into v;", ["sql"]],
    ["execute format('delete from %s', a);", ["format('delete from %s', a)"]],
    ["execute format('delete from %I.x where y = %L', tg_table_schema, a);", []],
    ["execute format('delete from %I.x', other);", ["format('delete from %I.x', other)"]],
    ["execute format('delete from %I.x', 'prototype');", []],
    ["execute format('drop schema if exists %I', s);", ["format('drop schema if exists %I', s)"]],
    ["for r in execute 'select * from ' || t loop null; end loop;", ["'select * from ' || t"]],
    ["execute (select sql from t);", ["(select sql from t)"]],
    ["execute ('delete from a');", []],
  ])("%s", (statement, expected) => {
    const sql = body("", statement);
    expect(scan(sql).opaque.map(({ start, end }) => sql.slice(start, end))).toEqual(expected);
  });
});

describe("literals that name something", () => {
  test.each<[string, string[]]>([
    [
      "select 'prototype.orders'::regclass, regclass 'prototype.a', cast('\"prototype\".b' as regclass)",
      ["prototype", "prototype", '"prototype"'],
    ],
    [
      "alter table t alter a set default nextval('prototype.s'), alter b set default nextval(('prototype.s'::text)::regclass)",
      ["prototype", "prototype"],
    ],
    [
      "select to_regclass('prototype.x'), pg_get_serial_sequence('prototype.x', 'id'), setval('prototype.s', 1)",
      ["prototype", "prototype", "prototype"],
    ],
    [
      "select pg_extension_config_dump('prototype.x', ''), create_hypertable('prototype.x', 'at'), table_to_xml('prototype.x', true, false, '')",
      ["prototype", "prototype", "prototype"],
    ],
    [
      "select 'prototype.f(int, text)'::regprocedure, 'prototype.t[]'::regtype, 'prototype'::regnamespace",
      ["prototype", "prototype", "prototype"],
    ],
    ["select set_config('search_path', 'prototype, \"$user\", public', true)", ["prototype"]],
    ["set search_path to 'prototype', public", ["prototype"]],
    [
      "select 1 from information_schema.tables where table_schema = 'prototype' and 'prototype' <> t.table_schema",
      ["prototype", "prototype"],
    ],
    [
      "select 1 from pg_namespace n where n.nspname in ('a', 'prototype') and nspname not in ('prototype')",
      ["prototype", "prototype"],
    ],
    [
      "select 1 from pg_tables where schemaname = any (array['prototype', 'x']) and schemaname::text = 'prototype'::name",
      ["prototype", "prototype"],
    ],
    ["select 1 where current_schema() = 'prototype'", ["prototype"]],
    [
      "select has_table_privilege('app', 'prototype.orders', 'select'), has_schema_privilege('prototype', 'usage')",
      ["prototype", "prototype"],
    ],
    ["select 'prototype.orders', 'prototype', name = 'prototype' from t", []],
    [
      "do $$ begin if not exists (select from information_schema.columns where table_schema = 'prototype') then null; end if; end $$",
      ["prototype"],
    ],
  ])("%s", (sql, expected) => {
    const found = scan(sql).schemas.filter(({ schema, within }) => schema === "prototype" && within.length > 0);
    expect(found.map(({ start, end }) => sql.slice(start, end))).toEqual(expected);
  });
});
