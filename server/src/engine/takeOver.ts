import type { Session } from "../db/database";
import { recordDecisions } from "./decisions";
import { noteOwnNumber } from "./installation";
import type { FleetState } from "./state";
import { inTransaction } from "./transaction";

/**
 * Makes the records that a copied database brought along its own. Where the schemas have the OIDs that they had, as a template gives
 * them, nothing else changes. In a restored copy they are found again by their names; of several that had one name in turn, the last
 * one's history is taken.
 */
export async function takeOverHistory(session: Session, state: FleetState, copiedFrom: number): Promise<void> {
  const { database, keepsNumbers } = state;
  await inTransaction(session, async () => {
    if (keepsNumbers) await moveRows(session, copiedFrom, database.id);
    else {
      await findByName(session, await outOfTheWay(session, copiedFrom, database.id), database.id);
      await session.script(renumberRuns);
    }
    await session.script(noteOwnNumber);
    await recordDecisions(session, state, [
      { kind: "take-over", schemaId: null, schema: null, reason: `from the database ${copiedFrom}` },
    ]);
  });
}

async function moveRows(session: Session, from: number, to: number): Promise<void> {
  await session.query(
    `with claims as (
       update tenantry.claims set database_id = $1::oid where database_id = $2::oid
     ), decisions as (
       update tenantry.decisions set database_id = $1::oid where database_id = $2::oid
     )
     update tenantry.history set database_id = $1::oid where database_id = $2::oid`,
    [to, from],
  );
}

/** On an upgraded server it is the same database, where a schema's new OID may be that of another one in rows that aren't changed yet. */
async function outOfTheWay(session: Session, from: number, to: number): Promise<number> {
  if (from !== to) return from;
  await moveRows(session, from, nowhere);
  return nowhere;
}

/**
 * What past runs say of schemas by number: whose failure it was, which is found by the name, and which schemas there were, which nobody can
 * tell any more.
 */
const renumberRuns = `update tenantry.outcomes o
  set schema_id = coalesce((select n.oid from pg_catalog.pg_namespace n where n.nspname = o.schema_name), 0);
update tenantry.runs set newest_schema = 0;`;

/** No database's OID. */
const nowhere = 0;

async function findByName(session: Session, from: number, to: number): Promise<void> {
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
    [to, from],
  );
}
