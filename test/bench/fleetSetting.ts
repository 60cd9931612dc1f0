import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { startPostgres } from "../support/postgres";
import { type Measured, measured, secondsOfChildren } from "./fleetProcess";
import { createTenant, migrations, psqlMessage } from "./fleetShop";

export interface FleetOptions {
  readonly cli: string;
  readonly parts: readonly string[];
  readonly tenants: number;
  readonly rounds: number;
  readonly idle: number;
  readonly long: number;
  readonly concurrency: "auto" | number;
  readonly server: string | undefined;
}

/** A database of the bench's own, and a project beside it. */
export interface Setting {
  readonly url: string;
  readonly port: number;
  sql<Row extends object>(text: string): Promise<Row[]>;
  /** The processor time of the server's sessions that have ended; NaN for a server elsewhere. */
  serverSeconds(): Promise<number>;
  /** Makes as many schemas with tables. @returns their names */
  make(prefix: string, count: number, tables?: number): Promise<string[]>;
  /** Runs `tenantry` for the tenants with the prefix. */
  tenantry(words: readonly string[], prefix: string, how?: Reaching): Promise<Measured>;
  /** Runs the same on four connections of psql. */
  psql(schemas: readonly string[], how?: Reaching): Promise<Measured>;
}

export interface Reaching {
  /** Another port under which the server is reached. */
  readonly port?: number;
  readonly files?: Readonly<Record<string, string>>;
  /** What psql is told for a schema; otherwise the fleet's migrations. */
  readonly message?: (schema: string) => string;
}

/** Lends a fresh database on a server with the settings of production: what is committed is on disk. */
export async function withSetting(options: FleetOptions, use: (setting: Setting) => Promise<void>): Promise<void> {
  const started =
    options.server === undefined
      ? await startPostgres({ fsync: "on", full_page_writes: "on", synchronous_commit: "on", shared_buffers: "256MB" })
      : null;
  const server = new URL(started?.url ?? options.server ?? "");
  const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
  const name = `bench_${process.pid}`;
  const admin = new Client({ connectionString: new URL("/postgres", server).href });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
    const setting = settingOf(options, new URL(`/${name}`, server), folder);
    await use(setting);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    await started?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settingOf(options: FleetOptions, url: URL, folder: string): Setting {
  const at = (port: number | undefined) => {
    const there = new URL(url);
    if (port !== undefined) there.port = String(port);
    return there.href;
  };
  const sql = async <Row extends object>(text: string) => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      const result: unknown = await client.query(text);
      return (Array.isArray(result) ? result.at(-1) : result).rows as Row[];
    } finally {
      await client.end();
    }
  };
  return {
    url: url.href,
    port: Number(url.port || 5432),
    sql,
    async serverSeconds() {
      await sleep(300);
      try {
        const [row] = await sql<{ pid: string }>("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid");
        await sleep(300);
        return secondsOfChildren(row?.pid ?? "");
      } catch {
        return Number.NaN;
      }
    },
    async make(prefix, count, tables) {
      const names = Array.from({ length: count }, (_, index) => `${prefix}_${String(index).padStart(5, "0")}`);
      const halves = [names.filter((_, index) => index % 2 === 0), names.filter((_, index) => index % 2 === 1)];
      await Promise.all(
        halves.map(async (half) => {
          for (let from = 0; from < half.length; from += 20)
            await sql(
              half
                .slice(from, from + 20)
                .map((schema) => createTenant(schema, tables))
                .join("\n"),
            );
        }),
      );
      await sql("checkpoint");
      return names;
    },
    tenantry(words, prefix, { port, files = migrations } = {}) {
      const project = join(folder, prefix);
      const configuration = {
        tenants: { pattern: `${prefix}_*` },
        connections: { bench: { url: at(port) } },
        defaultConnection: "bench",
        run: { concurrency: options.concurrency },
      };
      write(join(project, "tenantry.json"), JSON.stringify(configuration));
      for (const [file, text] of Object.entries(files)) write(join(project, "migrations/tenant", file), text);
      return measured(process.execPath, [options.cli, ...words], { cwd: project });
    },
    async psql(schemas, { port, message = psqlMessage } = {}) {
      const began = performance.now();
      const parts = [0, 1, 2, 3].map((worker) => {
        const file = join(folder, `psql-${worker}.sql`);
        write(
          file,
          schemas
            .filter((_, index) => index % 4 === worker)
            .map(message)
            .join(""),
        );
        return measured("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, at(port)]);
      });
      const all = await Promise.all(parts);
      const total = (of: (one: Measured) => number) => all.reduce((sum, one) => sum + of(one), 0);
      return {
        milliseconds: performance.now() - began,
        megabytes: total(({ megabytes }) => megabytes),
        cpu: total(({ cpu }) => cpu),
        lines: [],
      };
    },
  };
}

export function hasPsql(): boolean {
  try {
    execFileSync("psql", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
