import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestDatabase, withDatabase } from "../support/database";
import { folderOf, tenantry } from "./command";
import type { RunLine } from "./contract";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const names = Array.from({ length: 20 }, (_, n) => `shop_${String(n + 1).padStart(2, "0")}`);

export const orders = "CREATE TABLE prototype.orders (id bigint PRIMARY KEY);\n";
const migrations = {
  "migrations/public/0001_plans.sql": "CREATE TABLE public.plans (id int PRIMARY KEY);\n",
  "migrations/tenant/0002_orders.sql": orders,
};

interface Fleet {
  readonly path: string;
  readonly database: TestDatabase;
  run(...words: string[]): ReturnType<typeof tenantry>;
  /** The same, logged in as another role, with the password `secret`. */
  runAs(role: string, ...words: string[]): ReturnType<typeof tenantry>;
  write(path: string, text: string): void;
}

/** A project on a fresh database with 20 tenants and a prototype. */
export async function withFleet(
  use: (fleet: Fleet) => Promise<void>,
  {
    tenants = names,
    files = {},
    configuration = {},
  }: { tenants?: readonly string[]; files?: object; configuration?: object } = {},
): Promise<void> {
  await withDatabase(async (database) => {
    const schemas = ["prototype", ...new Set(tenants)].map((name) => `create schema ${quoted(name)};`);
    const rows = tenants.map((name) => `insert into public.tenants (name) values ('${name.replaceAll("'", "''")}');`);
    await database.sql([...schemas, "create table public.tenants (id serial, name text);", ...rows].join("\n"));
    const folder = folderOf({
      ...migrations,
      ...files,
      "tenantry.json": JSON.stringify({
        connections: { server: { url: `\${env:TEST_DATABASE}` } },
        defaultConnection: "server",
        tenants: { query: "select name from public.tenants order by id" },
        ...configuration,
      }),
    });
    try {
      await use({
        path: folder.path,
        database,
        run: (...words) => tenantry(words, { cwd: folder.path, env: { TEST_DATABASE: database.url } }),
        runAs: (role, ...words) => {
          const url = Object.assign(new URL(database.url), { username: role, password: "secret" });
          return tenantry(words, { cwd: folder.path, env: { TEST_DATABASE: url.href } });
        },
        write: (path, text) => writeFileSync(join(folder.path, path), text),
      });
    } finally {
      folder.remove();
    }
  });
}

export const summaryOf = (lines: readonly RunLine[]) => {
  const last = lines.at(-1);
  if (last?.event !== "summary") throw new Error(`ended without a summary: ${JSON.stringify(last)}`);
  return last;
};
