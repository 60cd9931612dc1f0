import { DatabaseError, type Notice, type Session } from "../db/database";
import { droppedRecordsMessage } from "./droppedRecords";
import type { Failure, Outcome } from "./events";
import type { RunContext } from "./guards";
import { extendHistory, identityOf, missingFrom, rowOf, type SchemaHistory } from "./history";
import { labelOf } from "./label";
import type { PreparedMigration } from "./prepare";
import { readHistory, untilFree } from "./recovery";
import type { SchemaState } from "./state";
import { runStatements } from "./statementByStatement";
import { type Attempt, runTransaction } from "./tenant";
import { type Unit, unitsOf } from "./units";

/** One schema's part of a stage, as far as it has come. */
export interface Job {
  readonly schema: SchemaState;
  migrations: readonly PreparedMigration[];
  /** What is still to be done, the next first. */
  units: readonly Unit[];
  history: SchemaHistory;
  /** The versions that were applied, in their order. */
  applied: readonly string[];
  attempts: number;
  /** How often it was worked out anew what is left, since that became less. */
  replans: number;
  /** The time that was spent in the database. */
  milliseconds: number;
  /** What of it the server told of the last step; null where that doesn't cover all of the step. */
  told: number | null;
  /** What the server said meanwhile, such as a migration's RAISE NOTICE. */
  readonly notices: Notice[];
  /** Why the history has to tell what was done, if it has to: the connection broke, or somebody else has done some of it. */
  unresolved: "lost" | "begun" | null;
  /** Whether its last attempt failed; what becomes of that may not be known yet. */
  failing: boolean;
}

/**
 * How a job goes on: it has ended, it is to be taken up again after a pause, or at once as it was behind a failure of another, or it
 * needs another connection.
 */
export type Step =
  | { readonly kind: "ended"; readonly outcome: Outcome; readonly failure: Failure | null }
  | { readonly kind: "again"; readonly failure: Failure }
  | { readonly kind: "behind" }
  | { readonly kind: "lost"; readonly failure: Failure };

export function createJob(
  schema: SchemaState,
  history: SchemaHistory,
  migrations: readonly PreparedMigration[],
  context: RunContext,
): Job {
  const units = unitsOf(migrations, context.options.transaction);
  return {
    schema,
    migrations,
    units,
    history,
    applied: [],
    attempts: 1,
    replans: 0,
    milliseconds: 0,
    told: null,
    notices: [],
    unresolved: isBegun(history, migrations) ? "begun" : null,
    failing: false,
  };
}

/** Whether the history has some of it: read anew in an earlier stage, it has what another run did of the later ones, too. */
function isBegun(history: SchemaHistory, migrations: readonly PreparedMigration[]): boolean {
  const known = begun.get(history);
  if (known?.migrations === migrations) return known.is;
  const wanted = migrations.map(({ migration }) => migration);
  const is = missingFrom(history, wanted).length < wanted.length;
  begun.set(history, { migrations, is });
  return is;
}

/** Thousands of schemas ask for the same. */
const begun = new WeakMap<SchemaHistory, { readonly migrations: readonly PreparedMigration[]; readonly is: boolean }>();

/** Whether it consists of messages that others may be sent in front of and behind: each is a transaction, and waits for nobody. */
export function isOfMessages({ units, unresolved }: Job): boolean {
  return unresolved === null && units.every(({ kind, locks }) => kind === "transaction" && locks.length === 0);
}

/** Does all that the job still has to do, as far as it goes without a pause. */
export async function advance(session: Session, context: RunContext, job: Job, mayGoOn: () => boolean): Promise<Step> {
  job.told = 0;
  try {
    return await goOn(session, context, job, mayGoOn);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const message = droppedRecordsMessage(error) ?? error.message;
    const failure = { code: error.code, message, file: null, line: null, column: null };
    if (error.kind !== "connection") return { kind: "ended", outcome: "failed", failure };
    job.unresolved = "lost";
    return { kind: "lost", failure };
  } finally {
    job.notices.push(...session.notices().slice(0, mostNotices - job.notices.length));
  }
}

/** A migration that says something for each row must not fill the memory, nor the records. */
const mostNotices = 50;

async function goOn(session: Session, context: RunContext, job: Job, mayGoOn: () => boolean): Promise<Step> {
  if (job.unresolved !== null) {
    // Of whom else is at work the next guard tells, and others are done first.
    if (job.unresolved === "lost") await untilFree(session, job.schema);
    const refused = await replan(session, context, job);
    if (refused !== null) return { kind: "ended", outcome: "failed", failure: refused };
    job.unresolved = null;
  }
  for (let unit = job.units[0]; unit !== undefined; unit = job.units[0]) {
    if (!mayGoOn()) return { kind: "ended", outcome: "cancelled", failure: null };
    const attempt = await tryUnit(session, context, job, unit, mayGoOn);
    job.told = addTold(job.told, attempt);
    const step = await afterAttempt(session, context, job, unit, attempt);
    if (step !== null) return step;
  }
  return { kind: "ended", outcome: job.applied.length > 0 ? "applied" : "unchanged", failure: null };
}

function addTold(told: number | null, attempt: Attempt): number | null {
  const more = attempt.kind === "applied" ? attempt.milliseconds : null;
  return told === null || more === null ? null : told + more;
}

function tryUnit(
  session: Session,
  context: RunContext,
  job: Job,
  unit: Unit,
  mayGoOn: () => boolean,
): Promise<Attempt> {
  const { schema, history } = job;
  job.failing = false;
  const failed = () => {
    job.failing = true;
  };
  const [migration] = unit.migrations;
  const work = () =>
    unit.kind === "statements" && migration !== undefined
      ? runStatements({ session, context, schema, history, migration })
      : runTransaction(session, context, schema, history, unit, failed);
  if (unit.locks.length === 0) return work();
  // Whoever waits at the gate while the run is cancelled doesn't begin any more.
  return context.gate(async () => (mayGoOn() ? work() : { kind: "cancelled", failure: notBegun }));
}

const notBegun: Failure = {
  code: "57014",
  message: "Cancelled before it was begun.",
  file: null,
  line: null,
  column: null,
};

/** What comes of a try; null where the next unit can follow at once. */
async function afterAttempt(
  session: Session,
  context: RunContext,
  job: Job,
  unit: Unit,
  attempt: Attempt,
): Promise<Step | null> {
  switch (attempt.kind) {
    case "applied":
      markApplied(job, unit);
      return null;
    case "again": {
      if (job.attempts <= context.options.retries) return { kind: "again", failure: attempt.failure };
      const message = `${attempt.failure.message} (the last of ${job.attempts} attempts)`;
      return { kind: "ended", outcome: "failed", failure: { ...attempt.failure, message } };
    }
    case "changed": {
      job.replans++;
      const refused = job.replans > 3 ? attempt.failure : await replan(session, context, job);
      return refused === null ? null : { kind: "ended", outcome: "failed", failure: refused };
    }
    case "behind":
      return { kind: "behind" };
    case "unknown":
      job.unresolved = "lost";
      return { kind: "lost", failure: attempt.failure };
    default:
      return { kind: "ended", outcome: attempt.kind, failure: attempt.failure };
  }
}

function markApplied(job: Job, unit: Unit): void {
  job.history = extendHistory(job.history, unit);
  job.applied = [...job.applied, ...unit.migrations.map(({ migration }) => labelOf(migration))];
  job.units = job.units.slice(1);
}

/**
 * Works out from the schema's history what is left to do, after somebody else did some of it or the answer to our own commit
 * was lost.
 * @returns why it can't go on, or null
 */
async function replan(session: Session, context: RunContext, job: Job): Promise<Failure | null> {
  const { history, ours } = await readHistory(session, context, job.schema);
  const now = new Map(history.applied.map((row) => [identityOf(row), row.checksum]));
  const disappeared = job.history.applied.some((row) => !now.has(identityOf(row)));
  const edited = job.migrations.some(({ migration }) => {
    const checksum = now.get(identityOf(rowOf(migration)));
    return migration.version !== null && checksum !== undefined && checksum !== migration.checksum;
  });
  if (disappeared || edited) return { code: "TN003", message: otherHistory, file: null, line: null, column: null };
  const done = job.migrations.filter(({ migration }) => now.get(identityOf(rowOf(migration))) === migration.checksum);
  const left = job.migrations.filter((migration) => !done.includes(migration));
  job.applied = done.map(({ migration }) => labelOf(migration)).filter((label) => ours.has(label));
  job.history = history;
  // Another run may do file after file in turn with this one.
  if (left.length < job.units.flatMap(({ migrations }) => migrations).length) job.replans = 0;
  job.units = unitsOf(left, context.options.transaction);
  return null;
}

const otherHistory =
  "The schema's history was changed by somebody else while the run went on, and says now that other files were applied. Plan again.";
