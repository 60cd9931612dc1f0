import { randomUUID } from "node:crypto";
import { type Database, DatabaseError, type Session } from "../db/database";
import type { RunOptions } from "../model/runOptions";
import { ownLock, runLock } from "./advisoryLocks";
import { EngineError, RunInProgressError } from "./errors";
import { pause } from "./queue";
import { describeRunning } from "./records";

/**
 * Does the work as the database's only run, or as one of several that all share it. The locks are those of a transaction that
 * stays open on a session of its own, without a snapshot: they work through poolers, and go with the client's last breath. A
 * database of one session is held by one process anyway. Where that session breaks, they are taken again on another.
 * @param broken is told where another run has come between
 * @throws RunInProgressError where another run goes on that doesn't share, or this one doesn't
 */
export async function withRunLock<T>(
  database: Database,
  run: string,
  concurrentRuns: RunOptions["concurrentRuns"],
  work: () => Promise<T>,
  broken: (error: EngineError) => void = () => undefined,
): Promise<T> {
  if (database.abilities.sessions < 2) return asOnlyUser(database, work);
  return whileHolding(database, run, concurrentRuns, work, broken);
}

/** Does work that no run may go on beside. @throws RunInProgressError */
export function asOnlyRun<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return withRunLock(database, randomUUID(), "refuse", work);
}

async function asOnlyUser<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (running.has(database)) throw new RunInProgressError(busyMessage(null));
  running.add(database);
  try {
    return await work();
  } finally {
    running.delete(database);
  }
}

const running = new WeakSet<Database>();

async function whileHolding<T>(
  database: Database,
  run: string,
  concurrentRuns: RunOptions["concurrentRuns"],
  work: () => Promise<T>,
  broken: (error: EngineError) => void,
): Promise<T> {
  const over = new AbortController();
  let working: Promise<() => T> | undefined;
  let refused = 0;
  for (;;) {
    let wait = betweenTries;
    try {
      const result = await database.session(async (session) => {
        if (working === undefined) await takeLocks(session, run, concurrentRuns);
        else {
          const found = await takeAgain(session, run, concurrentRuns);
          if (found === "mine") return null;
          refused = found === "taken" ? refused + 1 : 0;
          // Of a session that is just being ended the one lock may be gone before the other.
          if (refused === 1) return null;
          if (refused > 1) broken(new EngineError(overtakenMessage));
        }
        working ??= outcomeOf(work).finally(() => over.abort());
        try {
          const ended = await untilOver(session, working, over.signal, () => isWaitedFor(database, run));
          // Given up for a moment only, nobody else is to come between.
          if (ended === null) wait = 0;
          return ended;
        } finally {
          await session.script("rollback").catch(() => undefined);
        }
      });
      if (result !== null) return result();
    } catch (error) {
      if (working === undefined || !(error instanceof DatabaseError)) throw error;
    }
    await pause(wait, over.signal);
    if (over.signal.aborted && working !== undefined) return (await working)();
  }
}

const betweenTries = 500;
const betweenLooks = 1_500;

/** How work ended, to be returned or thrown later. */
async function outcomeOf<T>(work: () => Promise<T>): Promise<() => T> {
  try {
    const result = await work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * Looks from time to time whether the session is still there, and whether others wait for its transaction's end.
 * @returns how the work ended, or null where others wait
 * @throws DatabaseError where the session isn't there any more
 */
async function untilOver<T>(
  session: Session,
  working: Promise<() => T>,
  over: AbortSignal,
  isWaitedFor: () => Promise<boolean>,
): Promise<(() => T) | null> {
  for (;;) {
    await pause(betweenLooks, over);
    if (over.aborted) return working;
    // A query would have a snapshot for a moment.
    const look = session.script("show transaction_isolation").then(isWaitedFor);
    look.catch(() => undefined);
    if ((await Promise.race([look, working])) === true) return null;
  }
}

/**
 * Whether anybody waits for the end of the transaction that holds a run's locks. What builds an index concurrently does so, where it came
 * at the moment at which the locks were taken with a snapshot; where that is a tenant of this very run, each would wait for the other.
 */
async function isWaitedFor(database: Database, run: string): Promise<boolean> {
  const question = `select exists (select from pg_catalog.pg_locks own
      join pg_catalog.pg_locks held on held.pid = own.pid and held.locktype = 'virtualxid' and held.granted
      join pg_catalog.pg_locks waiting on waiting.virtualxid = held.virtualxid and not waiting.granted
    where own.locktype = 'advisory' and own.granted and own.objsubid = 1 and (own.classid::bigint << 32 | own.objid::bigint) = ${ownLock(run)}
      and own.database = (select oid from pg_catalog.pg_database where datname = current_database())) as waited`;
  try {
    const [row] = await database.session((session) => session.query<{ waited: boolean }>(question));
    return row?.waited === true;
  } catch {
    // Where the connection is lost, the workers will tell.
    return false;
  }
}

/** @returns whether the locks are held now, still belong to the session that broke, or another run has them */
async function takeAgain(
  session: Session,
  run: string,
  concurrentRuns: RunOptions["concurrentRuns"],
): Promise<"held" | "mine" | "taken"> {
  const [row] = await session.script<{ own: boolean; free: boolean }>(
    `${beginHolding}
select pg_try_advisory_xact_lock(${ownLock(run)}) as own, ${takerOf(concurrentRuns)}(${runLock}) as free;`,
  );
  if (row?.own === true && row.free) return "held";
  await session.script("rollback");
  return row?.own === true ? "taken" : "mine";
}

const beginHolding = `begin isolation level read committed;
select set_config(name, '0', true) from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout');`;

function takerOf(concurrentRuns: RunOptions["concurrentRuns"]): string {
  return concurrentRuns === "share" ? "pg_try_advisory_xact_lock_shared" : "pg_try_advisory_xact_lock";
}

async function takeLocks(session: Session, run: string, concurrentRuns: RunOptions["concurrentRuns"]): Promise<void> {
  const [row] = await session.script<{ free: boolean }>(
    `${beginHolding}
select pg_advisory_xact_lock(${ownLock(run)});
select ${takerOf(concurrentRuns)}(${runLock}) as free;`,
  );
  if (row?.free === true) return;
  await session.script("rollback");
  throw new RunInProgressError(busyMessage(await describe(session)));
}

async function describe(session: Session): Promise<string | null> {
  try {
    return await describeRunning(session);
  } catch (error) {
    // The other run may be about to make the table.
    if (error instanceof DatabaseError && error.kind === "sql") return null;
    throw error;
  }
}

const overtakenMessage =
  "The connection that held this run's lock was lost, and another run has begun since: no more tenants were begun here. What was applied stays applied; run again when the other run has ended.";

function busyMessage(description: string | null): string {
  const who = description === null ? "" : `, started ${description}`;
  return (
    `Another run is going on in this database${who}. Nothing was done; wait until it has ended, or stop it, and run again. ` +
    'Runs whose configuration says "concurrentRuns": "share" divide the tenants between them.'
  );
}
