import type { Database } from "../db/database";
import type { Control } from "./control";
import type { Ledger } from "./ledger";

/**
 * Does the work, and sees to it that the run's records tell all the time that it is alive, and that it heeds what it is asked
 * through them: workers do that between tenants, and this while a tenant takes long.
 */
export async function heeding<T>(
  database: Database,
  control: Control,
  ledger: Ledger,
  work: () => Promise<T>,
): Promise<T> {
  if (database.abilities.sessions < 2) return work();
  let beat: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (!ledger.isDue) return;
    // Where the connection is lost, the workers will tell.
    beat = database.session(async (session) => control.obey(await ledger.flushIfDue(session))).catch(() => undefined);
  }, interval);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await beat;
  }
}

const interval = 1_500;
