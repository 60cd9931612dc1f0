import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteIdentifier } from "../../server/src/sql/quote";
import { fillTemplate } from "../../server/src/sql/render";
import { createDatabase, type TestDatabase } from "../support/database";
import { dependenciesOn, describeSchema } from "./catalogSupport";
import { template } from "./renderSupport";

const root = join(import.meta.dirname, "../..");
const fixtures = join(root, "test/fixtures/render");
const shop = join(root, "examples/shop/migrations");

/** Each migration, or run of migrations, with the public ones that come before them in the history. */
const histories: readonly (readonly [string, readonly string[]])[] = [
  ...readdirSync(fixtures).map((name) => [name, [join(fixtures, name)]] as const),
  ["the shop", ["public", "tenant"].flatMap((scope) => filesOf(join(shop, scope))).sort(byVersion)],
];

/** Names that hold what could break out of an identifier, a literal or a body, and names that the server would fold. */
const tenants = ['a"b; drop schema x', "ACME", "🦊 it's", "$$b$body$'"];

describe.each(histories)("%s", (_name, files) => {
  let database: TestDatabase;
  let client: Client;
  let expected: string[];

  beforeAll(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`do $$ begin create role app; exception when duplicate_object or unique_violation then null; end $$;
      create schema prototype; create publication shared; create publication chosen`);
    if (files.length === 1) await client.query("create table public.plans (id int primary key)");
    for (const file of files) await apply("prototype", readFileSync(file, "utf8"));
    expected = await describeSchema(client, "prototype");
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** Runs a migration as a run would: as one transaction, with the schema and the public one in the path. */
  async function apply(schema: string, sql: string): Promise<void> {
    const path = `${quoteIdentifier(schema, "postgresql")}, public`;
    try {
      await client.query(
        `begin; set local search_path = ${path}; set local client_min_messages = error;\n${sql};\ncommit`,
      );
    } finally {
      await client.query("rollback; reset all");
    }
  }

  test.each(tenants)("on the tenant %s the catalog is the prototype's", async (tenant) => {
    await client.query(`create schema ${quoteIdentifier(tenant, "postgresql")}`);
    for (const file of files.filter((name) => !isPublic(name))) {
      await apply(tenant, fillTemplate(await template(readFileSync(file, "utf8")), tenant).sql);
    }
    expect(expected.length).toBeGreaterThan(30);
    expect(await describeSchema(client, tenant)).toEqual(expected);
    expect(await dependenciesOn(client, tenant, "prototype")).toEqual([]);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function isPublic(file: string): boolean {
  return file.startsWith(join(shop, "public"));
}

function byVersion(one: string, other: string): number {
  return basename(one).localeCompare(basename(other));
}
