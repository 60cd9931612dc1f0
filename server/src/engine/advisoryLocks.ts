/*
 * The keys of our advisory locks, which PostgreSQL keeps apart by database: the upper half is ours, the lower half says what
 * is locked. The OIDs of schemas begin far above the numbers that are taken here.
 */
const ours = BigInt(0x746e6e74) << 32n;

export const installationLock = (ours | 0n).toString();
export const runLock = (ours | 1n).toString();

/** The lock under which a schema is migrated. */
export function schemaLock(schemaId: number): string {
  return (ours | BigInt(schemaId)).toString();
}
