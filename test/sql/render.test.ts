import { describe, expect, test } from "vitest";
import type { Dialect } from "../../server/src/sql/dialect";
import { fillTemplate } from "../../server/src/sql/render";
import { template } from "./renderSupport";

async function render(sql: string, tenant: string, dialect: Dialect = "postgresql"): Promise<string> {
  return fillTemplate(await template(sql, dialect), tenant).sql;
}

/** `[prototype]` marks where the name changes; the marks are not part of the text. */
const onPostgres: readonly string[] = [
  "create table [prototype].orders (id int primary key, plan int references public.plans, c int references [prototype].customers (id))",
  'create table ["prototype"].orders (id int); insert into [PROTOTYPE] . orders values (1)',
  "create view [prototype].v as with prototype as (select 1 as id) select prototype.id, [prototype].orders.id from prototype, [prototype].orders",
  "select prototype.id, prototype.* from [prototype].orders prototype where prototype.a = 1 -- prototype.orders",
  "create sequence [prototype].s; alter sequence [prototype].s owned by [prototype].orders.id",
  "create type [prototype].status as enum ('a'); create domain [prototype].d as [prototype].status default 'a'::[prototype].status",
  "alter table [prototype].orders add column s [prototype].status[] not null default array['a']::[prototype].status[]",
  "create index i on [prototype].orders ([prototype].f(a)); alter index [prototype].i rename to j; drop index concurrently [prototype].j",
  "alter table [prototype].orders rename constraint prototype to p; comment on constraint p on [prototype].orders is 'x'",
  "select '[prototype].orders'::regclass, nextval('[prototype].s'), to_regclass('public.x')",
  "alter table [prototype].orders alter id set default nextval('[\"prototype\"].s'::regclass)",
  "comment on column [prototype].orders.id is 'x'; comment on schema [prototype] is 'y'; comment on function [prototype].f(int, [prototype].t) is 'z'",
  "grant usage on schema [prototype], public to app; grant select on all tables in schema [prototype] to app; grant select on [prototype].orders to prototype",
  "alter default privileges in schema [prototype] grant select on tables to app",
  "alter table public.orders set schema [prototype]; create schema [prototype]; drop schema if exists [prototype] cascade; create schema if not exists [prototype]",
  "alter function [prototype].f() set search_path = [prototype], public; set local search_path to '[prototype]', public",
  "select set_config('search_path', '[prototype], public', true)",
  "create publication p for tables in schema [prototype]; alter publication p add table [prototype].orders",
  "insert into x select 1 from information_schema.tables where table_schema = '[prototype]' and '[prototype]' = table_schema",
  "select 1 where has_schema_privilege('[prototype]', 'usage') and has_table_privilege('app', '[prototype].a', 'select')",
  "select to_tsvector('[prototype].english', a), '[prototype].english'::regconfig from [prototype].b prototype",
  "alter type [prototype].t add attribute a [prototype].u; create index on [prototype].a (b [prototype].ops)",
  "select 1 from pg_tables where (schemaname, tablename) = ('[prototype]', 't') or ('[prototype]', 'a') <> (schemaname, tablename)",
  "select 1 from pg_tables where (tablename, schemaname::text) not in (('t', '[prototype]'), ('u', '[prototype]'))",
  "select 1 where '[prototype]' in (select nspname from pg_namespace) and '[prototype]' not in (select distinct n.nspname from pg_namespace n)",
  "select 1 where '[prototype]' = any (select schemaname from pg_tables)",
  "delete from x using pg_namespace n where n.nspname in ('a', '[prototype]') or exists (select 1 from pg_tables where schemaname = '[prototype]')",
  "create trigger t before update on [prototype].orders for each row execute function [prototype].touch()",
  "create policy p on [prototype].orders using (owner = [prototype].me()); create rule r as on insert to [prototype].v do instead insert into [prototype].t values (new.*)",
  `create function [prototype].f(a [prototype].t, out b [prototype].orders.id%type) returns setof [prototype].t language plpgsql set search_path to [prototype] as $$
   declare prototype [prototype].orders%rowtype; c [prototype].orders.id%type; -- prototype.x
   begin
     select * into prototype from [prototype].orders where id = prototype.id;
     perform [prototype].g('[prototype].s'::regclass);
     execute 'insert into [prototype].log values (''x'')' using prototype.id;
     execute format('delete from %I.a; delete from [prototype].b', '[prototype]');
     return query select * from [prototype].t;
   end $$`,
  "do 'begin update [prototype].a set b = ''x'' where c = ''[prototype].s''::regclass; execute ''delete from [prototype].b where c = ''''y''''''; end'",
  "create function f() returns int language sql as E'select \\'a\\'::int from [prototype].t -- \\\\prototype'",
  "create procedure [prototype].p() begin atomic insert into [prototype].a select * from [prototype].b; end",
  "create or replace function f() returns int language sql return [prototype].g(1)",
  "do $a$ begin execute $b$ create function [prototype].f() returns int language sql as $c$ select 1 from [prototype].t $c$ $b$; end $a$",
  "merge into [prototype].a using [prototype].b on true when matched then delete; truncate [prototype].a; lock table [prototype].a; copy [prototype].a to stdout",
  "create table [prototype].p partition of [prototype].q for values in ('x'); alter table [prototype].q detach partition [prototype].p",
  "create aggregate [prototype].a (int) (sfunc = [prototype].f, stype = [prototype].t); create operator [prototype].+ (leftarg = int, rightarg = [prototype].t, function = [prototype].g)",
  "select 1 operator([prototype].+) 2, x collate [prototype].c, cast(y as [prototype].t), z::[prototype].u from a order by b using operator([prototype].<)",
  "create statistics [prototype].s on a, b from [prototype].t; create collation [prototype].c (locale = 'C'); create cast ([prototype].a as text) with function [prototype].f([prototype].a)",
  "drop function [prototype].f(int, [prototype].t); drop type [prototype].t; drop trigger t on [prototype].orders; drop aggregate [prototype].a(int)",
  "create extension if not exists citext with schema [prototype]; alter extension citext set schema [prototype]",
  "alter type [prototype].status add value 'x'; alter table [prototype].orders alter column a type [prototype].t using a::text::[prototype].t",
  "create unlogged table [prototype].a (like [prototype].b including all, exclude using gist (c with operator([prototype].=)))",
];

const onServer: readonly string[] = [
  "create table [[prototype]].[orders] (id int, c int constraint fk foreign key references [prototype].customers (id))\ngo\ndrop table if exists [Prototype].a, [prototype].b",
  "select prototype.id, [prototype].orders.id, [prototype].f(1) from [prototype].orders prototype",
  "if object_id(N'[[prototype]].[t]', N'U') is null exec sp_rename N'[prototype].t.a', N'b', N'COLUMN'".replace(
    ", N'prototype',",
    ", N'b',",
  ),
  "exec('create view [prototype].v as select ''a'' as b from [[prototype]].t')\ngo\nexec sp_executesql N'delete from [prototype].t where a = ''x'''",
  "create procedure [prototype].p @a int, @b [prototype].tt readonly as begin -- prototype.x\n insert into [prototype].t select * from @b; exec [prototype].q end",
  "if not exists (select 1 from sys.schemas where name = N'[prototype]') exec('create schema [prototype]')",
  "if schema_id(N'[prototype]') is null exec (N'create schema [[prototype]]') select 1 from sys.objects where schema_id = schema_id('[prototype]')",
  "alter schema [prototype] transfer dbo.t; alter table [prototype].t set (system_versioning = on (history_table = [prototype].h))",
  "exec sp_addextendedproperty N'd', N'v', N'SCHEMA', N'[prototype]', N'TABLE', N't'",
  "exec sp_bindrule '[prototype].r', '[prototype].t.a' exec sp_unbindefault N'[[prototype]].t.a' exec sp_columns @table_name = 't', @table_owner = '[prototype]'",
  "exec [prototype].sp_close 1 exec sys.sp_who exec @r = [[prototype]].xp_own",
  "exec sp_help '[prototype].t' exec sp_recompile N'[prototype].t' exec sys.sp_cdc_enable_table @source_name = N't', @source_schema = N'[prototype]'",
  "select 1 from [prototype].t option (table hint ([prototype].t, index (ix))) create table [prototype].u (a xml([prototype].x), b xml(content [prototype].x))",
  "create user u for login l with default_schema = [prototype] select 1 from main.[prototype].t alter user u with name = v, default_schema = [[prototype]]",
  "create table [prototype].e (constraint c connection ([prototype].a to [prototype].b)) as edge drop fulltext index on [prototype].t receive * from [prototype].q",
  "dbcc checkident ('[prototype].t', reseed, 0) if col_length(N'[[prototype]].t', 'a') is null and type_id('[prototype].u') is null exec [prototype].p 'a'",
  "alter security policy [prototype].p drop filter predicate on [prototype].t, add block predicate [prototype].f(a) on [prototype].u after insert",
  "declare @s nvarchar(max) = N'select 1 from [prototype].t'; print @s; exec (@s)",
];

describe.each<[Dialect, readonly string[], string]>([
  ["postgresql", onPostgres, '"acme"'],
  ["sqlserver", onServer, "[acme]"],
])("%s", (dialect, texts, quoted) => {
  test.each(texts.map((marked) => [marked]))("%s", async (marked) => {
    const sql = withoutMarks(marked);
    expect(await render(sql, "acme", dialect)).toBe(expected(marked, dialect, quoted));
  });
});

const mark = /\[(\[prototype\]|"?prototype"?)\]/gi;

function withoutMarks(marked: string): string {
  return marked.replace(mark, (_whole, name: string) => name);
}

/** A literal whose whole content is a schema's name holds the bare name, everything else the quoted one. */
function expected(marked: string, dialect: Dialect, quoted: string): string {
  const bare = quoted.slice(1, -1);
  const whole = dialect === "postgresql" ? /(?<![$\w\\])'\[prototype\]'(?!')/g : /N?'\[prototype\]'/g;
  return marked.replace(whole, (text) => text.replace("[prototype]", bare)).replace(mark, quoted);
}

test("offsets of the rendered text lead back to the original's", async () => {
  const sql = "insert into prototype.a values (1);\nselect x from prototype.b;";
  const rendering = fillTemplate(await template(sql), "a long name");
  for (const word of ["insert", "values", "select x", ".b;"]) {
    expect(rendering.toOriginal(rendering.sql.indexOf(word))).toBe(sql.indexOf(word));
  }
  expect(rendering.toOriginal(rendering.sql.indexOf("long"))).toBe(sql.indexOf("prototype.a"));
  expect(rendering.toOriginal(rendering.sql.length + 5)).toBe(sql.length);
});

test("a name can't end the body that it is written in", async () => {
  const sql =
    "do $$ begin execute $x$ delete from prototype.a where b = 'c' $x$; end $$; do $y$ begin delete from prototype.b; end $y$";
  expect(fillTemplate(await template(sql), "a$$b$x$c$t0$").sql).toBe(
    `do $t0_1$ begin execute $t1$ delete from "a$$b$x$c$t0$".a where b = 'c' $t1$; end $t0_1$; do $y$ begin delete from "a$$b$x$c$t0$".b; end $y$`,
  );
});
