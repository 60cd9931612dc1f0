import type { RunOptions } from "../model/runOptions";
import { quoteIdentifier, quoteLiteral } from "../sql/quote";
import { schemaLock } from "./advisoryLocks";
import { fingerprintSql, type SchemaHistory } from "./history";
import type { FleetState, SchemaState } from "./state";

/** The errors that our own statements raise inside a tenant's transaction. */
export const guardCodes = {
  /** Another session works on the schema. */
  busy: "TN001",
  /** The schema was dropped, or dropped and made again. */
  gone: "TN002",
  /** The schema's history isn't what was planned for. */
  changed: "TN003",
  /** The schema can't be made the current one. */
  notCurrent: "TN004",
} as const;

/** What all transactions of a run have in common. */
export interface RunContext {
  readonly run: string;
  readonly state: FleetState;
  readonly options: RunOptions;
  readonly publicSchema: string;
  readonly prototypeSchema: string;
  /** The schemas that follow a tenant's own in its search path. */
  readonly pathAfter: readonly string[];
  /** Whether the server can notice by itself that a client is gone, which shortens the life of an orphaned transaction. */
  readonly watchesClient: boolean;
  /** Whether there are constraints whose checks are put off until the transaction's end. */
  readonly deferring: boolean;
  /** The shared tables that may be locked. */
  readonly lockable: ReadonlySet<string>;
}

const pg = "postgresql";

export function literal(text: string): string {
  return quoteLiteral(text, pg);
}

export function identifier(name: string): string {
  return quoteIdentifier(name, pg);
}

/** Settings for the whole transaction, and what it has to remember. */
export function openingStatement(context: RunContext, schema: SchemaState): string {
  const settings = {
    application_name: applicationName(context.run, schema.name),
    ...(context.watchesClient ? { client_connection_check_interval: "2s" } : {}),
  };
  const set = Object.entries(settings).map(([name, value]) => localSetting(name, literal(value)));
  return `select ${[...set, localSetting("tenantry.role", "current_setting('role')")].join(", ")}`;
}

/** Takes the schema's lock or raises `busy`. A statement of its own, so that the guard after it sees what the last holder did. */
export function lockStatement(schema: SchemaState): string {
  return block(
    `if not pg_try_advisory_xact_lock(${schemaLock(schema.id)}) then ${raise(guardCodes.busy, "Another session is migrating this schema.")} end if;`,
  );
}

/** Raises an error unless the schema is the planned one, and its history what was planned for. */
export function guardStatement(context: RunContext, schema: SchemaState, history: SchemaHistory): string {
  const { id } = context.state.database;
  return block(`if (select oid from pg_catalog.pg_namespace where nspname = ${literal(schema.name)}) is distinct from ${schema.id}::oid then
    ${raise(guardCodes.gone, "The schema was dropped or created again while the run went on.")} end if;
  if (select ${fingerprintSql("h")} from tenantry.history h where h.database_id = ${id}::oid and h.schema_id = ${schema.id}::oid) <> '${history.fingerprint}' then
    ${raise(guardCodes.changed, "The schema's history is not what was planned for.")} end if;`);
}

/**
 * Puts timeouts, role and path to what a migration may rely on, asserts that the schema is the current one, and notes the
 * time; before each migration, as the one before may have set them otherwise.
 */
export function enterStatement(context: RunContext, schema: SchemaState, index: number): string {
  const { role, lockTimeout, statementTimeout } = context.options;
  const path = pathOf(context, schema).map(identifier).join(", ");
  return block(`${perform([
    localSetting("lock_timeout", `'${lockTimeout}ms'`),
    localSetting("statement_timeout", `'${statementTimeout}ms'`),
    localSetting("role", role === null ? "current_setting('tenantry.role')" : literal(role)),
    localSetting("search_path", literal(path)),
    localSetting(clock(index), now),
  ])}
  if current_schema() is distinct from ${literal(schema.name)} then
    ${raise(guardCodes.notCurrent, `The schema can't be made the current one${role === null ? "" : ` by the role "${role}"`}: the right USAGE on it is missing.`)} end if;`);
}

/** Gives the role back that may write the history. */
export function leaveStatement(index: number): string {
  return `select ${[
    localSetting("role", "current_setting('tenantry.role')"),
    localSetting("search_path", "'pg_catalog'"),
    localSetting(clock(index), now),
  ].join(", ")}`;
}

const now = "(extract(epoch from clock_timestamp()) * 1000)::bigint::text";

/** The setting that holds, in milliseconds, the moment at which a migration of the message was begun. */
export function clock(index: number): string {
  return `tenantry.clock${index}`;
}

export function pathOf(context: RunContext, schema: SchemaState): string[] {
  return [schema.name, ...context.pathAfter.filter((name) => name !== schema.name)];
}

/** Shown by `pg_stat_activity`; longer names are cut by the server with a notice. */
export function applicationName(run: string, schema: string): string {
  return `tenantry ${run.slice(0, 8)} ${schema}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 63);
}

function localSetting(name: string, value: string): string {
  return `set_config('${name}', ${value}, true)`;
}

function perform(calls: readonly string[]): string {
  return `perform ${calls.join(", ")};`;
}

function block(body: string): string {
  return `do ${literal(`begin\n  ${body}\nend`)}`;
}

function raise(code: string, message: string): string {
  return `raise exception using errcode = '${code}', message = ${literal(message)};`;
}
