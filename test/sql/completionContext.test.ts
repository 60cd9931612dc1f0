import { describe, expect, it } from "vitest";
import { openAnalysis } from "../../server/src/sql/analyse";
import { completionContext, type VisibleTable } from "../../server/src/sql/completionContext";
import type { Dialect } from "../../server/src/sql/dialect";

/** What is expected at the marker, in one line, and the half-typed name between angle brackets. */
async function expected(marked: string, dialect: Dialect): Promise<string> {
  const offset = marked.indexOf("/*|*/");
  const text = marked.replace("/*|*/", "");
  const context = completionContext(await openAnalysis(text, dialect), offset);
  if (context === null) return "nothing";
  const typed = text.slice(context.start, context.end);
  const partial = typed === "" ? "" : ` <${typed}>`;
  if (context.kind === "comment") return `comment${partial}`;
  if (context.kind === "table") {
    const schema = context.schema === null ? "" : ` in ${context.schema}`;
    return ["table", schema, ...context.common.map((name) => ` +${name}`), partial].join("");
  }
  const tables = context.tables.map(
    ({ schema, name, alias, outputs }) =>
      `${schema === null ? "" : `${schema}.`}${name}${alias === null ? "" : ` ${alias}`}${given(outputs)}`,
  );
  const path = context.schema === null ? "" : ` or table in ${context.schema}`;
  return `${context.isJoined ? "joined " : ""}column of ${tables.join(", ")}${path}${partial}`;
}

/** What a query gives: columns by their names, and all of a table's with a star. */
function given(outputs: VisibleTable["outputs"]): string {
  if (outputs.length === 0) return "";
  const written = outputs.map((one) => {
    if ("column" in one) return one.column;
    return `${one.schema === null ? "" : `${one.schema}.`}${one.table}.*`;
  });
  return `(${written.join(" ")})`;
}

const postgres: [string, string][] = [
  ["select * from /*|*/", "table"],
  ["select * from ord/*|*/", "table <ord>"],
  ["select * from ord/*|*/ers where id = 1;", "table <orders>"],
  ["select * from prototype./*|*/", "table in prototype"],
  ["select * from prototype.or/*|*/ where id = 1", "table in prototype <or>"],
  ['select * from "My Schema"."Or/*|*/', 'table in My Schema <"Or>'],
  ["select * from prototype.orders o join pub/*|*/", "table <pub>"],
  ["select * from prototype.orders o, /*|*/", "table"],
  ["select * from only /*|*/", "table"],
  ["select 1 from a cross join lateral (select * from /*|*/)", "table"],
  ["insert into /*|*/", "table"],
  ["insert into /*|*/ values (1);", "table"],
  ["update /*|*/", "table"],
  ["update prototype./*|*/ set a = 1;", "table in prototype"],
  ["delete from /*|*/ where id = 1;", "table"],
  ["delete from prototype.orders o using /*|*/", "table"],
  ["merge into /*|*/", "table"],
  ["merge into prototype.orders o using /*|*/", "table"],
  ["alter table if exists /*|*/", "table"],
  ["alter table only prototype./*|*/ add column a int;", "table in prototype"],
  ["drop table if exists a, /*|*/", "table"],
  ["truncate table /*|*/", "table"],
  ["truncate a, b/*|*/", "table <b>"],
  ["lock table /*|*/", "table"],
  ["copy /*|*/", "table"],
  ["copy prototype.orders (/*|*/", "column of prototype.orders"],
  ["create index orders_idx on /*|*/", "table"],
  ["create index on prototype.orders (/*|*/)", "column of prototype.orders"],
  ["create index on prototype.orders using btree (id, no/*|*/)", "column of prototype.orders <no>"],
  ["create index on prototype.orders (id) where /*|*/", "column of prototype.orders"],
  ["create index on prototype.orders (id, lower(/*|*/))", "column of prototype.orders"],
  ["create unique index on prototype.orders ((/*|*/ is null))", "column of prototype.orders"],
  ["insert into orders (id) values (1) on conflict (lower(/*|*/)) do nothing", "column of orders"],
  ["create trigger t after insert or update on /*|*/", "table"],
  ["create trigger t after update of /*|*/ on prototype.orders", "column of prototype.orders"],
  ["create trigger t before update on prototype.orders for each row when (new./*|*/)", "column of prototype.orders"],
  ["create policy p on /*|*/", "table"],
  ["create policy p on prototype.orders for select using (/*|*/", "column of prototype.orders"],
  ["drop trigger t on /*|*/", "table"],
  ["comment on table /*|*/", "table"],
  ["comment on column /*|*/", "table"],
  ["comment on column prototype./*|*/", "column of prototype or table in prototype"],
  ["comment on column prototype.orders./*|*/", "column of prototype.orders"],
  ["grant select, insert on /*|*/", "table"],
  ["create table a (b int references /*|*/", "table"],
  ["create table a (b int references prototype./*|*/);", "table in prototype"],
  ["create table a (b int references prototype.orders (/*|*/", "column of prototype.orders"],
  ["create table a (like /*|*/", "table"],
  ["create table a (b int) inherits (/*|*/", "table"],
  ["create table a partition of /*|*/", "table"],
  ["create table prototype.a (b int, foreign key (/*|*/", "column of prototype.a"],
  ["create table a as select * from /*|*/", "table"],
  ["create view v as select /*|*/ from prototype.orders", "column of prototype.orders"],
  ["alter table prototype.orders drop column /*|*/", "column of prototype.orders"],
  ["alter table prototype.orders alter /*|*/", "column of prototype.orders"],
  ["alter table prototype.orders alter id type int using /*|*/", "column of prototype.orders"],
  [
    "alter table prototype.orders alter id type int using lower(a) || /*|*/, drop column b",
    "column of prototype.orders",
  ],
  ["alter table prototype.orders alter id type int using a, /*|*/", "nothing"],
  ["alter table prototype.orders alter id type int using a, drop column /*|*/", "column of prototype.orders"],
  ["alter table prototype.orders add constraint c foreign key (/*|*/", "column of prototype.orders"],
  [
    "alter table prototype.orders add constraint c foreign key (a) references public.users (/*|*/",
    "column of public.users",
  ],
  ["alter table prototype.orders add column /*|*/", "nothing"],
  ["alter table prototype.orders attach partition /*|*/", "table"],
  ["vacuum (analyze) /*|*/", "table"],
  ["select /*|*/ from prototype.orders o join public.users u on true", "column of prototype.orders o, public.users u"],
  ["select o./*|*/ from prototype.orders o", "column of prototype.orders o"],
  ["select orders.i/*|*/d from prototype.orders", "column of prototype.orders <id>"],
  ["select prototype.orders./*|*/ from prototype.orders", "column of prototype.orders"],
  ["select a, /*|*/ from orders", "column of orders"],
  ["select * from orders o where /*|*/", "column of orders o"],
  ["select * from orders o where o.id = /*|*/", "column of orders o"],
  ["select * from orders o where o.id = 1 and o./*|*/", "column of orders o"],
  ["select * from orders o where id in (/*|*/", "column of orders o"],
  ["select * from orders as o join users as u on u./*|*/", "column of users u"],
  ["select * from orders o join users u on u.id = /*|*/", "column of orders o, users u"],
  ["select * from orders o join users u using (/*|*/) join items i using (id)", "joined column of orders o, users u"],
  ["select * from orders o join users u using (id, /*|*/", "joined column of orders o, users u"],
  ["select * from orders o join users u on f(o.a, /*|*/), items", "column of orders o, users u, items"],
  ["select * from orders o join users u on true, /*|*/", "table"],
  ["select i./*|*/ from orders o join users u on o.id = u.id, items i", "column of items i"],
  ["select * from orders group by /*|*/", "column of orders"],
  ["select count(/*|*/) from orders", "column of orders"],
  ["select * from orders order by id, /*|*/", "column of orders"],
  ["select * from orders o where exists (select 1 from items i where i.a = /*|*/)", "column of items i, orders o"],
  ["select * from (select /*|*/ from items) x, orders", "column of items"],
  ["select x./*|*/ from (select id from items) x", "column of  x(id)"],
  [
    "select x./*|*/ from (select o.id, total as t, 1 + 1 two, count(*), max(a) m, a::date, case when b then 1 end, 'x' \"Q q\" from o) as x",
    "column of  x(id t two count m a Q q)",
  ],
  [
    "select /*|*/ from (select * from prototype.orders o join (select id, n from lines) l using (id)) x",
    "column of  x(prototype.orders.* id n)",
  ],
  [
    "select x./*|*/ from (select distinct on (a) l.*, o.a from prototype.orders o, s.lines as l where o.b) x",
    "column of  x(s.lines.* a)",
  ],
  ["select x./*|*/ from (values (1, 'a'), (2, 'b')) x", "column of  x(column1 column2)"],
  ["select x./*|*/ from generate_series(1, 2) x", "nothing"],
  ["select x./*|*/ from generate_series(1, 2) as x (n)", "column of  x(n)"],
  ["select x./*|*/ from (values (1, 'a')) as x (id, title), orders", "column of  x(id title)"],
  ["select x./*|*/ from json_to_recordset('[]') as x (id int, title numeric(10, 2))", "column of  x(id title)"],
  ["select /*|*/ from prototype.orders o (a, b)", "column of prototype.orders o(a b)"],
  ["select y./*|*/ from (select x.*, 1 as c from (values (1)) x (a)) y", "column of  y(a c)"],
  ["update orders set title = x./*|*/ from (values (1, 'a')) as x (id, title)", "column of  x(id title)"],
  ["update orders set title = 'a' from (values (1, /*|*/", "column of orders"],
  [
    "with a (p, q) as (select 1, 2), b as (select * from a), c as (select b.*, d from b, o) select c./*|*/ from c",
    "column of c(p q d)",
  ],
  ["with gone as (delete from orders returning id, total as t) select g./*|*/ from gone g", "column of gone g(id t)"],
  ["with recursive a (n) as (select 1 union all select /*|*/ from a) select 1", "column of a(n)"],
  ["with recursive a as (select 1 as n, o.* from o union all select a./*|*/ from a) select 1", "column of a(n o.*)"],
  [
    "with a as (select 1 as b) select * from prototype.orders where /*|*/ in (select b from a)",
    "column of prototype.orders",
  ],
  ["with a as (with b as (select x from y) select x, z from b) select /*|*/ from a", "column of a(x z)"],
  ["update prototype.orders set /*|*/", "column of prototype.orders"],
  ["update prototype.orders o set a = 1, /*|*/", "column of prototype.orders o"],
  ["update prototype.orders o set a = u./*|*/ from users u", "column of users u"],
  ["insert into prototype.orders (/*|*/", "column of prototype.orders"],
  ["insert into prototype.orders (id, no/*|*/) values (1, 2);", "column of prototype.orders <no>"],
  ["insert into prototype.orders (id) select /*|*/ from items", "column of items"],
  ["insert into orders (id) values (1) on conflict (/*|*/", "column of orders"],
  ["insert into orders (id) values (1) on conflict (id) do update set note = excluded./*|*/", "column of orders"],
  ["insert into orders (id) values (1) returning /*|*/", "column of orders"],
  ["insert into orders (id) values (/*|*/", "nothing"],
  ["merge into orders o using items i on o.id = i./*|*/", "column of items i"],
  ["merge into orders o using items i on true when matched then update set /*|*/", "column of orders o"],
  ["merge into orders o using items i on true when not matched then insert (/*|*/", "column of orders o"],
  ["with recent as (select * from /*|*/) select 1", "table"],
  ["with recent as (select * from orders) select * from /*|*/", "table +recent"],
  ["with recursive recent as (select * from /*|*/", "table +recent"],
  ["with orders as (select /*|*/ from orders) select 1", "column of orders"],
  ["with recent as (select 1), older as (select * from /*|*/", "table +recent"],
  ["with orders as (select 1 as a) select /*|*/ from orders", "column of orders(a)"],
  ["with orders as (select 1 as a) select o./*|*/ from prototype.orders o", "column of prototype.orders o"],
  ["select * from {{schema}}./*|*/", "table in {{schema}}"],
  ["select distinct /*|*/ from orders", "column of orders"],
  ["select distinct on (/*|*/) id from orders", "column of orders"],
  ["select case when a then /*|*/ end from orders", "column of orders"],
  ["select sum(a) over (partition by /*|*/) from orders", "column of orders"],
  ["select 1 from a union select /*|*/ from b", "column of b"],
  ["select 1 from a union all select b./*|*/ from b", "column of b"],
  ["select * from f(/*|*/) x", "nothing"],
  ["select * from (orders o join /*|*/", "table"],
  ["explain analyze select * from /*|*/", "table"],
  ["declare c cursor for select * from /*|*/", "table"],
  ["refresh materialized view /*|*/", "table"],
  ["create materialized view v as select * from /*|*/", "table"],
  ["create statistics s on a, b from /*|*/", "table"],
  ["create rule r as on insert to /*|*/", "table"],
  ["create publication p for table /*|*/", "table"],
  ["alter sequence s owned by /*|*/", "table"],
  ["create table a (b int) partition by range (/*|*/)", "column of a"],
  ["update orders set (/*|*/) = (1, 2)", "column of orders"],
  ["delete from orders o using items i where i./*|*/", "column of items i"],
  ["with a as (delete from /*|*/ returning *) select 1", "table"],
  ["insert into orders (id) with a as (select 1) select /*|*/ from items", "column of items"],
  // What isn't closed, or lacks a part, and its neighbours.
  ["select * from /*|*/\nalter table prototype.orders add column a int;", "table"],
  ["select o./*|*/\nfrom prototype.orders o\ncreate table x (a int);", "column of prototype.orders o"],
  ["select 1 from a;\r\nselect * from /*|*/\r\n;\r\nselect 2 from b;", "table"],
  ["-- é 😀\r\nselect\r\n  o.no/*|*/\r\nfrom\r\n  orders o\r\n;", "column of orders o <no>"],
  ['select * from "Or/*|*/\nwhere a = 1;', 'table <"Or>'],
  ['select * from "Or\nwhere /*|*/', "nothing"],
  ["select 1 from users; select /*|*/", "nothing"],
  ["select 1;/*|*/", "nothing"],
  // Where no name of a table or column can be.
  ["select '/*|*/' from orders", "nothing"],
  ["select * from orders where a = 'from /*|*/", "nothing"],
  ["select 12/*|*/ from orders", "nothing"],
  ["select id as /*|*/ from orders", "nothing"],
  ["select id /*|*/ from orders", "nothing"],
  ["select * from orders as /*|*/", "nothing"],
  ["select * from orders /*|*/", "nothing"],
  ["select * from orders limit /*|*/", "nothing"],
  ["select id::/*|*/ from orders", "nothing"],
  ["create table /*|*/", "nothing"],
  ["create table a (/*|*/", "nothing"],
  ["select $$ select * from /*|*/ $$;", "nothing"],
  ["select a is distinct from /*|*/ from orders", "column of orders"],
  ["select extract(year from /*|*/) from orders", "column of orders"],
  ["select * from a for update of /*|*/", "nothing"],
  ["create table a (b int references c on delete /*|*/", "nothing"],
  ["select 1; -- tenantry: /*|*/", "comment <-- tenantry: >"],
  ["/* from /*|*/ */ select 1", "nothing"],
  // Bodies.
  ["do $$ begin insert into /*|*/; end $$;", "table"],
  [
    "do $$ begin\n  select * from a;\n  update prototype.orders o set x = o./*|*/;\nend $$;",
    "column of prototype.orders o",
  ],
  ["do $$ begin if exists (select 1 from a) then delete from /*|*/; end if; end $$;", "table"],
  ["do $$ begin for r in select * from /*|*/ loop null; end loop; end $$;", "table"],
  ["do $$ begin for r in select * from a loop update /*|*/", "table"],
  ["do $$ begin execute 'insert into /*|*/'; end $$;", "nothing"],
  ["do $$ begin -- from /*|*/\n end $$;", "nothing"],
  ["do $$ begin perform /*|*/ from orders; end $$;", "column of orders"],
  ["create function f() returns int language sql as $b$ select /*|*/ from orders $b$;", "column of orders"],
  ["create function f() returns int language sql begin atomic select /*|*/ from orders; end;", "column of orders"],
  ["create function f() returns trigger as $$ begin insert into log (/*|*/", "column of log"],
];

const sqlServer: [string, string][] = [
  [
    "WITH a AS (SELECT TOP (5) PERCENT o.Id, t = 1, COUNT(*) n, MAX(x) FROM dbo.O o) SELECT A./*|*/ FROM a",
    "column of a(Id t n)",
  ],
  [
    "SELECT x./*|*/ FROM dbo.O o CROSS APPLY (SELECT TOP 1 l.* FROM dbo.L l WHERE l.Id = o.Id) x",
    "column of  x(dbo.L.*)",
  ],
  ["SELECT * FROM /*|*/", "table"],
  ["SELECT * FROM [proto/*|*/", "table <[proto>"],
  ["SELECT * FROM [My Schema].[Or/*|*/ders]", "table in My Schema <[Orders]>"],
  ["SELECT * FROM shop.prototype./*|*/", "table in prototype"],
  ["SELECT * FROM shop../*|*/", "table"],
  ["SELECT TOP (5) /*|*/ FROM dbo.Orders o", "column of dbo.Orders o"],
  ["SELECT TOP 5 O./*|*/ FROM dbo.Orders o", "column of dbo.Orders o"],
  ["SELECT * FROM dbo.Orders o WITH (NOLOCK) JOIN dbo.Items i ON i./*|*/", "column of dbo.Items i"],
  [
    "SELECT * FROM dbo.Orders o CROSS APPLY (SELECT * FROM dbo.Items i WHERE i.a = o./*|*/) x",
    "column of dbo.Orders o",
  ],
  ["INSERT /*|*/", "table"],
  ["INSERT INTO dbo.Orders (/*|*/", "column of dbo.Orders"],
  ["UPDATE o SET /*|*/ FROM dbo.Orders o", "column of dbo.Orders o"],
  ["DELETE o FROM dbo.Orders o WHERE o./*|*/", "column of dbo.Orders o"],
  ["UPDATE o SET a = o./*|*/ FROM dbo.Orders o JOIN dbo.Items i ON i.a = o.a", "column of dbo.Orders o"],
  ["DELETE o FROM dbo.Orders o WHERE /*|*/", "column of dbo.Orders o"],
  ["DELETE /*|*/", "table"],
  ["UPDATE dbo.Orders SET a = 1 OUTPUT inserted./*|*/", "column of dbo.Orders"],
  ["MERGE dbo.Orders AS t USING /*|*/", "table"],
  ["MERGE dbo.Orders AS t USING dbo.Items AS s ON t./*|*/", "column of dbo.Orders t"],
  ["SELECT 1 FROM dbo.A\nSELECT /*|*/ FROM dbo.B", "column of dbo.B"],
  ["UPDATE dbo.A SET x = 1 WHERE y = 2\nDELETE FROM /*|*/", "table"],
  ["SELECT 1\nGO\nSELECT * FROM /*|*/\nGO\nSELECT 2 FROM x", "table"],
  ["CREATE PROCEDURE p AS BEGIN\n SELECT * FROM dbo.A\n UPDATE /*|*/\nEND", "table"],
  ["CREATE TRIGGER t ON /*|*/", "table"],
  ["CREATE TRIGGER t ON dbo.Orders AFTER INSERT, UPDATE AS SELECT i./*|*/ FROM inserted i", "column of dbo.Orders i"],
  ["CREATE INDEX i ON dbo.Orders (/*|*/)", "column of dbo.Orders"],
  ["CREATE INDEX i ON dbo.Orders (a) INCLUDE (/*|*/)", "column of dbo.Orders"],
  ["ALTER TABLE dbo.Orders ALTER COLUMN /*|*/", "column of dbo.Orders"],
  ["ALTER TABLE dbo.Orders ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES /*|*/", "table"],
  [
    "CREATE TRIGGER t ON dbo.Orders AFTER DELETE AS\nSELECT 1;\nSELECT /*|*/ FROM deleted",
    "column of dbo.Orders deleted",
  ],
  ["SELECT DISTINCT TOP 10 /*|*/ FROM dbo.Orders", "column of dbo.Orders"],
  ["DECLARE @n int = 1\nSELECT * FROM /*|*/", "table"],
  ["ALTER TABLE dbo.Orders DROP COLUMN /*|*/", "column of dbo.Orders"],
  ["ALTER TABLE dbo.Orders ADD a int\nSELECT /*|*/ FROM dbo.Items", "column of dbo.Items"],
  ["IF @a = 1 BEGIN\n  UPDATE dbo.Orders SET /*|*/\nEND", "column of dbo.Orders"],
  ["ALTER SCHEMA dbo TRANSFER /*|*/", "table"],
  ["DROP TABLE IF EXISTS /*|*/", "table"],
  ["TRUNCATE TABLE /*|*/", "table"],
  ["SET IDENTITY_INSERT /*|*/", "table"],
  ["DROP INDEX i ON /*|*/", "table"],
  ["WITH recent AS (SELECT 1 AS a) SELECT * FROM /*|*/", "table +recent"],
  [";WITH recent AS (SELECT 1 AS a) INSERT INTO dbo.Orders (/*|*/", "column of dbo.Orders"],
  ["SELECT @x/*|*/", "nothing"],
  ["EXEC sp_executesql N'SELECT * FROM /*|*/'", "nothing"],
  ["IF EXISTS (SELECT 1 FROM dbo.A) DELETE FROM /*|*/", "table"],
  ["GRANT SELECT ON /*|*/", "table"],
];

describe("what is expected at a place", () => {
  it.each(postgres)("PostgreSQL: %s", async (marked, context) => {
    expect(await expected(marked, "postgresql")).toBe(context);
  });

  it.each(sqlServer)("SQL Server: %s", async (marked, context) => {
    expect(await expected(marked, "sqlserver")).toBe(context);
  });
});
