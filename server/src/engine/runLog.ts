import type { Session } from "../db/database";
import { isAliveSql } from "./advisoryLocks";
import { type Failure, type Outcome, type PlanStage, worstFirst } from "./events";
import type { StopRequest } from "./records";

/** A run as the database has it recorded. */
export interface RecordedRun {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** `lost` is one whose process is gone without having said how it ended. */
  readonly state: "running" | "done" | "failures" | "cancelled" | "lost";
  readonly host: string;
  readonly pid: number;
  readonly user: string;
  readonly digest: string;
  readonly stopRequested: StopRequest | null;
  readonly milliseconds: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  /** How many of the skipped schemas were left out for a reason. */
  readonly leftOut: number;
  /** How many of the others had a stage applied before the run stopped; the rest was never begun. */
  readonly inPart: number;
  readonly schemas: number;
}

/** The last runs, the newest first. */
export function readRuns(session: Session, most: number): Promise<RecordedRun[]> {
  return runsOf(session, "true order by r.started_at desc limit $1::int", most);
}

/** One run; undefined where it isn't on record. */
export async function readRun(session: Session, id: string): Promise<RecordedRun | undefined> {
  const [run] = await runsOf(session, "r.id = $1::uuid", id);
  return run;
}

/** A schema is counted once, by the worst that its stages came to. */
async function runsOf(session: Session, which: string, parameter: number | string): Promise<RecordedRun[]> {
  const worst = `array[${worstFirst.map((outcome) => `'${outcome}'`).join(", ")}]::text[]`;
  const rows = await session.query<{ run: RecordedRun }>(
    `select json_build_object('id', r.id, 'startedAt', r.started_at, 'finishedAt', r.finished_at,
       'state', case when r.state = 'running' and not ${isAliveSql("r")} then 'lost' else r.state end,
       'host', r.host, 'pid', r.pid, 'user', r.user_name, 'digest', r.digest, 'stopRequested', r.stop_requested, 'schemas', r.schemas,
       'milliseconds', (extract(epoch from coalesce(r.finished_at, clock_timestamp()) - r.started_at) * 1000)::bigint,
       'counts', (select coalesce(json_object_agg(outcome, n), '{}') from
         (select (${worst})[place] as outcome, count(*) as n from
           (select min(array_position(${worst}, outcome::text)) as place from tenantry.outcomes o where o.run_id = r.id group by schema_name) ended
          group by place) counted),
       'leftOut', (select count(distinct schema_name) from tenantry.outcomes o
         where o.run_id = r.id and outcome = 'skipped' and code is not null),
       'inPart', (select count(*) from
         (select from tenantry.outcomes o where o.run_id = r.id group by schema_name
          having bool_or(outcome = 'applied') and bool_or(outcome = 'skipped' and code is null)
            and not bool_or(outcome in ('failed', 'cancelled'))) begun)) as run
     from tenantry.runs r where ${which}`,
    [parameter],
  );
  return rows.map(({ run }) => run);
}

/** What a run set out to do. */
export async function readStages(session: Session, run: string): Promise<readonly PlanStage[]> {
  const [row] = await session.query<{ stages: string }>("select stages from tenantry.runs where id = $1::uuid", [run]);
  return JSON.parse(row?.stages ?? "[]") as PlanStage[];
}

/** One outcome of a run. */
export interface RecordedOutcome {
  readonly stage: number;
  readonly schema: string;
  readonly outcome: Outcome;
  readonly versions: readonly string[];
  readonly attempts: number;
  readonly milliseconds: number;
  readonly failure: Failure | null;
}

/** A run's outcomes in the order in which they were recorded, without the first ones. */
export async function readOutcomes(session: Session, run: string, without: number): Promise<RecordedOutcome[]> {
  const rows = await session.query<Omit<RecordedOutcome, "versions" | "failure"> & Failure & { versions: string }>(
    `select stage, schema_name::text as schema, outcome::text, versions, attempts, milliseconds, code::text, message, file, line, "column"
     from tenantry.outcomes where run_id = $1::uuid order by finished_at, stage, schema_name offset $2::int`,
    [run, without],
  );
  return rows.map(({ versions, code, message, file, line, column, ...outcome }) => ({
    ...outcome,
    versions: versions === "" ? [] : versions.split(" "),
    failure: code === null ? null : { code, message, file, line, column },
  }));
}

/** Asks the runs that go on to stop, or only one of them. @returns those that were asked */
export async function requestStop(
  session: Session,
  how: StopRequest,
  who: string,
  run: string | null,
): Promise<string[]> {
  const rows = await session.query<{ id: string }>(
    `update tenantry.runs r set stop_requested = $1::text, stop_requested_at = clock_timestamp(), stop_requested_by = $2::text
     where state = 'running' and ${isAliveSql("r")} and ($3::uuid is null or id = $3::uuid) returning id::text`,
    [how, who, run],
  );
  return rows.map(({ id }) => id);
}
