import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database";
import { lintFixture } from "./fixtures";

/** What the server says to a statement inside of a transaction: that it must not be in one. */
const refusedInTransaction = "25001";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql(`
    create schema prototype;
    create table prototype.orders (id bigint primary key, placed_at timestamptz, note text) ;
    create table prototype.parts (id bigint) partition by range (id);
    create table prototype.parts_1 partition of prototype.parts for values from (0) to (10);
    create index orders_placed_at on prototype.orders (placed_at);
    create type prototype.mood as enum ('good');`);
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe("the server and the rule agree whether a transaction may hold", () => {
  it.each([
    "CREATE INDEX CONCURRENTLY ON prototype.orders (note)",
    "CREATE UNIQUE INDEX CONCURRENTLY x ON prototype.orders (note)",
    "CREATE INDEX ON prototype.orders (note)",
    "DROP INDEX CONCURRENTLY prototype.orders_placed_at",
    "DROP INDEX prototype.orders_placed_at",
    "REINDEX INDEX CONCURRENTLY prototype.orders_placed_at",
    "REINDEX (CONCURRENTLY, VERBOSE) TABLE prototype.orders",
    "REINDEX (CONCURRENTLY FALSE) TABLE prototype.orders",
    "REINDEX TABLE prototype.orders",
    "REINDEX SCHEMA prototype",
    "REINDEX (VERBOSE) SCHEMA prototype",
    "REINDEX DATABASE",
    "ALTER TABLE prototype.parts DETACH PARTITION prototype.parts_1 CONCURRENTLY",
    "ALTER TABLE prototype.parts DETACH PARTITION prototype.parts_1",
    "VACUUM prototype.orders",
    "ANALYZE prototype.orders",
    "CLUSTER",
    "CLUSTER VERBOSE",
    "CLUSTER prototype.orders USING orders_placed_at",
    "ALTER SYSTEM SET work_mem = '8MB'",
    "CREATE DATABASE reports",
    "DROP DATABASE IF EXISTS reports",
    "ALTER DATABASE postgres SET TABLESPACE pg_default",
    "ALTER DATABASE postgres SET work_mem = '8MB'",
    "CREATE TABLESPACE fast LOCATION '/nowhere'",
    "DROP TABLESPACE IF EXISTS fast",
    "CREATE SUBSCRIPTION x CONNECTION '' PUBLICATION y",
    "DISCARD ALL",
    "DISCARD PLANS",
    "ALTER TYPE prototype.mood ADD VALUE 'bad'",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY prototype.nothing",
    "LOCK TABLE prototype.orders",
    "CHECKPOINT",
  ])("%s", async (statement) => {
    await client.query("begin");
    const code = await client.query(statement).then(
      () => null,
      (error: { code?: string }) => error.code,
    );
    await client.query("rollback");
    const findings = await lintFixture("statement.sql", statement);
    const reported = findings.some(({ rule }) => rule === "non-transactional-statement");
    expect([code, reported]).toEqual([code, code === refusedInTransaction]);
  });
});

/** What the server says of an enum value that is younger than the transaction's beginning. */
const unsafeValue = "55P04";

describe("the server and the rule agree whether a new enum value may be used", () => {
  const add = "ALTER TYPE prototype.mood ADD VALUE 'new'";
  it.each([
    [add, "SELECT 'new'::prototype.mood"],
    [add, "ALTER TABLE prototype.orders ADD COLUMN mood prototype.mood DEFAULT 'new'"],
    [add, "DO $$ BEGIN PERFORM 'new'::prototype.mood; END $$"],
    [add, "SELECT 'good'::prototype.mood"],
    [add, "ALTER TYPE prototype.mood ADD VALUE 'newer' AFTER 'new'"],
    [add, "COMMENT ON TABLE prototype.orders IS 'new'"],
    [add, "CREATE FUNCTION prototype.f() RETURNS prototype.mood LANGUAGE plpgsql AS $$ BEGIN RETURN 'new'; END $$"],
    [
      "CREATE TYPE prototype.other AS ENUM ('a'); ALTER TYPE prototype.other ADD VALUE 'new'",
      "SELECT 'new'::prototype.other",
    ],
  ])("%s; %s", async (first, second) => {
    await client.query("begin");
    await client.query(first);
    const code = await client.query(second).then(
      () => null,
      (error: { code?: string }) => error.code,
    );
    await client.query("rollback");
    const findings = await lintFixture("statement.sql", `${first};\n${second};`);
    const reported = findings.some(({ rule }) => rule === "non-transactional-statement");
    expect([code, reported]).toEqual([code, code === unsafeValue]);
  });
});
