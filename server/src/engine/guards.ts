import type { RunOptions } from "../model/runOptions";
import { quoteIdentifier, quoteLiteral } from "../sql/quote";
import { schemaLock } from "./advisoryLocks";
import type { Failure } from "./events";
import type { Gate } from "./gate";
import { fingerprintSql, type SchemaHistory } from "./history";
import { ownRoleStatements } from "./leavings";
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
  /** Whether there are constraints whose checks are put off until the transaction's end, and that several files of one may rely on. */
  readonly deferring: boolean;
  /** The shared tables that may be locked. */
  readonly lockable: ReadonlySet<string>;
  /** What touches shared tables passes it, so that workers never wait for each other in front of everybody else. */
  readonly gate: Gate;
  /** How many more sessions the server has room for. */
  readonly freeSessions: number;
}

/** What a guard says where it refuses to go on. */
export type Refused = Pick<Failure, "code" | "message">;

const pg = "postgresql";

export function literal(text: string): string {
  return quoteLiteral(text, pg);
}

export function identifier(name: string): string {
  return quoteIdentifier(name, pg);
}

/**
 * Names the transaction, takes the schema's lock or raises `busy`, and raises an error unless the schema is the planned one, and
 * its history what was planned for. What is looked up is seen as the lock's last holder left it.
 */
export function admitStatements(context: RunContext, schema: SchemaState, history: SchemaHistory): string[] {
  const name = literal(applicationName(context.run, schema.name));
  const lock = schemaLock(schema.id);
  return [
    `set local application_name = ${name}`,
    ...(context.watchesClient ? ["set local client_connection_check_interval = '2s'"] : []),
    `select tenantry.admit(${literal(schema.name)}, ${schema.id}, ${context.state.database.id}, '${history.fingerprint}', ${lock})`,
  ];
}

/** Raises `busy` unless the call takes its lock. */
export function tryLockStatement(call: string): string {
  return block(refusedUnless(call));
}

function refusedUnless(call: string): string {
  return `if not ${call} then ${raise(guardCodes.busy, "Another session is migrating this schema.")} end if;`;
}

/**
 * For a function that looks rows up by their key: without it the server may plan its statements anew at each call, by what it has counted
 * of the table, which costs more than carrying them out.
 */
export const planOnce = "set plan_cache_mode = force_generic_plan set enable_seqscan = off";

/**
 * The function that `admitStatements` calls: its own statements are planned once for each connection instead of for each schema.
 * Where the schema is, is asked last: reading the history has made the session hear of what others dropped and renamed.
 */
export const admitFunction = `create or replace function tenantry.admit(wanted text, wanted_id oid, here oid, planned text, lock bigint)
returns void language plpgsql
${planOnce} as $admit$
begin
  ${refusedUnless("pg_try_advisory_xact_lock(lock)")}
  if (select ${fingerprintSql("h")} from tenantry.history h where h.database_id = here and h.schema_id = wanted_id) <> planned then
    ${raise(guardCodes.changed, "The schema's history is not what was planned for.")} end if;
  if to_regnamespace(quote_ident(wanted))::oid is distinct from wanted_id then
    ${raise(guardCodes.gone, "The schema was dropped, renamed or created again while the run went on.")} end if;
end
$admit$;`;

/**
 * Puts timeouts, role and path to what a migration may rely on; again behind each that may have set them otherwise. Settings are what the
 * server is done with in microseconds, where a block costs as much as a table's new column.
 */
export function settingStatements(context: RunContext, schema: SchemaState): string[] {
  const { role, lockTimeout, statementTimeout } = context.options;
  return [
    `set local lock_timeout = ${lockTimeout}`,
    `set local statement_timeout = ${statementTimeout}`,
    ...(role === null ? ownRoleStatements : ["reset session authorization", `set local role ${identifier(role)}`]),
    `set local search_path = ${pathOf(context, schema).map(identifier).join(", ")}`,
  ];
}

/**
 * Notes the time, and asserts that the schema is the current one: by a division by zero, as a role that may not use our functions has
 * nothing else to raise an error by.
 */
export function assertStatement(schema: SchemaState, index: number): string {
  return `select ${noteTime(index)}, 1 / (current_schema() is not distinct from ${literal(schema.name)})::int`;
}

/** What the division by zero of `assertStatement` says. */
export function notCurrentRefusal({ options, state }: RunContext, schema: SchemaState): Refused {
  const role = options.role ?? state.role;
  return {
    code: guardCodes.notCurrent,
    message: `The schema can't be made the current one by the role "${role}": the right USAGE on it is missing. Let its owner run: grant usage on schema ${identifier(schema.name)} to ${identifier(role)};`,
  };
}

/** Asserts by a division by zero that the schema is still the one that it was: what is recorded of it would be another's. */
export function sameSchemaStatement({ name, id }: SchemaState): string {
  return `select 1 / (pg_catalog.to_regnamespace(${literal(identifier(name))})::oid is not distinct from ${id})::int`;
}

/** What the division by zero of `sameSchemaStatement` says. */
export function otherSchemaRefusal({ name }: SchemaState): Refused {
  return {
    code: guardCodes.gone,
    message: `After this file the schema ${identifier(name)} is gone, or another one: a migration may change what is in the schema it runs for, and not drop, rename or remake that schema itself.`,
  };
}

/** Give the role back that may write the history. */
export const leaveStatements = [...ownRoleStatements, "set local search_path = pg_catalog"] as const;

/** Tells how long the message took up to here, from its arrival: its answer may reach us with the next one's. */
export const tookStatement =
  "select (extract(epoch from clock_timestamp() - statement_timestamp()) * 1000)::float8 as milliseconds";

function noteTime(index: number): string {
  return `set_config('${clock(index)}', extract(epoch from clock_timestamp())::text, true)`;
}

/** The setting that holds, in seconds, the moment at which a migration of the message was begun; before the migration's place in it. */
export function clock(index: number | ""): string {
  return `tenantry.clock${index}`;
}

function pathOf(context: RunContext, schema: SchemaState): string[] {
  return [schema.name, ...context.pathAfter.filter((name) => name !== schema.name)];
}

/** Shown by `pg_stat_activity`; longer names are cut by the server with a notice. */
export function applicationName(run: string, schema: string): string {
  return `tenantry ${run.slice(0, 8)} ${schema}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 63);
}

export function block(body: string): string {
  return `do ${literal(`begin\n  ${body}\nend`)}`;
}

function raise(code: string, message: string): string {
  return `raise exception using errcode = '${code}', message = ${literal(message)};`;
}
