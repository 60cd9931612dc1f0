import type { Database } from "../db/database";
import type { Control } from "./control";
import { identifier } from "./guards";
import type { Plan, Stage } from "./plan";

/**
 * Which of a stage's shared tables can be locked at the start of each transaction: those that exist, and on which the role
 * has the right. LOCK refuses materialized views, and locks what a view reads as strongly as the view.
 */
export async function findLockable(
  database: Database,
  { settings, options }: Plan,
  stage: Stage,
  control: Control,
): Promise<ReadonlySet<string>> {
  if (stage.locks.length === 0 || control.halted.aborted) return new Set();
  const tables = stage.locks.map(({ table }) => ({
    name: table,
    path: `${identifier(settings.publicSchema)}.${identifier(table)}`,
  }));
  const rows = await database.session((session) =>
    session.query<{ name: string }>(
      `select name from json_to_recordset($1::json) as t (name text, path text)
       join pg_catalog.pg_class c on c.oid = to_regclass(path)
       where c.relkind in ('r', 'p') and has_table_privilege(coalesce($2::text, current_user), c.oid, 'UPDATE, DELETE, TRUNCATE')`,
      [JSON.stringify(tables), options.role],
    ),
  );
  return new Set(rows.map(({ name }) => name));
}
