import type { Client } from "pg";
import { type LockMode, lockModes } from "../../server/src/model/locks";

/** The strongest lock that the transaction holds on each table, of those that reading and writing rows don't take. @param tables names by their ids */
export async function heldLocks(client: Client, tables: ReadonlyMap<number, string>): Promise<[string, LockMode][]> {
  const { rows } = await client.query<{ relation: number; mode: string }>(
    "select relation, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and granted",
  );
  const strongest = new Map<string, LockMode>();
  for (const { relation, mode } of rows) {
    const name = tables.get(relation);
    const said = lockModes.find((one) => one.replaceAll(" ", "") === mode.replace(/Lock$/, "").toUpperCase());
    if (name !== undefined && said !== undefined && lockModes.indexOf(said) >= weakest)
      strongest.set(name, stronger(strongest.get(name), said));
  }
  return inOrder(strongest);
}

/** The stronger of two locks. */
export function stronger(a: LockMode | undefined, b: LockMode): LockMode {
  return a !== undefined && lockModes.indexOf(a) > lockModes.indexOf(b) ? a : b;
}

/** By the tables' names. */
export function inOrder(locks: ReadonlyMap<string, LockMode>): [string, LockMode][] {
  return [...locks].sort(([a], [b]) => (a < b ? -1 : 1));
}

const weakest = lockModes.indexOf("SHARE UPDATE EXCLUSIVE");
