/*
 * The keys of our advisory locks, which PostgreSQL keeps apart by database: the upper half is ours, the lower half says what
 * is locked. The OIDs of schemas begin far above the numbers that are taken here.
 */
const ours = BigInt(0x746e6e74) << 32n;

/** The upper half of all keys, for SQL that makes a key by itself. */
export const lockClass = (ours >> 32n).toString();

export const installationLock = (ours | 0n).toString();
export const runLock = (ours | 1n).toString();

const runs = BigInt(0x746e6e75) << 32n;

/** The lock that a run holds as long as it lives. */
export function ownLock(run: string): string {
  return (runs | BigInt(`0x${run.slice(0, 8)}`)).toString();
}

/**
 * Whether the run of a row of `tenantry.runs` holds its own lock, as an expression. A replica has none of the primary's locks:
 * there the heartbeat tells.
 */
export function isAliveSql(row: string): string {
  return `case when pg_catalog.pg_is_in_recovery() then ${row}.heartbeat_at > clock_timestamp() - interval '30 s' else
    exists (select from pg_catalog.pg_locks l join pg_catalog.pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint = ${runs >> 32n}
      and l.objid::bigint = ('x' || left(${row}.id::text, 8))::bit(32)::bigint) end`;
}

/** The lock under which a schema is migrated. */
export function schemaLock(schemaId: number): string {
  return (ours | BigInt(schemaId)).toString();
}
