import { randomUUID } from "node:crypto";
import { type Database, DatabaseError, type Session } from "../db/database";
import type { RunOptions } from "../model/runOptions";
import { ownLock, runLock } from "./advisoryLocks";
import { RunInProgressError } from "./errors";
import { describeRunning } from "./records";

/**
 * Does the work as the database's only run, or as one of several that all share it. The locks are those of a transaction that
 * stays open on a session of its own, without a snapshot: they work through poolers, and go with the client's last breath. A
 * database of one session is held by one process anyway.
 * @throws RunInProgressError where another run goes on that doesn't share, or this one doesn't
 */
export async function withRunLock<T>(
  database: Database,
  run: string,
  concurrentRuns: RunOptions["concurrentRuns"],
  work: () => Promise<T>,
): Promise<T> {
  if (database.abilities.sessions < 2) return asOnlyUser(database, work);
  return database.session(async (session) => {
    await takeLocks(session, run, concurrentRuns);
    try {
      return await work();
    } finally {
      await session.script("rollback").catch(() => undefined);
    }
  });
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

async function takeLocks(session: Session, run: string, concurrentRuns: RunOptions["concurrentRuns"]): Promise<void> {
  const take = concurrentRuns === "share" ? "pg_try_advisory_xact_lock_shared" : "pg_try_advisory_xact_lock";
  const [row] = await session.script<{ free: boolean }>(
    `begin isolation level read committed;
select set_config(name, '0', true) from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout');
select pg_advisory_xact_lock(${ownLock(run)});
select ${take}(${runLock}) as free;`,
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

function busyMessage(description: string | null): string {
  const who = description === null ? "" : `, started ${description}`;
  return (
    `Another run is going on in this database${who}. Nothing was done; wait until it has ended, or stop it, and run again. ` +
    'Runs whose configuration says "concurrentRuns": "share" divide the tenants between them.'
  );
}
