import type { Session } from "../db/database";
import { recordDecisions } from "./decisions";
import type { FleetState } from "./state";
import { inTransaction } from "./transaction";

/**
 * Makes the records that a copied database brought along its own: schemas are found again by their names, as a restored copy
 * has other OIDs. Of several schemas that had one name in turn, the last one's history is taken.
 */
export async function takeOverHistory(session: Session, state: FleetState): Promise<void> {
  const { database, copiedFrom } = state;
  await inTransaction(session, async () => {
    await session.query(
      `with named as (
         select distinct on (schema_id) schema_id, schema_name, applied_at from tenantry.history
         where database_id = $2::oid order by schema_id, applied_at desc
       ), newest as (
         select distinct on (schema_name) schema_name, schema_id from named order by schema_name, applied_at desc
       ), moved as (
         select o.schema_name, o.schema_id, n.oid as id from newest o join pg_catalog.pg_namespace n on n.nspname = o.schema_name
       ), claims as (
         update tenantry.claims c set database_id = $1::oid, schema_id = m.id
         from moved m where c.database_id = $2::oid and c.schema_id = m.schema_id
       ), decisions as (
         update tenantry.decisions d set database_id = $1::oid, schema_id = (select id from moved m where m.schema_name = d.schema_name)
         where d.database_id = $2::oid
       )
       update tenantry.history h set database_id = $1::oid, schema_id = m.id
       from moved m where h.database_id = $2::oid and h.schema_id = m.schema_id`,
      [database.id, copiedFrom],
    );
    await recordDecisions(session, state, [
      { kind: "take-over", schemaId: null, schema: null, reason: `from the database ${copiedFrom}` },
    ]);
  });
}
