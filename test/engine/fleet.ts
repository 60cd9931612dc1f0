import type { Database } from "../../server/src/db/database";
import type { Refusal, RunEvent, RunSummary } from "../../server/src/engine/events";
import { neededPaths } from "../../server/src/engine/needed";
import { makePlan, type Plan, transactionsOf } from "../../server/src/engine/plan";
import { prepareMigrations } from "../../server/src/engine/prepare";
import { type RunSignals, runPlan } from "../../server/src/engine/run";
import type { Selection } from "../../server/src/engine/selection";
import { readState } from "../../server/src/engine/state";
import { statusOf } from "../../server/src/engine/status";
import type { TenantSource } from "../../server/src/engine/tenants";
import { readFileName } from "../../server/src/model/formats";
import { orderMigrations } from "../../server/src/model/history";
import type { Migration } from "../../server/src/model/migration";
import { readMigration } from "../../server/src/model/read";
import type { RunOptions } from "../../server/src/model/runOptions";
import type { Settings } from "../../server/src/model/settings";
import { analyse } from "../../server/src/sql/analyse";

/** A database of either kind, and a project's files beside it. */
export interface Fleet {
  readonly database: Database;
  readonly kind: Kind;
  /** Of the real server; the embedded one lives in this process. */
  readonly url: string | null;
  sql<Row extends object>(text: string): Promise<Row[]>;
}

export type Kind = "PostgreSQL" | "embedded";

export const settings: Settings = {
  dialect: "postgresql",
  publicSchema: "public",
  prototypeSchema: "prototype",
  publicTables: [],
  tenantNames: "qualified",
  order: "interleaved",
};

export const defaults: RunOptions = {
  concurrency: "auto",
  canary: 1,
  lockTimeout: 100,
  statementTimeout: 300_000,
  retries: 20,
  maxFailures: { count: 1 },
  transaction: "tenant",
  concurrentRuns: "refuse",
  outOfOrder: "refuse",
  role: null,
  searchPath: "auto",
};

/** What a test asks for: files by path, and what differs from the defaults. */
export interface Wish {
  /** `public/…` or `tenant/…` paths; see `V1__x.sql` for names. */
  readonly files: Readonly<Record<string, string>>;
  readonly tenants?: TenantSource;
  readonly options?: Partial<RunOptions>;
  readonly selection?: Selection;
  readonly settings?: Partial<Settings>;
  readonly findings?: readonly Refusal[];
}

export const byPattern: TenantSource = { pattern: "t*" };

/** Schemas `t01`, `t02` … and the prototype. */
export async function makeSchemas({ sql }: Fleet, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);
  await sql(["prototype", ...names].map((name) => `create schema "${name}";`).join("\n"));
  return names;
}

export function migrationsOf(files: Wish["files"], given: Settings = settings): Migration[] {
  const migrations = Object.entries(files).map(([path, text]) => {
    const name = readFileName(path, "auto");
    if (name === null || name.kind === "undo") throw new Error(`${path} isn't a migration's name.`);
    const version = name.kind === "versioned" ? name.version : null;
    const scope = path.startsWith("public/") ? "public" : "tenant";
    return readMigration(text, { path, version, name: name.name, scope, format: "auto" }, "postgresql").migration;
  });
  return orderMigrations(migrations, given.order);
}

export async function plan(fleet: Fleet, wish: Wish): Promise<Plan> {
  const given = { ...settings, ...wish.settings };
  const migrations = migrationsOf(wish.files, given);
  const state = await readState(fleet.database, given, wish.tenants ?? byPattern);
  const selection = wish.selection ?? {};
  const needed = neededPaths(state, migrations, selection);
  const files = [];
  for (const migration of migrations) files.push({ migration, analysis: await analyse(migration.text, "postgresql") });
  return makePlan({
    state,
    migrations,
    prepared: await prepareMigrations(files, needed, given),
    findings: wish.findings ?? [],
    settings: given,
    options: { ...defaults, ...wish.options },
    selection,
  });
}

/** Where the first stage of a plan is cut into transactions. */
export async function cutsOf(fleet: Fleet, wish: Wish): Promise<(readonly string[])[]> {
  const { stages, options } = await plan(fleet, wish);
  const [first] = stages;
  return first === undefined ? [] : transactionsOf(first, options);
}

export async function run(
  fleet: Fleet,
  wish: Wish,
  signals: RunSignals = {},
  listen: (event: RunEvent) => void = () => {},
): Promise<{ summary: RunSummary; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    events.push(event);
    listen(event);
  };
  return { summary: await runPlan(fleet.database, await plan(fleet, wish), emit, signals), events };
}

export async function status(fleet: Fleet, wish: Wish) {
  const given = { ...settings, ...wish.settings };
  return statusOf(await readState(fleet.database, given, wish.tenants ?? byPattern), migrationsOf(wish.files, given));
}
