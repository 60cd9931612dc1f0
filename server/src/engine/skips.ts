import type { Database } from "../db/database";
import { author } from "./author";
import { recordDecisions } from "./decisions";
import { installFor } from "./installation";
import type { FleetState, Skip } from "./state";
import { inTransaction } from "./transaction";

/** Leaves a tenant out of all runs until that is taken back; a reason that was given before is replaced. */
export async function skipTenant(database: Database, state: FleetState, tenant: string, reason: string): Promise<void> {
  await installFor(database, state);
  const schemaId = state.tenants.find(({ name }) => name === tenant)?.id ?? null;
  await database.session((session) =>
    inTransaction(session, async () => {
      await session.query(undoStatement, [historyDatabase(state), tenant, author().user]);
      const here = { database: { ...state.database, id: historyDatabase(state) } };
      await recordDecisions(session, here, [{ kind: "skip", schemaId, schema: tenant, reason }]);
    }),
  );
}

/** Takes back that a tenant is left out. @returns whether it was */
export async function unskipTenant(database: Database, state: FleetState, tenant: string): Promise<boolean> {
  if (state.installed === 0) return false;
  await installFor(database, state);
  const undone = await database.session((session) =>
    session.query(undoStatement, [historyDatabase(state), tenant, author().user]),
  );
  return undone.length > 0;
}

/** Why a tenant is left out, for people. */
export function skipText({ reason, user, at }: Skip): string {
  return `Left out by ${user} on ${at}: ${reason}`;
}

/** A skip follows its schema where that gets another name, and stays with the name where there is another schema. */
const undoStatement = `update tenantry.decisions d set undone_at = clock_timestamp(), undone_by = $3::text
where d.kind = 'skip' and d.undone_at is null and d.database_id = $1::oid
  and coalesce((select nspname::text from pg_catalog.pg_namespace where oid = d.schema_id), d.schema_name) = $2::text
returning d.id`;

/** A copy that nobody took over yet is still told by the records that it brought along. */
function historyDatabase({ copiedFrom, database }: FleetState): number {
  return copiedFrom ?? database.id;
}
