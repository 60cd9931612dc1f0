import type { PreparedMigration } from "./prepare";

/** Give the role back by which we are connected; `reset all` leaves roles as they are. */
export const ownRoleStatements = ["reset session authorization", "reset role"] as const;

/**
 * Have the session forget what migrations may leave in it beyond their transaction: the next schema on the same connection must not
 * find the rows of this one in a temporary table. A `discard all` is refused in a message of several statements.
 */
export function forgetStatements(migrations: readonly PreparedMigration[]): string[] {
  return [
    ...ownRoleStatements,
    "reset all",
    "close all",
    "unlisten *",
    "select pg_advisory_unlock_all()",
    "discard temp",
    "discard sequences",
    ...(migrations.some(({ prepares }) => prepares) ? [deallocateOwn] : []),
  ];
}

/** A `deallocate all` would take those away, too, that a pooler has prepared in its connection for others. */
const deallocateOwn = `do 'declare prepared text;
begin
  for prepared in select name from pg_prepared_statements where from_sql loop execute format(''deallocate %I'', prepared); end loop;
end'`;
