import { describe, expect, it } from "vitest";
import { foldTexts, outlineText, selectionTexts } from "./structureSupport";

describe("the outline", () => {
  it("holds a table's columns and constraints", async () => {
    const text = `create table if not exists prototype.orders (
  id bigint generated always as identity primary key,
  "Plan" text not null references public.plans (id),
  total numeric(10, 2) default 0 check (total >= 0),
  spans tstzrange[],
  constraint orders_fk foreign key ("Plan") references public.plans (id),
  unique (id, total),
  exclude using gist (spans with &&),
  like prototype.base
);`;
    expect(await outlineText(text)).toEqual([
      "table prototype.orders: create table",
      "  column id: bigint",
      "  column Plan: text",
      "  column total: numeric(10, 2)",
      "  column spans: tstzrange[]",
      "  constraint orders_fk: foreign key",
      "  constraint unique",
      "  constraint exclude",
      "  constraint like",
    ]);
  });

  it("names what each statement is about", async () => {
    const text = `create schema s;
create temp table tt (id int);
create index i on p.t (id);
create index on p.t (id);
create trigger tr before insert on p.t for each row execute function p.f();
create function p.f(a p.t) returns trigger language plpgsql as $$ begin insert into p.z values (1); end $$;
create materialized view p.v as select * from p.t;
create extension if not exists pgcrypto;
do $$ begin update p.t set x=1; end $$;
drop table p.a, p.b;
with x as (select * from p.q) insert into p.t select * from x;
select * from p.t;
select 1;`;
    expect(await outlineText(text)).toEqual([
      "schema s: create schema",
      "table tt: create table",
      "  column id: int",
      "index i: create index",
      "index p.t: create index",
      "trigger tr: create trigger",
      "function p.f: create function",
      "view p.v: create materialized view",
      "other pgcrypto: create extension",
      "block do",
      "table p.a: drop table",
      "other p.t: insert",
      "other p.t: select",
      "other select",
    ]);
  });

  it("holds the labels of an enum, the fields of a type and what ALTER TABLE does", async () => {
    const text = `create type p.mood as enum ('sad', 'ok');
create type p.pair as (x int, y double precision);
alter table p.t add column if not exists note text not null, add constraint c check (a > 1), drop column z,
  add primary key (id), alter column b type int, rename to u, owner to me;`;
    expect(await outlineText(text)).toEqual([
      "type p.mood: create type",
      "  label sad",
      "  label ok",
      "type p.pair: create type",
      "  column x: int",
      "  column y: double precision",
      "table p.t: alter table",
      "  column note: add column text",
      "  constraint c: add check",
      "  column z: drop column",
      "  constraint primary key: add",
      "  column b: alter column",
      "  column u: rename to",
    ]);
  });

  it("holds what is known of broken text", async () => {
    expect(await outlineText("create table p.t (id int, name text not nu\nll, , x numeric(")).toEqual([
      "table p.t: create table",
      "  column id: int",
      "  column name: text",
      "  column x: numeric(",
    ]);
    expect(await outlineText("create table")).toEqual(["table create table"]);
  });

  it("reads T-SQL, which the grammar can't", async () => {
    const text = `create table [dbo].[orders] ([id] int identity(1,1) not null, name nvarchar(max) null,
  constraint pk primary key clustered ([id]), index ix (name))
GO
alter table dbo.orders add a int, b int null
GO
create procedure dbo.p as begin select 1; end`;
    expect(await outlineText(text, "sqlserver")).toEqual([
      "table dbo.orders: create table",
      "  column id: int",
      "  column name: nvarchar(max)",
      "  constraint pk: primary key",
      "  constraint ix: index",
      "table dbo.orders: alter table",
      "  column a: add int",
      "  column b: add int",
      "function dbo.p: create procedure",
    ]);
  });
});

describe("folds", () => {
  it("are statements, lists, bodies, blocks and comments", async () => {
    const text = `-- one
-- two

-- three
select (1); -- after
/* a
b */ do $$ begin if a then b; end if; -- x
end $$`;
    expect(await foldTexts(text)).toEqual([
      "code select (1)",
      "enclosed (1)",
      "comment -- one\n-- two",
      "comment -- three",
      "code do $$ begin if a then b; end if; -- x\nend $$",
      "enclosed $$ begin if a then b; end if; -- x\nend $$",
      "enclosed if a then b; end if",
      "enclosed begin if a then b; end if; -- x\nend",
      "comment /* a\nb */",
    ]);
  });
});

describe("a selection", () => {
  it("grows by expression, list and clause", async () => {
    const text = "select a, lower(b.c/*|*/) as d from prototype.x where e;\nselect 2;";
    expect(await selectionTexts(text)).toEqual([
      "c",
      "b.c",
      "lower(b.c)".slice(5),
      "lower(b.c)",
      "lower(b.c) as d",
      "a, lower(b.c) as d",
      "select a, lower(b.c) as d",
      "select a, lower(b.c) as d from prototype.x where e",
      text.replace("/*|*/", ""),
    ]);
  });

  it("grows from inside a body, with characters of two units and CR LF", async () => {
    const text = "do $$\r\nbegin\r\n  x := '😀';\r\n  perform f(y/*|*/);\r\nend\r\n$$;";
    expect(await selectionTexts(text)).toEqual([
      "y",
      "(y)",
      "perform f(y)",
      "begin\r\n  x := '😀';\r\n  perform f(y);\r\nend",
      "$$\r\nbegin\r\n  x := '😀';\r\n  perform f(y);\r\nend\r\n$$",
      "do $$\r\nbegin\r\n  x := '😀';\r\n  perform f(y);\r\nend\r\n$$",
      text.replace("/*|*/", ""),
    ]);
  });

  it("grows by tokens where the grammar can't read", async () => {
    expect(await selectionTexts("create table [a].[b] ([i/*|*/d] int, x int", "sqlserver")).toEqual([
      "[id]",
      "[id] int",
      "[id] int, x int",
      "([id] int, x int",
      "create table [a].[b] ([id] int, x int",
    ]);
  });

  it("stays short in what is nested without end", async () => {
    const found = await selectionTexts(`select ${"(".repeat(20_000)}1/*|*/${")".repeat(20_000)}`);
    expect(found.slice(0, 3)).toEqual(["1", "(1)", "((1))"]);
    expect([found.length, found.at(-1)?.length]).toEqual([100, 40_008]);
  });
});
