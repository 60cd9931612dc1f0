import { describe, expect, test } from "vitest";
import { foreignKeys, mentions, objects, scan, tables } from "./scanSupport";

describe("tables of PostgreSQL statements", () => {
  test.each<[string, string[]]>([
    [
      "select * from orders o join prototype.lines l on l.order_id = o.id, customers as c where o.x > 1",
      ["read orders", "read prototype.lines", "read customers"],
    ],
    [
      "select (select max(x) from a) from (b join c using (id)) left join lateral (select 1 from d) x on true",
      ["read a", "read b", "read c", "read d"],
    ],
    [
      "select * from a join b on a.x = case b.y when 1 then case when z then 2 end end, c join d on case when w then v end",
      ["read a", "read b", "read c", "read d"],
    ],
    ["select extract(day from ts), substring(a from 2 for 3), trim(both ' ' from b) from t", ["read t"]],
    ["select 1 from t where a is distinct from b and c is not distinct from d", ["read t"]],
    ["select * from generate_series(1, 2) g, only (t) *, rows from (f(1), g(2)) as r", ["read t"]],
    ["with x as (select * from x), y(a, b) as (select * from x) select * from x, y, z", ["read x", "read z"]],
    [
      "with recursive a as (select 1 from b union all select 2 from a), b as (select 1 from c) select * from a, b",
      ["read c"],
    ],
    [
      "with moved as (delete from orders where old returning *) insert into archive select * from moved",
      ["write orders", "write archive"],
    ],
    [
      "insert into orders (a, b) values (1, 2) on conflict (a) do update set b = excluded.b where orders.b > 1",
      ["write orders"],
    ],
    ["insert into orders as o select * from other", ["write orders", "read other"]],
    [
      "update only orders o set total = (select sum(x) from lines) from customers c where c.id = o.id",
      ["write orders", "read lines", "read customers"],
    ],
    [
      "delete from orders using customers c join plans p using (id) where true",
      ["write orders", "read customers", "read plans"],
    ],
    [
      "merge into t using s on t.id = s.id when matched then update set a = 1 when not matched then insert (a) values (s.a)",
      ["write t", "read s"],
    ],
    ["merge into t as target using (select * from s) x on true when matched then delete", ["write t", "read s"]],
    ["table only orders", ["read orders"]],
    ["select * into archive from orders for update of orders", ["create archive", "read orders"]],
    ["select * into temp archive from orders", ["read orders"]],
    ["select a into temp from orders", ["create temp", "read orders"]],
    [
      "create table prototype.orders (id int references plans, b text, like base including all)",
      ["create prototype.orders", "reference plans", "reference base"],
    ],
    ["create temp table t as select * from s", ["read s"]],
    ["create table a partition of b for values from (minvalue) to (maxvalue)", ["create a", "reference b"]],
    ["create table a (b int) inherits (c, d)", ["create a", "reference c", "reference d"]],
    ["create or replace view v (a, b) as with x as (select 1 from t) select * from x", ["create v", "read t"]],
    ["create materialized view if not exists v as table t with no data", ["create v", "read t"]],
    [
      "create unique index concurrently if not exists i on only orders using btree (lower(a)) where b",
      ["alter orders"],
    ],
    ["create index on orders (a)", ["alter orders"]],
    [
      "create trigger t after insert or update of a, b or delete on orders referencing new table as n for each row execute function f()",
      ["alter orders"],
    ],
    ["create rule r as on insert to v do instead insert into t values (new.a)", ["alter v", "write t"]],
    ["create rule r as on update to v do also (update t set a = 1; delete from u)", ["alter v", "write t", "write u"]],
    [
      "create policy p on orders for select to public using (exists (select 1 from members))",
      ["alter orders", "read members"],
    ],
    ["create statistics s (dependencies) on a, b from orders", ["read orders"]],
    [
      "create publication p for table orders, prototype.lines (a, b)",
      ["reference orders", "reference prototype.lines"],
    ],
    [
      "alter table if exists only orders add column a int, add constraint c foreign key (a) references plans (id) not valid",
      ["alter orders", "reference plans"],
    ],
    [
      "alter table orders attach partition p for values in ('a'), inherit parent",
      ["alter orders", "alter p", "reference parent"],
    ],
    ["alter sequence s owned by prototype.orders.id", ["reference prototype.orders"]],
    ["alter view v rename to w", ["alter v"]],
    ["drop table if exists a, prototype.b cascade", ["drop a", "drop prototype.b"]],
    ["drop trigger if exists t on orders", ["alter orders"]],
    ["comment on column prototype.orders.id is 'x from y'", ["alter prototype.orders"]],
    ["comment on constraint c on orders is 'x'", ["alter orders"]],
    ["grant select (a, b), references on orders, lines to public", ["alter orders", "alter lines"]],
    ["grant select on all tables in schema prototype to app", []],
    ["grant admin to app", []],
    ["revoke all on table orders from public", ["alter orders"]],
    ["truncate table only a, b restart identity cascade", ["write a", "write b"]],
    ["lock table a, b in access exclusive mode", ["read a", "read b"]],
    ["vacuum (full, analyze) a (x, y), b", ["alter a", "alter b"]],
    ["analyze verbose a", ["alter a"]],
    ["refresh materialized view concurrently v", ["write v"]],
    ["copy orders (a, b) from stdin", ["write orders"]],
    ["copy (select * from orders) to '/tmp/x'", ["read orders"]],
    ["explain (analyze, buffers) delete from orders", ["write orders"]],
    ["prepare p (int) as insert into orders values ($1)", ["write orders"]],
    ["declare c cursor for select * from orders", ["read orders"]],
    ["create schema s create table t (id int) create view v as select * from t", ["create t", "create v", "read t"]],
    ["execute q (1, (select max(id) from orders))", ["read orders"]],
    ["alter extension x add view s.v; alter extension x drop materialized view m", ["reference s.v", "reference m"]],
    ["select * from pg_class, information_schema.tables, pg_catalog.pg_type", []],
    ['select * from "Orders", Prototype."Line Items"', ["read Orders", "read prototype.Line Items"]],
    ["select * from {{schema}}.orders", ["read {{schema}}.orders"]],
    // Half-typed.
    ["select * from orders where (", ["read orders"]],
    ["select from where x", []],
    ["select * from prototype. where x", []],
    ["alter table a add foreign key (b) references prototype.", ["alter a"]],
    ["create orders_idx on orders (id)", ["alter orders"]],
    ["create audited after update on orders for each row execute function f()", ["alter orders"]],
    ["create f() returns int language sql as $$ select 1 from orders $$", ["read orders"]],
    ["select * from orders wher id = 1", ["read orders"]],
    ["select * from orders wher id in (1, 2)", ["read orders"]],
    ["insert into", []],
    ["update set a = 1", []],
    ["create table orders (id int references", ["create orders"]],
    ["alter table orders add constraint c foreign key (a) references plans(", ["alter orders", "reference plans"]],
    ["select a b c from t1 join t2 on a.x = b.y group by having limit", ["read t1", "read t2"]],
    ["with x as (select * from a) select * fro x join b", ["read a", "read b"]],
  ])("%s", (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });
});

test("foreign keys have their owner, columns and target", () => {
  const sql = `create table prototype.orders (
    id int primary key, customer_id bigint not null constraint c1 references prototype.customers (id) on delete cascade,
    plan int references public.plans, constraint c2 foreign key (a, "B") references x (c, d) match full not valid,
    foreign key (e) references y)`;
  expect(foreignKeys(sql)).toEqual([
    "c1: prototype.orders(customer_id) -> prototype.customers(id)",
    "prototype.orders(plan) -> public.plans()",
    "c2: prototype.orders(a,B) -> x(c,d) not valid",
    "prototype.orders(e) -> y()",
  ]);
  expect(
    foreignKeys("alter table a add column b int references c (d), add foreign key (x) references e not valid"),
  ).toEqual(["a(b) -> c(d)", "a(x) -> e() not valid"]);
});

test("other objects", () => {
  expect(
    objects(
      "create table t (a prototype.status, b prototype.f%rowtype, c numeric(1, 2), d citext default prototype.g(1)::prototype.h)",
    ),
  ).toEqual([
    "reference type prototype.status",
    "reference relation prototype.f",
    "reference type citext",
    "read function prototype.g",
    "reference type prototype.h",
  ]);
  expect(objects("drop function if exists prototype.f(int, prototype.status), g cascade")).toEqual([
    "drop function prototype.f",
    "reference type prototype.status",
    "drop function g",
  ]);
  expect(objects("create type prototype.t as (a prototype.u, b int)")).toEqual([
    "create type prototype.t",
    "reference type prototype.u",
  ]);
});

test.each([
  ["from json_to_record('{}') as r (a int, b mood)", "mood"],
  ["from json_to_recordset('[]') r (a s.mood, b numeric(10, 2), c pair[], d varchar(3))", "s.mood", "pair"],
  ["from rows from (json_to_record('{}') as (a mood collate c), generate_series(1, 2)) r (a, b)", "mood"],
  ["from json_each('{}') as mood (a, b) where (select true)"],
  ["from json_each('{}') cross join (select 1) x"],
])("the types of a record's columns: select * %s", (list, ...types) => {
  const found = objects(`select * ${list}`).filter((object) => object.startsWith("reference type"));
  expect(found).toEqual(types.map((type) => `reference type ${type}`));
});

test("collations", () => {
  const sql =
    "create index on t (a collate c text_ops, b collate s.d); select x collate e from t order by y collate f desc";
  const names = ["other c", "other s.d", "other e", "other f"];
  expect(objects(sql)).toEqual(names.map((name) => `reference ${name}`));
  expect(objects("select x collate Latin1_General_CI_AS from t", "sqlserver")).toEqual([]);
});

test("schemas are mentioned wherever they are written", () => {
  const sql = [
    "select prototype.orders.id, prototype.f(1), prototype.orders.* from prototype.orders prototype order by prototype.id",
    "grant usage on schema prototype to app",
    "alter default privileges in schema prototype grant select on tables to app",
    "alter table x set schema prototype",
    "create function f() returns int language sql set search_path = prototype, public as 'select 1'",
    "set local search_path to prototype",
    "create publication p for tables in schema prototype",
    "select a operator(prototype.+) b collate prototype.c",
  ].join(";\n");
  expect(mentions(sql, "prototype")).toHaveLength(4 + 1 + 1 + 1 + 1 + 1 + 1 + 2);
});

test("what WITH calls by a table's name doesn't hide the table that is changed", () => {
  expect(tables("with t as (select 1) insert into t select * from t")).toEqual(["write t"]);
});

test("the server's own schemas hold no tables of anybody", () => {
  expect(tables("reindex table pg_toast.pg_toast_1260; create table pg_temp.a (id int)")).toEqual([]);
});

test("a schema made with what it holds", () => {
  expect(tables("create schema s create view v as select 1 from t grant select on u to public")).toEqual([
    "create v",
    "read t",
    "alter u",
  ]);
});

test("what is to be done with a table that isn't typed yet is no table", () => {
  expect(tables("alter table add column a int; alter table drop b; alter table owner to app")).toEqual([]);
  expect(tables("alter table add add column a int; alter table owner owner to app")).toEqual([
    "alter add",
    "alter owner",
  ]);
});

test("a schema's new name is a schema's", () => {
  expect(mentions("alter schema acme rename to prototype", "prototype")).toHaveLength(1);
});

test("COPY with its format in front", () => {
  expect(tables("copy binary a to 'file'; copy \"binary\" from 'file'")).toEqual(["read a", "write binary"]);
});

test("temporary and transition tables are told", () => {
  expect(
    scan(
      "create temp table a (id int); create trigger t after insert on b referencing new table as n old table as o execute function f()",
    ).transient,
  ).toEqual(["a", "n", "o"]);
});

test("the kind is the command's tag", () => {
  const kinds = [
    "create or replace view v",
    "with a as (select 1) insert into b",
    "truncate x",
    "{{x}}",
    "drop materialized view v",
    "((select 1) union select 2)",
    "table t",
    "values (1)",
    "declare c cursor for select 1",
    "refresh materialized view v",
    "security label on table t is null",
  ];
  expect(kinds.map((sql) => scan(sql).kind)).toEqual([
    "CREATE VIEW",
    "INSERT",
    "TRUNCATE TABLE",
    "UNKNOWN",
    "DROP MATERIALIZED VIEW",
    "SELECT",
    "SELECT",
    "SELECT",
    "DECLARE CURSOR",
    "REFRESH MATERIALIZED VIEW",
    "SECURITY LABEL",
  ]);
});

test("a command that ends with what it is about has its keywords", () => {
  expect(scan("alter materialized view").keyword).toEqual({ start: 0, end: 23 });
  expect(scan("drop external table", "sqlserver")).toMatchObject({
    kind: "DROP EXTERNAL TABLE",
    keyword: { start: 0, end: 19 },
  });
});
