import { type Database, DatabaseError, type Session } from "../db/database";
import { installationLock } from "./advisoryLocks";
import { EngineError } from "./errors";
import { admitFunction } from "./guards";
import { recordFunction } from "./recording";
import { routines } from "./routines";
import type { FleetState } from "./state";
import { fewNames } from "./text";

/** From now on the records are where they were written. */
export const noteOwnNumber = "update tenantry.installation set schema_id = 'tenantry'::regnamespace";

/**
 * The number of the schema itself, by which records are told from a restored copy of them, whose schemas have other numbers than in the
 * history; so have those of a server that was upgraded. Where the records were brought here before, nobody knows.
 */
const ownNumber = `alter table tenantry.installation add column schema_id oid;
${noteOwnNumber}
  where (select coalesce(bool_or(h.database_id = d.oid and h.schema_id in (select oid from pg_namespace where oid >= 16384)), true)
    from tenantry.history h, pg_database d where d.datname = current_database());`;

/** The version of the schema `tenantry` that this program writes. */
export const installedVersion = upgrades().length;

/** Has the records ready to be written to; those that were restored before anything was written to them begin here. */
export async function installFor(
  database: Database,
  { installed, copiedFrom, keepsNumbers }: Pick<FleetState, "installed" | "copiedFrom" | "keepsNumbers">,
): Promise<void> {
  if (installed < installedVersion) await install(database);
  else if (!keepsNumbers && copiedFrom === null) await database.session((session) => session.script(noteOwnNumber));
}

/**
 * Makes the schema `tenantry`, or brings it up to date, under one advisory lock.
 * @throws EngineError where it was made by a newer program, or the role may not make it
 */
export async function install(database: Database): Promise<void> {
  await database.session(async (session) => {
    try {
      // Bodies are checked by the tests, and when they are called.
      await session.script(
        `begin; set local check_function_bodies = off; select pg_advisory_xact_lock(${installationLock});`,
      );
      const version = await versionOf(session);
      if (version > installedVersion) throw new EngineError(newerMessage(version));
      if (version < installedVersion) {
        const steps = [...upgrades().slice(version), `update tenantry.installation set version = ${installedVersion};`];
        await session.script(steps.join("\n"));
      }
      await session.script("commit");
    } catch (error) {
      await session.script("rollback").catch(() => undefined);
      throw explain(error, database);
    }
  });
}

export function newerMessage(version: number): string {
  return (
    `The records in the schema "tenantry" were written by a newer Tenantry (${version}, this one knows ${installedVersion}). ` +
    "Update Tenantry and try again."
  );
}

/**
 * The version of the schema `tenantry`, 0 where there is none.
 * @throws EngineError where a table of it is gone
 */
export async function versionOf(session: Session): Promise<number> {
  const present = await session.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = to_regnamespace('tenantry') and relkind = 'r'",
  );
  const names = new Set(present.map(({ name }) => name));
  const hasRecords = [...tables].some(([name]) => names.has(name));
  if (!hasRecords) return 0;
  const version = names.has("installation") ? await recordedVersion(session) : null;
  const lost = [...tables].filter(([name, since]) => !names.has(name) && since <= (version ?? 1)).map(([name]) => name);
  if (version === null || lost.length > 0) throw new EngineError(lostMessage(lost));
  return version;
}

async function recordedVersion(session: Session): Promise<number | null> {
  const [row] = await session.query<{ version: number }>("select version from tenantry.installation");
  return row?.version ?? null;
}

/** The tables of the records, and the version since which each is there. */
const tables: ReadonlyMap<string, number> = new Map([
  ["installation", 1],
  ["history", 1],
  ["runs", 1],
  ["outcomes", 1],
  ["claims", 1],
  ["decisions", 2],
]);

function lostMessage(lost: readonly string[]): string {
  const names = lost.map((name) => `tenantry.${name}`);
  const what =
    names.length === 0
      ? "the row of tenantry.installation is"
      : `${fewNames(names)} ${names.length === 1 ? "is" : "are"}`;
  return (
    `Tenantry's records in this database are incomplete: ${what} gone, though the rest of the schema "tenantry" is there. ` +
    "Nobody could be sure any more what was applied where, so that nothing is done. Restore what is gone from a backup. Where there is none, " +
    "begin a new history: drop schema tenantry cascade; then take the schemas into it as they are: tenantry baseline --to VERSION"
  );
}

/**
 * One step for each version. All of the history's columns are of bounded length, so that PostgreSQL gives it no TOAST table;
 * their order is "C", the order in which fingerprints are made.
 */
function upgrades(): string[] {
  return [
    `create schema if not exists tenantry;
create table tenantry.installation (version integer not null);
insert into tenantry.installation values (0);
create table tenantry.runs (
  id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  state varchar(12) not null default 'running',
  host varchar(255) not null,
  pid integer not null,
  user_name varchar(255) not null,
  digest varchar(64) not null,
  schemas integer not null,
  newest_schema oid not null
);
create index on tenantry.runs (started_at);
create table tenantry.history (
  database_id oid not null,
  schema_id oid not null,
  kind varchar(12) collate "C" not null,
  key varchar(160) collate "C" not null,
  schema_name varchar(63) not null,
  name varchar(160) not null,
  checksum varchar(64) collate "C" not null,
  run_id uuid not null,
  applied_at timestamptz not null default clock_timestamp(),
  milliseconds integer not null,
  primary key (database_id, schema_id, kind, key)
);
create table tenantry.outcomes (
  run_id uuid not null,
  stage integer not null,
  schema_name varchar(63) not null,
  schema_id oid not null,
  outcome varchar(12) not null,
  versions text not null,
  code varchar(16),
  message text,
  file text,
  line integer,
  "column" integer,
  attempts integer not null,
  milliseconds integer not null,
  finished_at timestamptz not null default clock_timestamp(),
  primary key (run_id, stage, schema_name)
);
create index on tenantry.outcomes (schema_id, finished_at) where outcome = 'failed';
create table tenantry.claims (
  database_id oid not null,
  schema_id oid not null,
  key varchar(160) not null,
  checksum varchar(64) not null,
  run_id uuid not null,
  statement integer not null,
  begun boolean not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (database_id, schema_id, key)
);`,
    `create table tenantry.decisions (
  id uuid not null,
  kind varchar(12) not null,
  database_id oid not null,
  schema_id oid,
  schema_name varchar(63),
  key varchar(160),
  old_checksum varchar(64),
  new_checksum varchar(64),
  reason text,
  host varchar(255) not null,
  user_name varchar(255) not null,
  decided_at timestamptz not null default clock_timestamp(),
  undone_at timestamptz,
  undone_by varchar(255)
);
create index on tenantry.decisions (decided_at);`,
    "",
    `alter table tenantry.runs add column stages text not null default '[]', add column stop_requested varchar(8),
  add column stop_requested_at timestamptz, add column stop_requested_by varchar(255);`,
    "alter table tenantry.outcomes add column notices text;",
    "drop function if exists tenantry.admit(text, oid, oid, text, bigint, text, boolean);",
    "",
    "",
    "",
    `${admitFunction}\n${ownNumber}`,
    "",
    "",
    `${routines}\n${recordFunction}`,
  ];
}

function explain(error: unknown, database: Database): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.code === "42501") {
    return new EngineError(
      `Tenantry keeps its records in a schema "tenantry", which this role may not make in ${database.label} (${error.message}). ` +
        "Connect as a role that may create schemas, or let the database's owner run: create schema tenantry authorization <role>;",
      { cause: error },
    );
  }
  if (error.code === "25006") return new EngineError(readOnlyMessage(database.label), { cause: error });
  return error;
}

export function readOnlyMessage(label: string): string {
  return `${label} can't be written to: it is a read-only replica, or its transactions are set to be read-only. Connect to the primary server.`;
}
