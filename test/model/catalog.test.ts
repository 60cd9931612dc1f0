import { beforeAll, describe, expect, it } from "vitest";
import {
  type Catalog,
  type CatalogHistory,
  type NameSpace,
  openCatalog,
  type WholeCatalog,
} from "../../server/src/model/catalog";
import type { Scope } from "../../server/src/model/migration";
import type { Settings } from "../../server/src/model/settings";
import { analyse } from "../../server/src/sql/analyse";

const settings: Settings = {
  dialect: "postgresql",
  publicSchema: "public",
  prototypeSchema: "prototype",
  publicTables: ["plans"],
  tenantNames: "qualified",
  order: "interleaved",
};

describe("the catalog at each point of the history", () => {
  const first = "create table public.countries (id int);\ncreate table public.plans (id int);";
  const second =
    "create table prototype.orders (id int);\ncreate view prototype.open_orders as select * from prototype.orders;\ndrop table prototype.orders;";
  let history: CatalogHistory;
  beforeAll(async () => {
    history = await build([
      ["1.sql", "public", first],
      ["2.sql", "tenant", second],
    ]);
  });

  it("knows only the configured tables at the beginning", () => {
    const catalog = history.before("1.sql");
    expect(sides(catalog, "countries")).toEqual([null, null]);
    expect(catalog.lookUp("plans").public).toEqual({
      schema: "public",
      name: "plans",
      kind: "table",
      file: null,
      span: null,
    });
  });

  it("knows where a table was made", () => {
    const definition = history.before("2.sql").lookUp("countries").public;
    expect(definition).toMatchObject({ file: "1.sql", kind: "table" });
    expect(first.slice(definition?.span?.start, definition?.span?.end)).toBe("countries");
  });

  it("changes from statement to statement", () => {
    expect(sides(history.before("2.sql", 0), "orders")).toEqual([null, null]);
    expect(sides(history.before("2.sql", 1), "orders")).toEqual([null, "2.sql"]);
    expect(sides(history.before("2.sql", 2), "orders")).toEqual([null, "2.sql"]);
    expect(sides(history.end, "orders")).toEqual([null, null]);
    const view = history.before("2.sql", 2).find("prototype", "open_orders");
    expect(view?.kind).toBe("view");
    expect(second.slice(view?.span?.start, view?.span?.end)).toBe("open_orders");
  });

  it("is that of the end for a file that isn't in it", () => {
    expect(sides(history.before("elsewhere.sql"), "countries")).toEqual(["1.sql", null]);
  });
});

describe("what statements do to it", () => {
  it.each<[string, Scope, string, string, (string | null)[]]>([
    ["an unqualified table of a tenant migration", "tenant", "create table orders (id int)", "orders", [null, "m.sql"]],
    ["an unqualified table of a public migration", "public", "create table orders (id int)", "orders", ["m.sql", null]],
    ["a quoted table", "tenant", 'create table prototype."Orders" (id int)', "Orders", [null, "m.sql"]],
    ["a folded name", "tenant", "create table Prototype.ORDERS (id int)", "orders", [null, "m.sql"]],
    [
      "a table made from a query",
      "tenant",
      "create table prototype.orders as select 1 as id",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a materialized view",
      "tenant",
      "create materialized view prototype.orders as select 1 as id",
      "orders",
      [null, "m.sql"],
    ],
    ["a temporary table", "tenant", "create temporary table orders (id int)", "orders", [null, null]],
    [
      "a table that a function would make",
      "tenant",
      "create function prototype.f() returns void language sql as $$ create table prototype.orders (id int) $$",
      "orders",
      [null, null],
    ],
    [
      "a table that a DO block makes",
      "tenant",
      "do $$ begin create table prototype.orders (id int); end $$",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a renamed table",
      "tenant",
      "create table prototype.a (id int); alter table prototype.a rename to orders",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a renamed table's old name",
      "tenant",
      "create table prototype.orders (id int); alter table if exists prototype.orders rename to b",
      "orders",
      [null, null],
    ],
    [
      "a table that is renamed if there is one",
      "tenant",
      "alter table if exists prototype.missing rename to orders",
      "orders",
      [null, null],
    ],
    [
      "a view that is moved if there is one",
      "tenant",
      "alter materialized view if exists archive.orders set schema prototype",
      "orders",
      [null, null],
    ],
    [
      "a table that is renamed for sure, whoever made it",
      "tenant",
      "alter table prototype.missing rename to orders",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a table whose trigger is renamed",
      "tenant",
      "create table prototype.orders (id int); alter trigger p on prototype.orders rename to b",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a table whose policy is renamed",
      "tenant",
      "create table prototype.orders (id int); alter policy p on prototype.orders rename to b",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a table whose rule is renamed",
      "tenant",
      "create table prototype.orders (id int); alter rule p on prototype.orders rename to b",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a table whose column is renamed",
      "tenant",
      "create table prototype.orders (id int); alter table prototype.orders rename column id to b",
      "orders",
      [null, "m.sql"],
    ],
    [
      "a table that moves to the other side",
      "public",
      "create table prototype.orders (id int); alter table prototype.orders set schema public",
      "orders",
      ["m.sql", null],
    ],
    ["a table of another schema", "public", "create table audit.orders (id int)", "orders", [null, null]],
    [
      "a table that comes from another schema",
      "public",
      "create table audit.orders (id int); alter table audit.orders set schema public",
      "orders",
      ["m.sql", null],
    ],
    [
      "dropped tables",
      "tenant",
      "create table prototype.orders (id int); create table prototype.b (id int); drop table prototype.b, prototype.orders",
      "orders",
      [null, null],
    ],
    [
      "a table that is dropped without a schema",
      "tenant",
      "create table prototype.orders (id int); drop table orders",
      "orders",
      [null, null],
    ],
    ["a shared table that is dropped without a schema", "tenant", "drop table plans", "plans", [null, null]],
    [
      "a dropped schema",
      "public",
      "create table prototype.orders (id int); drop schema prototype cascade",
      "orders",
      [null, null],
    ],
    [
      "a name on both sides",
      "public",
      "create table prototype.orders (id int); create table public.orders (id int)",
      "orders",
      ["m.sql", "m.sql"],
    ],
    [
      "a table that is made again",
      "tenant",
      "create table prototype.orders (id int); drop table prototype.orders; create table prototype.orders (id int)",
      "orders",
      [null, "m.sql"],
    ],
  ])("%s", async (_, scope, sql, name, expected) => {
    expect(sides((await build([["m.sql", scope, sql]])).end, name)).toEqual(expected);
  });

  it("points at a renamed table's new name, and at the first of two definitions", async () => {
    const renaming = "alter table prototype.a rename to orders";
    const history = await build([
      ["1.sql", "tenant", "create table prototype.a (id int)"],
      ["2.sql", "tenant", renaming],
      ["3.sql", "tenant", "create table if not exists prototype.orders (id int)"],
    ]);
    const definition = history.end.find("prototype", "orders");
    expect(definition?.file).toBe("2.sql");
    expect(renaming.slice(definition?.span?.start, definition?.span?.end)).toBe("orders");
  });
});

it("doesn't tell upper from lower case on SQL Server, where what is made without a schema is on its migration's side, too", async () => {
  const analysis = await analyse(
    "create table Prototype.Orders (id int)\nGO\ncreate table Items (id int)",
    "sqlserver",
  );
  const { end } = openCatalog({ ...settings, dialect: "sqlserver", publicSchema: "dbo" }).read([
    { path: "m.sql", scope: "tenant", up: { start: 0, end: analysis.text.length }, analysis },
  ]);
  expect(sides(end, "ORDERS")).toEqual([null, "m.sql"]);
  expect(sides(end, "items")).toEqual([null, "m.sql"]);
});

describe("objects that are no tables", () => {
  it.each<[string, NameSpace, string, string, (string | null)[]]>([
    ["a type", "type", "create type prototype.mood as enum ('a')", "mood", [null, "m.sql"]],
    ["a domain", "type", "create domain public.email as text", "email", ["m.sql", null]],
    [
      "a renamed type",
      "type",
      "create type prototype.a as enum (); alter type prototype.a rename to mood",
      "mood",
      [null, "m.sql"],
    ],
    [
      "a type whose value is renamed",
      "type",
      "create type prototype.mood as enum ('a'); alter type prototype.mood rename value 'a' to 'b'",
      "mood",
      [null, "m.sql"],
    ],
    [
      "a type that moves",
      "type",
      "create type prototype.mood as enum (); alter type prototype.mood set schema public",
      "mood",
      ["m.sql", null],
    ],
    ["a dropped type", "type", "create type prototype.mood as enum (); drop type prototype.mood", "mood", [null, null]],
    [
      "a type in a DO block",
      "type",
      "do $$ begin create type prototype.mood as enum ('a'); end $$",
      "mood",
      [null, "m.sql"],
    ],
    ["a sequence", "sequence", "create sequence prototype.numbers", "numbers", [null, "m.sql"]],
    ["an index, where its table is", "index", "create index i on public.plans (name)", "i", ["m.sql", null]],
    [
      "a renamed index",
      "index",
      "create index a on public.plans (name); alter index public.a rename to i",
      "i",
      ["m.sql", null],
    ],
    [
      "an index that is renamed as a table",
      "index",
      "create index a on prototype.orders (name); alter table prototype.a rename to i",
      "i",
      [null, "m.sql"],
    ],
    [
      "no table in what is renamed as one",
      "table",
      "create sequence prototype.a; alter table prototype.a rename to b",
      "b",
      [null, null],
    ],
    ["a dropped index", "index", "create index i on public.plans (name); drop index public.i", "i", [null, null]],
    [
      "a function",
      "function",
      "create function prototype.f() returns int language sql as 'select 1'",
      "f",
      [null, "m.sql"],
    ],
    ["a procedure", "function", "create procedure prototype.f() language sql as 'select 1'", "f", [null, "m.sql"]],
    [
      "a function that a function would make",
      "function",
      "create function prototype.g() returns void language sql as $$ create function prototype.f() returns int language sql as 'select 1' $$",
      "f",
      [null, null],
    ],
    [
      "a renamed function",
      "function",
      "create function prototype.g(a int) returns int language sql as 'select 1'; alter function prototype.g(int) rename to f",
      "f",
      [null, "m.sql"],
    ],
    ["a table of the same name", "type", "create table prototype.mood (id int)", "mood", [null, null]],
    [
      "a foreign key's constraint",
      "constraint",
      "alter table prototype.a add constraint k foreign key (b) references public.plans",
      "a.k",
      [null, "m.sql"],
    ],
  ])("%s", async (_, space, sql, name, expected) => {
    expect(sides((await build([["m.sql", "tenant", sql]])).end, name, space)).toEqual(expected);
  });
});

it.each<[string, string, (string | null)[]]>([
  ["create table dbo.a (id int); alter schema prototype transfer dbo.a", "a", [null, "m.sql"]],
  ["create table prototype.a (id int); exec sp_rename 'prototype.a', 'b'", "b", [null, "m.sql"]],
  ["create table prototype.a (id int); exec sp_rename 'prototype.a', 'b'", "a", [null, null]],
  ["create table prototype.a (id int); exec sp_rename 'prototype.a.id', 'b', 'COLUMN'", "b", [null, null]],
  ["exec sp_rename 'prototype.PK_a', 'b'", "b", [null, null]],
])("follows SQL Server's way to rename and move: %s", async (sql, name, expected) => {
  const analysis = await analyse(sql, "sqlserver");
  const { end } = openCatalog({ ...settings, dialect: "sqlserver", publicSchema: "dbo" }).read([
    { path: "m.sql", scope: "tenant", up: { start: 0, end: sql.length }, analysis },
  ]);
  expect(sides(end, name)).toEqual(expected);
});

/** The files that define a name in the public and in the prototype schema. */

it("lists the tables that there are at a point, whatever they were called before", async () => {
  const history = await build([
    [
      "1.sql",
      "tenant",
      "create table prototype.a (id int); create view prototype.v as select 1; create index i on prototype.a (id);",
    ],
    ["2.sql", "tenant", "alter table prototype.a rename to b; drop view prototype.v; create table audit.log (id int);"],
  ]);
  const named = (catalog: WholeCatalog) =>
    catalog
      .tables()
      .map(({ schema, name }) => `${schema}.${name}`)
      .sort();
  expect(named(history.before("1.sql"))).toEqual(["public.plans"]);
  expect(named(history.before("2.sql"))).toEqual(["prototype.a", "prototype.v", "public.plans"]);
  expect(named(history.end)).toEqual(["audit.log", "prototype.b", "public.plans"]);
});

function sides(catalog: Catalog, name: string, space?: NameSpace): (string | null)[] {
  const found = catalog.lookUp(name, space);
  return [found.public, found.prototype].map((definition) => definition?.file ?? null);
}

async function build(files: readonly (readonly [path: string, scope: Scope, sql: string])[]): Promise<CatalogHistory> {
  const migrations = await Promise.all(
    files.map(async ([path, scope, sql]) => ({
      path,
      scope,
      up: { start: 0, end: sql.length },
      analysis: await analyse(sql, "postgresql"),
    })),
  );
  return openCatalog(settings).read(migrations);
}
