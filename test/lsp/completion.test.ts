import { describe, expect, it } from "vitest";
import { type CompletionItem, CompletionRequest } from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

const postgres = {
  "tenantry.json": '{ "publicTables": ["accounts"] }',
  "migrations/public/1_plans.sql": "CREATE TABLE public.plans (id int PRIMARY KEY, title varchar(20));",
  "migrations/tenant/2_orders.sql":
    'CREATE TABLE prototype.orders (id int, total numeric(10, 2));\nCREATE TABLE prototype."Items" (id int);\nCREATE INDEX orders_idx ON prototype.orders (id);',
  "migrations/tenant/4_later.sql": "CREATE TABLE prototype.later (id int);",
};
const own = "migrations/tenant/3_own.sql";

describe("completion", () => {
  it("offers the tables that there are at that point of the history, and the schemas", async () => {
    const items = await completed(postgres, own, "SELECT '😀' FROM ord/*|*/\r\nWHERE id = 1;");
    expect(told(items)).toEqual([
      "public.accounts: shared table",
      "public.plans: shared table",
      "prototype.orders: tenant table",
      'prototype.Items as prototype."Items": tenant table',
      "prototype: the tenants' prototype",
      "public: shared schema",
    ]);
    const orders = items?.find(({ label }) => label === "prototype.orders");
    const range = { start: { line: 0, character: 17 }, end: { line: 0, character: 20 } };
    expect(orders).toEqual({
      label: "prototype.orders",
      kind: 22,
      detail: "tenant table",
      filterText: "orders",
      textEdit: { range, newText: "prototype.orders" },
    });
  });

  it("offers names alone after a schema, and quotes all of them after a quote", async () => {
    const typed = await completed(postgres, own, "ALTER TABLE prototype./*|*/");
    expect(told(typed)).toEqual(["orders: tenant table", 'Items as "Items": tenant table']);
    const quoted = await completed(postgres, own, 'ALTER TABLE prototype."It/*|*/"');
    expect(quoted?.map(({ filterText, textEdit }) => [filterText, textEdit?.newText])).toEqual([
      ['"orders"', '"orders"'],
      ['"Items"', '"Items"'],
    ]);
    expect(told(await completed(postgres, own, "SELECT * FROM {{schema}}./*|*/"))).toEqual(told(typed));
  });

  it("offers the columns of queries in WITH and FROM, those behind a star from the history", async () => {
    const query = "WITH big AS (SELECT *, total * 2 AS twice FROM prototype.orders) SELECT b./*|*/ FROM big b";
    expect(told(await completed(postgres, own, query))).toEqual([
      "id: integer of orders",
      "total: numeric(10, 2) of orders",
      "twice: of b",
    ]);
  });

  it("offers the columns of views, those behind a star as they were when the view was made", async () => {
    const text = `CREATE VIEW prototype.sums AS WITH s AS (SELECT id, sum(total) AS sum FROM prototype.orders GROUP BY id) SELECT p.title, s.* FROM s, plans p;
CREATE MATERIALIZED VIEW prototype.all_orders AS (SELECT o.*, 1 AS one FROM prototype.orders o);
ALTER TABLE prototype.orders ADD COLUMN late date;
CREATE OR REPLACE VIEW prototype.named (first, second) AS SELECT * FROM prototype.orders;
ALTER VIEW prototype.named RENAME COLUMN second TO other;
SELECT `;
    const of = async (view: string) => told(await completed(postgres, own, `${text}v./*|*/ FROM prototype.${view} v`));
    expect(await of("sums")).toEqual(["title: of sums", "id: of sums", "sum: of sums"]);
    expect(await of("all_orders")).toEqual([
      "id: integer of all_orders",
      "total: numeric(10, 2) of all_orders",
      "one: of all_orders",
    ]);
    expect(await of("named")).toEqual(["first: of named", "other: of named"]);
  });

  it("offers no tenant's tables to a shared migration", async () => {
    const items = await completed(postgres, "migrations/public/3_own.sql", "SELECT * FROM /*|*/");
    expect(told(items)).toEqual([
      "public.accounts: shared table",
      "public.plans: shared table",
      "prototype: the tenants' prototype",
      "public: shared schema",
    ]);
  });

  it("leaves a tenant's own tables unqualified where names are found by the search path", async () => {
    const files = { ...postgres, "tenantry.json": '{ "tenantNames": "search-path" }' };
    const items = await completed(files, own, "SELECT * FROM /*|*/");
    expect(told(items)).toContain("orders: tenant table");
    expect(told(items)).toContain("public.plans: shared table");
  });

  it("knows what the file itself has made before", async () => {
    const text =
      "CREATE TABLE prototype.mine (a int);\nALTER TABLE prototype.mine RENAME a TO b;\nSELECT /*|*/ FROM prototype.mine;";
    expect(told(await completed(postgres, own, text))).toEqual(["b: integer of mine"]);
  });

  it("offers columns, those that several tables have with the table", async () => {
    const both = await completed(postgres, own, "SELECT /*|*/ FROM prototype.orders o JOIN public.plans ON true");
    expect(told(both)).toEqual([
      "o.id: integer of orders",
      "total: numeric(10, 2) of orders",
      "plans.id: integer of plans",
      "title: varchar(20) of plans",
    ]);
    const one = await completed(postgres, own, "SELECT o./*|*/ FROM orders o JOIN public.plans ON true");
    expect(told(one)).toEqual(["id: integer of orders", "total: numeric(10, 2) of orders"]);
    const made = await completed(postgres, own, "CREATE TABLE prototype.a (b text, CHECK (/*|*/));");
    expect(told(made)).toEqual(["b: text of a"]);
  });

  it("offers behind USING what the joined tables have in common, without a table", async () => {
    const query =
      "SELECT 1 FROM prototype.orders o JOIN public.plans p USING (/*|*/) JOIN prototype.orders q USING (id)";
    expect(told(await completed(postgres, own, query))).toEqual(["id: integer of plans"]);
  });

  it("offers the tables of a schema for the column that a comment is on", async () => {
    expect(told(await completed(postgres, own, "COMMENT ON COLUMN prototype./*|*/"))).toEqual([
      "orders: tenant table",
      'Items as "Items": tenant table',
    ]);
  });

  it("offers directives, scopes and rules, and leaves a reason alone", async () => {
    expect(told(await completed(postgres, own, "-- tenantry:/*|*/"))?.map((one) => one.split(":")[0])).toEqual([
      "scope",
      "no-transaction",
      "ignore",
    ]);
    expect((await completed(postgres, own, "-- tenantry: scope t/*|*/"))?.map(({ label }) => label)).toEqual([
      "public",
      "tenant",
    ]);
    const rules = await completed(postgres, own, "-- tenantry: ignore dynamic-sql, unq/*|*/ualified: why\r\n");
    const rule = rules?.find(({ label }) => label === "unqualified-table");
    expect(rule?.detail).toMatch(/\w/);
    expect(rule?.textEdit).toMatchObject({
      range: { start: { character: 33 }, end: { character: 44 } },
      newText: "unqualified-table",
    });
    expect(await completed(postgres, own, "-- tenantry: ignore dynamic-sql: from /*|*/")).toBeNull();
    expect(await completed(postgres, own, "-- from /*|*/")).toBeNull();
  });

  it("offers nothing in what isn't checked, nor where no name is expected", async () => {
    expect(await completed(postgres, "scratch.sql", "SELECT * FROM /*|*/")).toBeNull();
    expect(await completed(postgres, own, "SELECT * FROM prototype.orders AS /*|*/")).toBeNull();
  });

  it("writes names as SQL Server does", async () => {
    const files = {
      "tenantry.json": '{ "dialect": "sqlserver", "publicSchema": "dbo" }',
      "migrations/tenant/1_a.sql": "CREATE TABLE prototype.[Order] (Id int, [Full Name] nvarchar(20))\nGO\n",
    };
    const from = await completed(files, own, "SELECT 1\nGO\nSELECT * FROM /*|*/");
    expect(told(from)).toEqual([
      "prototype.Order as prototype.[Order]: tenant table",
      "prototype: the tenants' prototype",
      "dbo: shared schema",
    ]);
    const where = await completed(files, own, "SELECT * FROM PROTOTYPE.[order] o WHERE O./*|*/");
    expect(told(where)).toEqual(["Id: int of order", "Full Name as [Full Name]: nvarchar(20) of order"]);
  });
});

/** What the built server offers at the marker in a file's text. */
async function completed(
  files: Readonly<Record<string, string>>,
  path: string,
  marked: string,
): Promise<CompletionItem[] | null> {
  const root = await folder(files);
  const client = await startClient({ folders: [root] });
  expect(client.initialized.capabilities.completionProvider).toEqual({ triggerCharacters: [".", ":"] });
  const uri = uriOf(root, path);
  const text = marked.replace("/*|*/", "");
  await client.open(uri, text);
  const position = TextDocument.create(uri, "sql", 1, text).positionAt(marked.indexOf("/*|*/"));
  const found = await client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
  return Array.isArray(found) || found === null ? found : found.items;
}

/** Each item as its label, what it writes where that differs, and its detail. */
function told(items: readonly CompletionItem[] | null): string[] | undefined {
  return items?.map(({ label, detail, textEdit }) => {
    const written = textEdit?.newText === label ? "" : ` as ${textEdit?.newText}`;
    return `${label}${written}: ${detail}`;
  });
}
