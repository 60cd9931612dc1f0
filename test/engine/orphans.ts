import { setTimeout as sleep } from "node:timers/promises";
import type { Fleet } from "./fleet";

/** A killed client's transactions may run on until the server notices. */
export async function untilOrphansEnd({ sql }: Pick<Fleet, "sql">): Promise<void> {
  for (;;) {
    const [row] = await sql<{ count: number }>(
      `select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and state <> 'idle' and application_name like 'tenantry%'`,
    );
    if (row?.count === 0) return;
    await sleep(20);
  }
}
