import type { Session } from "../db/database";
import { isAliveSql } from "./advisoryLocks";
import type { Failure, Outcome } from "./events";
import type { RunContext } from "./guards";
import { extendHistory, fingerprintSql, type SchemaHistory } from "./history";
import type { Job } from "./job";
import { labelOf } from "./label";
import type { Queue } from "./queue";

/** The other runs that are at work in the database at the same time. */
export interface Company {
  /** Whether there were any at the last look. */
  readonly isThere: boolean;
  /** Takes out of the queue what the others have done, where it is time to look again. */
  look(session: Session, queue: Queue<Job>, settle: Settle): Promise<void>;
}

type Settle = (job: Job, outcome: Outcome, failure: Failure | null) => void;

/** A run that shares its work looks about twice a second. */
export function createCompany(context: RunContext): Company {
  if (context.options.concurrentRuns === "refuse") return { isThere: false, look: async () => undefined };
  let isThere = true;
  let looked = Number.NEGATIVE_INFINITY;
  let seen: string | null = null;
  return {
    get isThere() {
      return isThere;
    },
    async look(session, queue, settle) {
      if (performance.now() - looked < interval) return;
      looked = performance.now();
      const { others, now, ended } = await readOthers(session, context, seen);
      isThere = others > 0;
      seen = now;
      await takeOut(session, context, queue, ended, settle);
    },
  };
}

const interval = 500;

interface Ended extends Failure {
  readonly schema: number;
  readonly outcome: Outcome;
  readonly versions: string;
}

interface Others {
  readonly others: number;
  readonly now: string;
  readonly ended: readonly Ended[];
}

/** What the runs that went on beside this one have ended since; their reports may be late by a moment, and none must be missed. */
async function readOthers(session: Session, { run }: RunContext, since: string | null): Promise<Others> {
  const [row] = await session.query<Others>(
    `with mine as (select started_at from tenantry.runs where id = $1::uuid),
     others as (select r.id, r.state = 'running' and ${isAliveSql("r")} as alive from tenantry.runs r, mine
       where r.id <> $1::uuid and (r.finished_at is null or r.finished_at > mine.started_at))
     select (select count(*)::int from others where alive) as others, clock_timestamp()::text as now,
       (select coalesce(json_agg(json_build_object('schema', o.schema_id::bigint, 'outcome', o.outcome, 'versions', o.versions, 'code', o.code,
          'message', o.message, 'file', o.file, 'line', o.line, 'column', o."column")), '[]')
        from tenantry.outcomes o join others on others.id = o.run_id
        where o.finished_at > coalesce($2::timestamptz - interval '5 s', '-infinity') and o.outcome in ('applied', 'unchanged', 'failed')) as ended`,
    [run, since],
  );
  return row ?? { others: 0, now: "now", ended: [] };
}

/** What others applied is done where the history says so; what failed for them would fail again. */
async function takeOut(
  session: Session,
  context: RunContext,
  queue: Queue<Job>,
  ended: readonly Ended[],
  settle: Settle,
): Promise<void> {
  const waiting = new Map(queue.jobs().map((job) => [job.schema.id, job]));
  const concerned = ended.flatMap((end) => {
    const job = waiting.get(end.schema);
    return job === undefined ? [] : [{ end, job }];
  });
  const failed = concerned.filter(({ end, job }) => end.outcome === "failed" && end.versions === versionsOf(job));
  const maybeDone = concerned.filter(({ end }) => end.outcome !== "failed").map(({ job }) => job);
  const done = await withCompleteHistory(session, context, maybeDone);
  const out = new Set([...done, ...failed.map(({ job }) => job)]);
  // Another worker may have taken one meanwhile: it finds out by itself.
  const still = new Set(queue.jobs());
  queue.remove((job) => out.has(job));
  for (const job of done) {
    if (!still.has(job)) continue;
    job.history = completeHistory(job);
    settle(job, "unchanged", null);
  }
  for (const { job, end } of failed) {
    const { code, message, file, line, column } = end;
    if (still.has(job)) settle(job, "failed", { code, message, file, line, column });
  }
}

function versionsOf(job: Job): string {
  return job.migrations.map(({ migration }) => labelOf(migration)).join(" ");
}

async function withCompleteHistory(session: Session, context: RunContext, jobs: readonly Job[]): Promise<Set<Job>> {
  if (jobs.length === 0) return new Set();
  const rows = await session.query<{ schema: string; fingerprint: string }>(
    `select schema_id::bigint as schema, ${fingerprintSql("h")} as fingerprint from tenantry.history h
     where database_id = $1::oid and schema_id = any ($2::oid[]) group by schema_id`,
    [context.state.database.id, jobs.map(({ schema }) => schema.id)],
  );
  const fingerprints = new Map(rows.map(({ schema, fingerprint }) => [Number(schema), fingerprint]));
  return new Set(jobs.filter((job) => fingerprints.get(job.schema.id) === completeHistory(job).fingerprint));
}

function completeHistory(job: Job): SchemaHistory {
  return job.units.reduce(extendHistory, job.history);
}
