import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

/** A fresh database on the run's server; `url` is complete, with user and password. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Runs SQL beside the code under test, on a connection of its own. */
  sql<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Makes a database of its own for one test, and drops it after the callback. */
export async function withDatabase<T>(use: (database: TestDatabase) => Promise<T>): Promise<T> {
  const database = await createDatabase();
  try {
    return await use(database);
  } finally {
    await database.drop();
  }
}

export async function createDatabase(): Promise<TestDatabase> {
  const server = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await run(`${server}/postgres`, `create database ${name}`);
  const url = `${server}/${name}`;
  return {
    name,
    url,
    sql: (text) => run(url, text),
    drop: async () => {
      await run(`${server}/postgres`, `drop database if exists ${name} with (force)`);
    },
  };
}

async function run<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result: unknown = await client.query(text);
    const last = Array.isArray(result) ? result.at(-1) : result;
    return (last as { rows: Row[] }).rows;
  } finally {
    await client.end();
  }
}
