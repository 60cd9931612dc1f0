import type { Database } from "../db/database";
import type { Control } from "./control";
import type { SharedLock } from "./events";
import { identifier } from "./guards";
import type { Plan, Stage } from "./plan";

/** The table's name with its schema, as SQL has it. */
export function pathOf({ schema, table }: SharedLock, publicSchema: string): string {
  return `${identifier(schema ?? publicSchema)}.${identifier(table)}`;
}

/**
 * Which of a stage's shared tables can be locked at the start of each transaction, by their paths: those that exist, and on which the role
 * has the right. LOCK refuses materialized views, and locks what a view reads as strongly as the view.
 */
export async function findLockable(
  database: Database,
  { settings, options }: Plan,
  stage: Stage,
  control: Control,
): Promise<ReadonlySet<string>> {
  if (stage.locks.length === 0 || control.halted.aborted) return new Set();
  const tables = stage.locks.map((lock) => ({
    schema: settings.publicSchema,
    ...lock,
    path: pathOf(lock, settings.publicSchema),
  }));
  const rows = await database.session((session) =>
    session.query<{ path: string }>(
      `select path from json_to_recordset($1::json) as t (schema text, "table" text, path text)
       join pg_catalog.pg_namespace n on n.nspname = t.schema
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t."table"
       cross join (select coalesce($2::text, current_user)) as r (role)
       where c.relkind in ('r', 'p') and has_schema_privilege(role, n.oid, 'USAGE')
         and has_table_privilege(role, c.oid, 'UPDATE, DELETE, TRUNCATE')`,
      [JSON.stringify(tables), options.role],
    ),
  );
  return new Set(rows.map(({ path }) => path));
}
