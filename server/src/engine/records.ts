import type { Session } from "../db/database";
import { isAliveSql } from "./advisoryLocks";
import { author } from "./author";
import type { Failure, Outcome, RunSummary } from "./events";
import type { Plan } from "./plan";
import { shownTimeSql } from "./text";

/** What a run can be asked through the database: to begin nothing more, or to end what is running as well. */
export type StopRequest = "stop" | "cancel";

/** How a stage ended for one schema, as it is recorded. */
export interface OutcomeRecord {
  readonly stage: number;
  readonly schema: string;
  readonly schemaId: number;
  readonly outcome: Outcome;
  readonly versions: readonly string[];
  readonly attempts: number;
  readonly milliseconds: number;
  /** What the server said meanwhile, each with its severity. */
  readonly notices: readonly string[];
  readonly failure: Failure | null;
}

/** Records that a run has begun: who, when, from where, and which plan. Runs that were killed are marked as lost. */
export async function recordStart(session: Session, run: string, plan: Plan): Promise<void> {
  const { host, user } = author();
  const schemas = new Set(plan.stages.flatMap((stage) => stage.schemas.map(({ schema }) => schema.id)));
  await session.query(
    `with lost as (update tenantry.runs r set state = 'lost', finished_at = clock_timestamp() where state = 'running' and not ${isAliveSql("r")})
     insert into tenantry.runs (id, host, pid, user_name, digest, schemas, stages, newest_schema)
     select $1::uuid, $2::text, $3::int, $4::text, $5::text, $6::int, $7::text, max(oid::bigint)::oid from pg_catalog.pg_namespace
     on conflict do nothing`,
    [run, host, process.pid, user, plan.report.digest, schemas.size, JSON.stringify(plan.report.stages)],
  );
}

/** Records outcomes, and that the run is alive. @returns what it was asked to do meanwhile */
export async function recordOutcomes(
  session: Session,
  run: string,
  outcomes: readonly OutcomeRecord[],
): Promise<StopRequest | null> {
  const rows = outcomes.map(({ failure, versions, schemaId, notices, ...outcome }) => ({
    ...outcome,
    schema_id: schemaId,
    versions: versions.join(" "),
    notices: notices.length === 0 ? null : notices.join("\n").slice(0, mostNoticeText),
    ...(failure === null ? {} : failure),
  }));
  const [row] = await session.query<{ asked: StopRequest | null }>(
    `with beat as (update tenantry.runs set heartbeat_at = clock_timestamp() where id = $1::uuid returning stop_requested as asked),
     told as (insert into tenantry.outcomes (run_id, stage, schema_name, schema_id, outcome, versions, code, message, file, line, "column", attempts, milliseconds, notices)
     select $1::uuid, stage, schema, schema_id, outcome, versions, code, message, file, line, "column", attempts, milliseconds, notices
     from json_to_recordset($2::json) as o (stage int, schema text, schema_id oid, outcome text, versions text, code text, message text,
       file text, line int, "column" int, attempts int, milliseconds int, notices text)
     on conflict do nothing)
     select asked from beat`,
    [run, JSON.stringify(rows)],
  );
  return row?.asked ?? null;
}

const mostNoticeText = 8_000;

export async function recordEnd(session: Session, run: string, stopped: RunSummary["stopped"]): Promise<void> {
  await session.query(
    "update tenantry.runs set state = $2::text, finished_at = clock_timestamp() where id = $1::uuid",
    [run, stopped ?? "done"],
  );
}

/** The run that is going on, for people; null where none is recorded. */
export async function describeRunning(session: Session): Promise<string | null> {
  const [row] = await session.query<{ description: string }>(
    `select format('by %s on %s (process %s) at %s', user_name, host, pid, ${shownTimeSql("started_at", "second")}) as description
     from tenantry.runs r where state = 'running' and ${isAliveSql("r")} order by started_at desc limit 1`,
  );
  return row?.description ?? null;
}
