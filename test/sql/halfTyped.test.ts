import { expect, test } from "vitest";
import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import type { Analysis } from "../../server/src/sql/facts";

function tables({ statements }: Analysis): string[] {
  return statements.flatMap(({ facts }) =>
    facts.tables.map(({ use, schema, name }) => `${use} ${schema === null ? "" : `${schema}.`}${name}`),
  );
}

test.each([
  // A schema.
  ["insert into .orders values (1); alter table .lines add a int", ["write orders", "alter lines"]],
  [
    "create table .a (b int references .c (d), foreign key (b) references .e)",
    ["create a", "reference c", "reference e"],
  ],
  // ON, TO and the kind of object.
  ["comment table s.a is 'x'; comment s.b is 'x'", ["alter s.a", "alter s.b"]],
  [
    "comment on s.a is 'x'; comment on s.b.c is 'x'; comment on t on s.d is 'x'",
    ["alter s.a", "alter s.b", "alter s.d"],
  ],
  ["comment constraint c on s.a is 'x'; security label on s.b is 'x'", ["alter s.a", "alter s.b"]],
  [
    "grant select, update (a, b) s.a, b to c; revoke all s.d from e; grant a to b c",
    ["alter s.a", "alter b", "alter s.d"],
  ],
  ["drop trigger t s.a cascade; drop t on s.b; drop materialized s.c", ["alter s.a", "alter s.b", "drop s.c"]],
  ["create trigger t after insert or delete s.a for each row execute function f()", ["alter s.a"]],
  ["create policy p s.a using (exists (select 1 from b join c on true)) with", ["alter s.a", "read b", "read c"]],
  [
    "create rule r as on insert s.a do also insert into b values (1); create rule r as on to s.c do nothing",
    ["alter s.a", "write b", "alter s.c"],
  ],
  ["create unique i on s.a (b); create on s.c (d)", ["alter s.a", "alter s.c"]],
  [
    "create table a partition s.b for values in (1); create table c of s.d for values in (1)",
    ["create a", "reference s.b", "create c", "reference s.d"],
  ],
  ["create table partition of s.b for values in (1)", ["reference s.b"]],
  ["create table if exists s.a (b int); create table not exists s.c (d int)", ["create s.a", "create s.c"]],
  ["create s.t of s.kind", ["create s.t"]],
  ["drop table a b, s.c cascade; drop table cascade x", ["drop a", "drop b", "drop s.c", "drop cascade", "drop x"]],
  ["cluster on s.a; cluster i s.b; alter sequence owned by s.c.d", ["alter s.a", "alter s.b", "reference s.c"]],
  [
    "alter extension e add s.a; create table b (c int) inherits (, s.d)",
    ["reference s.a", "create b", "reference s.d"],
  ],
  ["insert s.a; insert in", ["write s.a"]],
  ["merge s.a b using s.c on", ["write s.a", "read s.c"]],
  ["select row_number() over partition by a order by b, c) from s.d", ["read s.d"]],
  ["select * from (a, b from s.c join s.d on true) e where", ["read s.c", "read s.d"]],
  // A comma between two expressions of WITH, their main part in a line's first column, and a column in the first of them.
  ["with a as (select 1 from s.b) c as (select 2 from s.d) select from a, c", ["read s.b", "read s.d"]],
  ["with a as (select 1 from s.b, c as (select 2 from s.d) select from a, c", ["read s.b", "read s.d"]],
  ["with a as (select b, from s.c), d (e) as (select 1 from s.f)\nselect * from a, d", ["read s.c", "read s.f"]],
  ["with a as (select 1 from s.b) select , from a\nunion\nselect 2 from a", ["read s.b"]],
  // A parenthesis.
  ["vacuum parallel 2) s.a; vacuum (parallel 2, analyze s.b", ["alter s.a", "alter s.b"]],
  [
    "create table a (b int, foreign key (b references s.c (d), foreign key (e) references f (g)",
    ["create a", "reference s.c", "reference f"],
  ],
  ["create table a (b int references s.c (d, e int references f)", ["create a", "reference s.c", "reference f"]],
  ["with a (b as (select 1 from c) select from a, d", ["read c", "read d"]],
  ["create function f(a int returns int language sql as $$ select 1 from s.a $$", ["read s.a"]],
  [
    "create table a (b int) inherits s.c); create table d (b int) (s.e)",
    ["create a", "reference s.c", "create d", "reference s.e"],
  ],
  // A word in the middle.
  ["create table a (b int s.c (d), e int not null f.g (h))", ["create a", "reference s.c", "reference f.g"]],
  ["create table a (b int references c (d) delete cascade update set null)", ["create a", "reference c"]],
  ["select (select max(a) s.b where c = 1), d from e", ["read s.b", "read e"]],
  ["select a.b c.d, e from f", ["read f"]],
  ["insert into a values ((select b s.c), (select * d))", ["write a", "read s.c", "read d"]],
  ["delete orders", ["write orders"]],
  ["delete fro", []],
  ["select * fr", []],
  ["do plpgsql $$ begin delete from a; end $$", ["write a"]],
  ["create function f() returns int language stable as $$ begin delete from a; end $$ x", ["write a"]],
  ["create function f() returns int language sql ' select 1 from a '", ["read a"]],
  ["declare c cursor select * from a; prepare p insert into b values (1)", ["read a", "write b"]],
  // A name: nothing but what is missing stands between a dot and a gap.
  ["alter table s. add column b int; update s. set c = 1; grant select on s., t.u to v", ["alter t.u"]],
  [
    "create table s. partition of t.u for values in (1); create table a (like s. including all)",
    ["reference t.u", "create a"],
  ],
  ["comment on column s.a. is 'x'; comment on column s..b is 'x'", ["alter s.a"]],
  ["create table if not exists; drop table if exists", []],
  ["create or replace function () returns int language sql as $$ select 1 from a $$", ["read a"]],
  ["alter materialized view depends on extension e; copy from stdin", []],
  ["grant insert (a, b on table c; grant insert (a,", ["alter c"]],
  // A sign or a word, where a column looks like a table.
  [
    "select o.id o.total, o.paid from s.orders o; select max o.a), o.b from s.lines o",
    ["read s.orders", "read s.lines"],
  ],
  ["select distinct on (a, b) c.a, c.b s.lines c", ["read s.lines"]],
  ["select p.age person p where p.id = 1", ["read person"]],
  ["select a from s.b x by c, d limit 1", ["read s.b"]],
  ["with a as (select 1 from b where (c = 1), d as (select 2 from a) select * from a, d", ["read b"]],
  ["create rule r on insert to s.a do nothing", ["alter s.a"]],
  ["create table a (b int constraint c s.d (e))", ["create a", "reference s.d"]],
  ["alter p add table s.a; create s.st (mcv) on a, b from s.c", ["reference s.a", "read s.c"]],
])("a word or a sign is missing: %s", async (sql, expected) => {
  expect(tables(await analyse(sql, "postgresql"))).toEqual(expected);
});

test("the last name of a statement that breaks off is a schema where the rest of the file has it as one", async () => {
  const rest = ";\nselect 1 from s.a, u;";
  const read = async (sql: string) => tables(await analyse(sql, "postgresql"));
  expect(await read(`insert into s${rest}`)).toEqual(["read s.a", "read u"]);
  expect(await read(`insert into t${rest}`)).toEqual(["write t", "read s.a", "read u"]);
  expect(await read(`insert into s${rest} select 1 from s;`)).toEqual(["write s", "read s.a", "read u", "read s"]);
  expect(await read(`comment on column s.b${rest}`)).toEqual(["alter s.b", "read s.a", "read u"]);
  expect(await read(`comment on column t.b${rest}`)).toEqual(["alter t", "read s.a", "read u"]);
  expect(await read(`comment on column t.${rest}`)).toEqual(["alter t", "read s.a", "read u"]);
  expect(await read(`comment on column s.${rest}`)).toEqual(["read s.a", "read u"]);
});

test("where all other tables stand with a schema, the last name of a statement that breaks off is taken for one", async () => {
  const read = async (sql: string) => tables(await analyse(sql, "postgresql"));
  expect(await read("insert into t; select 1 from s.a;")).toEqual(["read s.a"]);
  expect(await read("create table s.a (b int references t")).toEqual(["create s.a"]);
  expect(await read("comment on column t.b; select 1 from s.a;")).toEqual(["alter t.b", "read s.a"]);
  expect(await read("insert into t")).toEqual(["write t"]);
  expect(await read("select a, from t")).toEqual(["read t"]);
  expect(await read("comment on column t.b")).toEqual(["alter t"]);
  expect(await read("comment on column t.")).toEqual(["alter t"]);
});

test("what another statement says of it may be edited", async () => {
  const analysis = await openAnalysis("insert into s;\nselect 1 from t.a, u;", "postgresql");
  expect(tables(analysis)).toEqual(["write s", "read t.a", "read u"]);
  const edited = editAnalysis(analysis, "insert into s;\nselect 1 from s.a, u;");
  expect(tables(edited)).toEqual(["read s.a", "read u"]);
  expect(tables(editAnalysis(edited, analysis.text))).toEqual(["write s", "read t.a", "read u"]);
});
