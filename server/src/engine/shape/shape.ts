import type { Session } from "../../db/database";

/** One object of a schema and everything that is said of it; own names stand in it without the schema, and all others with one. */
export interface ShapeItem {
  readonly kind: string;
  /** The table (or view, type) that it belongs to; null for what stands in the schema by itself. */
  readonly parent: string | null;
  readonly name: string;
  readonly definition: Readonly<Record<string, string | number | null>>;
}

/** A schema by name and OID. */
export interface NamedSchema {
  readonly name: string;
  readonly id: number;
}

/** How many schemas one query reads: each view that is written out keeps its tables locked until the query's end. */
const chunkSize = 50;

/**
 * A hash over each schema's shape, by the schema's OID: equal hashes are equal shapes. Schemas that are gone have none. The
 * functions of the schema `tenantry` must be there.
 */
export async function readShapeHashes(session: Session, ids: readonly number[]): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  for (let start = 0; start < ids.length; start += chunkSize) {
    const rows = await session.query<{ id: string; hash: string }>(
      "select schema_id::text as id, hash from tenantry.shape_hashes($1::oid[])",
      [`{${ids.slice(start, start + chunkSize).join(",")}}`],
    );
    for (const { id, hash } of rows) hashes.set(Number(id), hash);
  }
  return hashes;
}

/** All that is in one schema. */
export async function readShape(session: Session, id: number): Promise<ShapeItem[]> {
  const rows = await session.query<Omit<ShapeItem, "definition"> & { definition: string }>(
    `select kind, parent, name, definition::text as definition from tenantry.shape(array[$1::oid])
     order by kind collate "C", parent collate "C", name collate "C", definition::text collate "C"`,
    [id],
  );
  return rows.map(({ definition, ...item }) => ({ ...item, definition: JSON.parse(definition) }));
}
