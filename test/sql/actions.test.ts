import { describe, expect, it } from "vitest";
import { told } from "./actionsSupport";

describe("what ALTER TABLE does", () => {
  it("is told action by action, each at the smallest thing that it is about", async () => {
    const sql = `ALTER TABLE IF EXISTS ONLY prototype.orders
      ADD COLUMN IF NOT EXISTS a int NOT NULL DEFAULT 0, ADD b serial, DROP COLUMN c CASCADE,
      ALTER COLUMN d TYPE varchar(10) USING d::varchar, ALTER d SET NOT NULL, ALTER d SET DEFAULT random(),
      ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES public.p (id) NOT VALID, VALIDATE CONSTRAINT x,
      ADD UNIQUE USING INDEX idx, SET TABLESPACE fast`;
    const table = "prototype.orders";
    expect(await told(sql)).toEqual([
      {
        kind: "add-column",
        table,
        column: { name: "a", type: "integer", default: { text: "0" }, notNull: {} },
        at: "a",
      },
      { kind: "add-column", table, column: { name: "b", type: "serial", identity: true }, at: "b" },
      { kind: "drop-column", table, column: "c", cascade: {}, at: "c" },
      {
        kind: "alter-type",
        table,
        column: "d",
        type: { name: "varchar", arguments: ["10"] },
        using: { text: "d::varchar" },
        at: "d",
      },
      { kind: "set-not-null", table, column: "d", at: "d" },
      { kind: "set-default", table, column: "d", expression: { text: "random()" }, at: "d" },
      {
        kind: "add-constraint",
        table,
        constraint: {
          kind: "foreign-key",
          name: "x",
          columns: ["a"],
          target: "public.p",
          targetColumns: ["id"],
          notValid: true,
        },
        at: "x",
      },
      { kind: "validate-constraint", table, constraint: "x", at: "x" },
      { kind: "add-constraint", table, constraint: { kind: "unique", usingIndex: "idx" }, at: "UNIQUE" },
      { kind: "alter-table", table, what: "set tablespace", at: "SET" },
    ]);
  });

  it("is read as far as it is typed", async () => {
    const column = { kind: "add-column", table: "t", column: "a", at: "a" };
    expect(await told("alter table t add column a, add constraint")).toEqual([column]);
    expect(await told("alter table t add column a, drop column")).toEqual([column]);
    expect(await told("alter table t alter column")).toEqual([]);
    expect(await told("create table t (a int, b")).toEqual([
      { kind: "create-table", table: "t", columns: [{ name: "a", type: "integer" }, "b"], at: "t" },
    ]);
  });
});

describe("what changes rows", () => {
  it.each([
    ["update t set a = 1", { kind: "update", table: "t", columns: ["a"], at: "update" }],
    ["update t set a = (select 1 where true)", { kind: "update", table: "t", columns: ["a"], at: "update" }],
    [
      "delete from t using b where t.a = b.a",
      { kind: "delete", table: "t", hasWhere: true, joins: true, at: "delete" },
    ],
    ["insert into t (a, b) values (1, 2)", { kind: "insert", table: "t", at: "insert" }],
    ["insert into t (a) (select b from u)", { kind: "insert", table: "t", fromQuery: true, at: "insert" }],
    ["insert into t (select b from u)", { kind: "insert", table: "t", fromQuery: true, at: "insert" }],
    [
      "insert into t (with v as (select 1) select b from u)",
      { kind: "insert", table: "t", fromQuery: true, at: "insert" },
    ],
    ["insert into t (values (1))", { kind: "insert", table: "t", at: "insert" }],
    ["insert into t select * from (values (1)) v", { kind: "insert", table: "t", at: "insert" }],
    [
      "create table t as select * from u",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ table: "u" }], readsRows: true, at: "t" },
    ],
    [
      "create table t as (table u)",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ table: "u" }], readsRows: true, at: "t" },
    ],
    [
      "create table t as select 1 as a",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ column: "a" }], at: "t" },
    ],
    [
      "create table t as values (1)",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ column: "column1" }], at: "t" },
    ],
    [
      "create table t as select * from u with no data",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ table: "u" }], at: "t" },
    ],
    [
      "select * into t from u",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ table: "u" }], readsRows: true, at: "t" },
    ],
    [
      "select 1 as a into t",
      { kind: "create-table", table: "t", fromQuery: true, outputs: [{ column: "a" }], at: "t" },
    ],
    ["truncate only t cascade", { kind: "truncate", table: "t", cascade: {}, at: "t" }],
  ])("%s", async (sql, action) => {
    expect(await told(sql)).toEqual([action]);
  });

  it("is found inside of WITH", async () => {
    expect(await told("with d as (delete from t returning *) insert into u select * from d")).toEqual([
      { kind: "delete", table: "t", at: "delete" },
      { kind: "insert", table: "u", fromQuery: true, at: "insert" },
    ]);
  });
});

describe("what a DO block does", () => {
  it("is read at its place in the file, whatever the block's conditions say", async () => {
    const sql = `DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'x') THEN
    ALTER TABLE prototype.orders ADD CONSTRAINT x CHECK (a > 0), ADD COLUMN b text DEFAULT 'it''s';
  ELSE
    UPDATE prototype.orders SET a = 1;
  END IF;
  EXECUTE 'DROP TABLE prototype.orders';
  EXECUTE 'DROP TABLE ' || orders;
END
$$ LANGUAGE plpgsql`;
    const table = "prototype.orders";
    expect(await told(sql)).toEqual([
      {
        kind: "add-constraint",
        table,
        constraint: { kind: "check", name: "x", expression: { text: "(a > 0)" } },
        at: "x",
      },
      { kind: "add-column", table, column: { name: "b", type: "text", default: { text: "'it''s'" } }, at: "b" },
      { kind: "update", table, columns: ["a"], at: "UPDATE" },
      { kind: "drop", object: "table", name: table, at: "orders" },
    ]);
  });
});

describe("SQL Server's statements", () => {
  it("are told apart with nothing between them", async () => {
    const sql = `ALTER TABLE dbo.Orders WITH NOCHECK ADD CONSTRAINT FK_Y FOREIGN KEY (a) REFERENCES dbo.Y (b)
      ALTER TABLE dbo.Orders ADD a int NOT NULL CONSTRAINT DF_a DEFAULT NEWID() WITH VALUES, b int NULL
      ALTER TABLE dbo.Orders ALTER COLUMN b bigint NOT NULL
      ALTER TABLE dbo.Orders DROP COLUMN a, b, CONSTRAINT c
      CREATE UNIQUE NONCLUSTERED INDEX ix ON dbo.Orders (a) WITH (ONLINE = ON)
      UPDATE o SET a = 1 FROM dbo.Orders o JOIN dbo.B b ON b.x = o.x WHERE o.a IS NULL
      IF NOT EXISTS (SELECT 1 FROM sys.tables) DROP TABLE IF EXISTS dbo.T
      ALTER SCHEMA acme TRANSFER dbo.T`;
    const table = "dbo.Orders";
    expect(await told(sql, "sqlserver")).toEqual([
      {
        kind: "add-constraint",
        table,
        constraint: {
          kind: "foreign-key",
          name: "FK_Y",
          columns: ["a"],
          target: "dbo.Y",
          targetColumns: ["b"],
          notValid: true,
        },
        at: "FK_Y",
      },
      {
        kind: "add-column",
        table,
        column: { name: "a", type: "int", default: { text: "NEWID()" }, notNull: {}, withValues: true },
        at: "a",
      },
      { kind: "add-column", table, column: { name: "b", type: "int" }, at: "b" },
      { kind: "alter-type", table, column: "b", type: "bigint", notNull: true, at: "b" },
      { kind: "drop-column", table, column: "a", at: "a" },
      { kind: "drop-column", table, column: "b", at: "b" },
      { kind: "drop-constraint", table, constraint: "c", at: "c" },
      {
        kind: "create-index",
        table,
        name: "ix",
        unique: true,
        concurrently: true,
        at: "CREATE UNIQUE NONCLUSTERED INDEX",
      },
      { kind: "update", table, hasWhere: true, joins: true, columns: ["a"], at: "UPDATE" },
      { kind: "drop", object: "table", ifExists: true, name: "dbo.T", at: "T" },
      { kind: "set-schema", object: "table", name: "dbo.T", to: "acme", at: "T" },
    ]);
  });

  it("change rows through a common table expression", async () => {
    expect(await told("WITH old AS (SELECT TOP 9 * FROM dbo.T) DELETE FROM old", "sqlserver")).toEqual([
      { kind: "delete", table: "dbo.T", hasWhere: true, at: "DELETE" },
    ]);
  });

  it("may say FOREIGN KEY in a column's definition", async () => {
    const sql = "ALTER TABLE dbo.T ADD a int CONSTRAINT FK_a FOREIGN KEY REFERENCES dbo.U (b)";
    const key = { kind: "foreign-key", name: "FK_a", columns: ["a"], target: "dbo.U", targetColumns: ["b"] };
    expect(await told(sql, "sqlserver")).toEqual([
      { kind: "add-column", table: "dbo.T", column: { name: "a", type: "int", constraints: [key] }, at: "a" },
    ]);
  });

  it("rename by a procedure", async () => {
    expect(await told("sp_rename 'orders.a', 'b', 'COLUMN'", "sqlserver")).toMatchObject([{ column: "a", to: "b" }]);
    expect(await told("EXEC sp_rename 'dbo.Orders.a', 'b', 'COLUMN'", "sqlserver")).toEqual([
      { kind: "rename-column", table: "dbo.Orders", column: "a", to: "b", at: "'dbo.Orders.a'" },
    ]);
    expect(await told("EXEC sp_rename @newname = 'b', @objname = N'[dbo].[a b]'", "sqlserver")).toEqual([
      { kind: "rename", object: "table", name: "dbo.a b", to: "b", at: "N'[dbo].[a b]'" },
    ]);
  });
});
