import type { Database } from "../db/database";
import { recordDecisions } from "./decisions";
import type { EditedFile } from "./editedFiles";
import { installFor } from "./installation";
import { asOnlyRun } from "./runLock";
import type { FleetState } from "./state";
import { shownTimeSql } from "./text";
import { inTransaction } from "./transaction";

/** Who applied a file, when, and to how many schemas. */
export interface Appliance {
  readonly user: string;
  readonly host: string;
  readonly first: string;
  readonly last: string;
  readonly schemas: number;
}

/** Who applied an edited file as it was then. */
export async function appliancesOf(database: Database, state: FleetState, { row }: EditedFile): Promise<Appliance[]> {
  return database.session((session) =>
    session.query<Appliance>(
      `select coalesce(r.user_name, d.user_name, 'somebody') as user, coalesce(r.host, d.host, 'a host that isn''t recorded') as host,
         ${shownTimeSql("min(h.applied_at)")} as first, ${shownTimeSql("max(h.applied_at)")} as last,
         count(*)::int as schemas
       from tenantry.history h left join tenantry.runs r on r.id = h.run_id
         left join lateral (select user_name, host from tenantry.decisions d where d.id = h.run_id limit 1) d on true
       where h.database_id = $1::oid and h.kind = $2::text and h.key = $3::text and h.checksum = $4::text
       group by 1, 2 order by min(h.applied_at)`,
      [state.database.id, row.kind, row.key, row.checksum],
    ),
  );
}

/**
 * Lets the history say that the files were applied as they are now, and records who decided that, and why.
 * @throws RunInProgressError where a run goes on
 */
export async function acceptEdits(
  database: Database,
  state: FleetState,
  edits: readonly EditedFile[],
  reason: string,
): Promise<void> {
  await asOnlyRun(database, async () => {
    await installFor(database, state);
    await database.session((session) =>
      inTransaction(session, async () => {
        for (const { row, migration } of edits) {
          await session.query(
            `update tenantry.history set checksum = $5::text
             where database_id = $1::oid and kind = $2::text and key = $3::text and checksum = $4::text`,
            [state.database.id, row.kind, row.key, row.checksum, migration.checksum],
          );
        }
        const decisions = edits.flatMap(({ row, migration, schemas }) =>
          schemas.map((schema) => ({
            kind: "repair" as const,
            schemaId: schema.id,
            schema: schema.name,
            key: row.key,
            oldChecksum: row.checksum,
            newChecksum: migration.checksum,
            reason,
          })),
        );
        await recordDecisions(session, state, decisions);
      }),
    );
  });
}
