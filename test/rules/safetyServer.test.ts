import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { globSync } from "tinyglobby";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LockMode, locksOf } from "../../server/src/model/locks";
import { safetyRules } from "../../server/src/rules/safety";
import { actionsOf } from "../../server/src/sql/actions";
import { analyse } from "../../server/src/sql/analyse";
import type { QualifiedName } from "../../server/src/sql/facts";
import { heldLocks, inOrder, stronger } from "../model/heldLocks";
import { createDatabase, type TestDatabase } from "../support/database";
import { withoutAnnotations } from "./annotations";
import { fixturesFolder, lintFixture } from "./fixtures";

/** What a fixture needs beside the project's history. */
const needs: Record<string, string> = {
  "constraint-without-index/near-miss": "create unique index items_code_idx on prototype.items (code)",
  "drop-cascade/fires":
    "create domain prototype.zip as text constraint zip_check check (value <> ''); create function prototype.zipped(integer) returns prototype.zip language sql as 'select ''1''::prototype.zip'; create cast (integer as prototype.zip) with function prototype.zipped; create type prototype.address as (street text, town text); create role reporting",
  "drop-cascade/near-miss":
    "create function prototype.total(bigint) returns bigint language sql as 'select 1::bigint'; create domain prototype.zip as text constraint cascade check (value <> ''); create type prototype.address as (street text, town text)",
  "dropped-object/fires-schema": "create schema archive",
  "dropped-object/near-miss": "create index orders_placed_idx on prototype.orders (placed_at)",
  "renamed-object/fires": "create schema archive; create type prototype.mood as enum ('good')",
  "renamed-object/near-miss":
    "create index orders_placed_idx on prototype.orders (placed_at); create type prototype.mood as enum ('good')",
  "rewriting-type-change/fires": "alter table prototype.items add column elsewhere text",
  "rewriting-type-change/near-miss": "alter table prototype.items add column elsewhere varchar(10)",
  "scan-under-exclusive-lock/fires":
    "alter table prototype.items add constraint items_price_check check (price > 0) not valid; create materialized view prototype.totals as select count(*) from prototype.orders",
  "validation-in-same-transaction/near-miss":
    "alter table prototype.orders add constraint orders_parent_check check (parent_id <> id) not valid",
};

const rows = `
  insert into public.plans values (1, 'small');
  insert into prototype.customers values (1, 'Ada');
  insert into prototype.orders values (1, 1, null, now());
  insert into prototype.items values (1, 'a', 'b', 'c', 1, B'1', '10.0.0.0/8', now(), now(), 1, '{x}', 'kind')`;

/** The rules that say that the table is written anew. */
const rewriting = new Set([
  "volatile-default",
  "identity-on-existing-table",
  "stored-generated-column",
  "rewriting-type-change",
]);
/** Those that say that all its rows are read. */
const scanning = new Set(["constraint-without-not-valid", "not-null-on-existing-column"]);

const ids = new Set(safetyRules.map(({ id }) => id));
const fixtures = globSync("*/{fires,near-miss}*.sql", { cwd: fixturesFolder })
  .filter((path) => ids.has(path.split("/")[0] ?? "") && !/\.(?:tsql|search-path|fixed)\.sql$/.test(path))
  .sort();

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql("create schema prototype");
  const history = globSync("migrations/**/*.sql", { cwd: join(fixturesFolder, "projects/postgresql") });
  for (const file of history.sort((a, b) => versionOf(a) - versionOf(b)))
    await database.sql(readFileSync(join(fixturesFolder, "projects/postgresql", file), "utf8"));
  await database.sql(rows);
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe.each(fixtures)("%s", (fixture) => {
  const text = withoutAnnotations(readFileSync(join(fixturesFolder, fixture), "utf8"));

  it("locks, rewrites and reads on a server as the rules say", async () => {
    const analysis = await analyse(text, "postgresql");
    const findings = await lintFixture(fixture, text);
    if (/CONCURRENTLY/.test(text)) return expectConcurrent(text);
    await client.query("begin");
    try {
      await client.query("set local search_path = prototype, public");
      await client.query(needs[fixture.replace(/\.sql$/, "")] ?? "select 1");
      const before = await tables();
      const nameOf = ({ schema, name }: QualifiedName) =>
        `${schema ?? (before.has(`prototype.${name}`) ? "prototype" : "public")}.${name}`;
      const expected = new Map(await strongLocks(before));
      const claimed = { rewrites: new Set<string>(), scans: new Set<string>() };
      const were = { nodes: await fileNodes(), scans: await scans() };
      for (const statement of analysis.statements) {
        const own = findings.filter(({ start }) => start >= statement.start && start < statement.end);
        const sql = text.slice(statement.start, statement.end);
        if (own.some(({ rule }) => rule === "not-null-column-without-default")) {
          await expectRefusal(sql);
          continue;
        }
        for (const action of actionsOf(text, statement, "postgresql")) {
          for (const { table, mode } of locksOf(action, "postgresql")) {
            const name = nameOf(table);
            if (before.has(name)) expected.set(name, stronger(expected.get(name), mode));
          }
          if (action.kind === "drop-index") {
            const name = await tableOf(`${action.index.schema}.${action.index.name}`);
            if (before.has(name)) expected.set(name, "ACCESS EXCLUSIVE");
          }
          const table = "table" in action && action.table !== null ? nameOf(action.table) : "";
          if (own.some(({ rule }) => rewriting.has(rule))) claimed.rewrites.add(table);
          if (action.kind === "validate-constraint" || own.some(({ rule }) => scanning.has(rule)))
            claimed.scans.add(table);
        }
        await client.query(sql);
      }
      expect(await strongLocks(before)).toEqual(inOrder(expected));
      const rule = fixture.split("/")[0] ?? "";
      if (rewriting.has(rule)) {
        const now = await fileNodes();
        expect(changed(were.nodes, now, before)).toEqual([...claimed.rewrites].sort());
      }
      if (scanning.has(rule)) {
        const now = await scans();
        expect(changed(were.scans, now, before)).toEqual([...claimed.scans].sort());
      }
    } finally {
      await client.query("rollback");
    }
  });
});

/** The rows that are there have no value for the new column. */
async function expectRefusal(sql: string): Promise<void> {
  await client.query("savepoint before");
  await expect(client.query(sql)).rejects.toMatchObject({ code: "23502" });
  await client.query("rollback to savepoint before");
}

/** Outside of a transaction its locks are gone when it ends: only that the server takes it can be seen. */
async function expectConcurrent(text: string): Promise<void> {
  const { statements } = await analyse(text, "postgresql");
  for (const { start, end } of statements) await client.query(text.slice(start, end));
}

/** The table that has an index. */
async function tableOf(index: string): Promise<string> {
  const { rows: found } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_index i join pg_class c on c.oid = indrelid
     join pg_namespace n on n.oid = relnamespace where indexrelid = to_regclass($1)`,
    [index],
  );
  return found[0]?.name ?? "";
}

function versionOf(path: string): number {
  return Number(/\/(\d+)_/.exec(path)?.[1]);
}

/** The tables and views that are there, by their names, with their ids. */
async function tables(): Promise<Map<string, number>> {
  const { rows: found } = await client.query<{ name: string; oid: number }>(
    `select n.nspname || '.' || c.relname as name, c.oid from pg_class c join pg_namespace n on n.oid = relnamespace
     where n.nspname in ('public', 'prototype') and relkind in ('r', 'm')`,
  );
  return new Map(found.map(({ name, oid }) => [name, oid]));
}

async function strongLocks(among: ReadonlyMap<string, number>): Promise<[string, LockMode][]> {
  return heldLocks(client, new Map([...among].map(([name, oid]) => [oid, name])));
}

/** Where each table's rows are stored. */
async function fileNodes(): Promise<Map<number, string>> {
  return perTable("pg_relation_filenode(oid)");
}

/** How often this transaction has read all of a table. */
async function scans(): Promise<Map<number, string>> {
  return perTable("pg_stat_get_xact_numscans(oid)");
}

async function perTable(value: string): Promise<Map<number, string>> {
  const { rows: found } = await client.query<{ oid: number; value: string }>(
    `select oid, ${value}::text as value from pg_class where relkind = 'r'`,
  );
  return new Map(found.map((one) => [one.oid, one.value]));
}

function changed(before: Map<number, string>, now: Map<number, string>, among: ReadonlyMap<string, number>): string[] {
  return [...among]
    .filter(([, oid]) => now.has(oid) && before.get(oid) !== now.get(oid))
    .map(([name]) => name)
    .sort();
}
