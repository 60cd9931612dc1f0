import { randomUUID } from "node:crypto";
import type { Session } from "../db/database";
import { author } from "./author";
import type { FleetState } from "./state";

/** What a person decided about the records, for one schema; nothing of it can be read from the schema itself. */
export interface Decision {
  readonly kind: "skip" | "repair" | "baseline" | "take-over";
  /** Null for a tenant whose schema isn't there, or where it is about the database. */
  readonly schemaId: number | null;
  readonly schema: string | null;
  /** The version that it is about. */
  readonly key?: string;
  readonly oldChecksum?: string;
  readonly newChecksum?: string;
  readonly reason?: string;
}

/**
 * Records decisions that were made together: who, when, from where, why.
 * @returns what they have in common, in place of a run's id
 */
export async function recordDecisions(
  session: Session,
  { database }: Pick<FleetState, "database">,
  decisions: readonly Decision[],
): Promise<string> {
  const id = randomUUID();
  const { host, user } = author();
  await session.query(
    `insert into tenantry.decisions (id, kind, database_id, schema_id, schema_name, key, old_checksum, new_checksum, reason, host, user_name)
     select $1::uuid, kind, $2::oid, "schemaId", schema, key, "oldChecksum", "newChecksum", reason, $3::text, $4::text
     from json_to_recordset($5::json) as d (kind text, "schemaId" oid, schema text, key text, "oldChecksum" text, "newChecksum" text, reason text)`,
    [id, database.id, host, user, JSON.stringify(decisions)],
  );
  return id;
}
