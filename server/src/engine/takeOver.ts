import type { Session } from "../db/database";
import type { FleetState } from "./state";

/** Makes the history that a copied database brought along its own: schemas are found again by their names. */
export async function takeOverHistory(session: Session, { database, copiedFrom }: FleetState): Promise<void> {
  await session.query(
    `update tenantry.history h set database_id = $1::oid, schema_id = n.oid
     from pg_catalog.pg_namespace n where n.nspname = h.schema_name and h.database_id = $2::oid`,
    [database.id, copiedFrom],
  );
}
