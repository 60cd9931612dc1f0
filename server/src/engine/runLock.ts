import { type Database, DatabaseError, type Session } from "../db/database";
import { runLock } from "./advisoryLocks";
import { RunInProgressError } from "./errors";
import { describeRunning } from "./records";

/**
 * Does the work as the database's only run. The lock is one of a transaction that stays open on a session of its own, without
 * a snapshot: it works through poolers, and goes with the client's last breath. A database of one session is held by one
 * process anyway.
 * @throws RunInProgressError where another run goes on
 */
export async function asOnlyRun<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (running.has(database)) throw new RunInProgressError(busyMessage(null));
  running.add(database);
  try {
    if (database.abilities.sessions < 2) return await work();
    return await database.session(async (session) => {
      await takeLock(session);
      try {
        return await work();
      } finally {
        await session.script("rollback").catch(() => undefined);
      }
    });
  } finally {
    running.delete(database);
  }
}

const running = new WeakSet<Database>();

async function takeLock(session: Session): Promise<void> {
  const [row] = await session.script<{ free: boolean }>(
    `begin isolation level read committed;
select set_config(name, '0', true) from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout');
select pg_try_advisory_xact_lock(${runLock}) as free;`,
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
  return `Another run is going on in this database${who}. Nothing was done; wait until it has ended, or stop it, and run again.`;
}
