import type { Session } from "../db/database";
import { schemaLock } from "./advisoryLocks";
import { EngineError } from "./errors";
import type { RunContext } from "./guards";
import { type AppliedMigration, historyOf, type SchemaHistory } from "./history";
import { labelOf } from "./label";
import { pause, pauseBefore } from "./queue";
import type { SchemaState } from "./state";

/**
 * Reads a schema's history.
 * @returns also the labels of what this run applied
 */
export async function readHistory(
  session: Session,
  context: RunContext,
  schema: SchemaState,
): Promise<{ history: SchemaHistory; ours: ReadonlySet<string> }> {
  const rows = await session.query<AppliedMigration & { ours: boolean }>(
    `select kind, key, checksum, run_id = $3::uuid as ours from tenantry.history
     where database_id = $1::oid and schema_id = $2::oid order by applied_at`,
    [context.state.database.id, schema.id, context.run],
  );
  const labels = rows
    .filter(({ ours }) => ours)
    .map(({ kind, key }) => labelOf({ version: kind === "versioned" ? key : null, name: key }));
  return {
    history: historyOf(rows.map(({ kind, key, checksum }) => ({ kind, key, checksum }))),
    ours: new Set(labels),
  };
}

/**
 * Waits until nobody works on the schema any more: the transaction of a connection that broke may still go on, and holds the
 * schema's lock as long as it does.
 */
export async function untilFree(session: Session, schema: SchemaState): Promise<void> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const [row] = await session.query<{ free: boolean }>(
      `select pg_try_advisory_xact_lock(${schemaLock(schema.id)}) as free`,
    );
    if (row?.free === true) return;
    await pause(pauseBefore(attempt));
  }
  throw new EngineError(
    `Another session has been working on the schema "${schema.name}" for minutes: its transaction may still be committed. Look for it in pg_stat_activity, and run again when it has ended.`,
  );
}

/** About five minutes, as the pauses grow to five seconds. */
const mostAttempts = 80;
