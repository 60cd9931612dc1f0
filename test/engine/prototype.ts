import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The prototype with everything in it: its shared tables, and itself. */
const text = fixture("prototype.sql");
export const [sharedSql, prototypeSql] = parted(text);

/** What is seldom: base types, operator classes, casts, text search. */
export const rareSql = fixture("rare.sql");

/** Unusual forms and spellings of what is common. */
export const unusualSql = fixture("unusual.sql");

/** What only a newer server has. */
export const newestSql = fixture("newest.sql");

export const rolesSql = `do $$ begin
  create role shape_owner; create role shape_reader; create role shape_other;
exception when duplicate_object then null; when unique_violation then null; end $$;`;

/** As if one migration had made the prototype. */
export const historySql = `insert into tenantry.history (database_id, schema_id, kind, key, schema_name, name, checksum, run_id, milliseconds)
select d.oid, 'prototype'::regnamespace, kind, key, 'prototype', 'made', 'abc', gen_random_uuid(), 7
from pg_database d, (values ('versioned', '9'), ('versioned', '10'), ('repeatable', 'views')) as h (kind, key) where d.datname = current_database();`;

/** The prototype's text for another schema; a value that happens to be the prototype's name is left as it is. */
export function sqlFor(schema: string, sql: string): string {
  return sql
    .replaceAll(/"?\bprototype\b"?/g, `"${schema.replaceAll('"', '""')}"`)
    .replaceAll(/'"(\w+)"'/g, (_, name: string) => `'${name}'`)
    .replace(`"a.b" <> '${schema}'`, `"a.b" <> 'prototype'`);
}

/** What the tenants share, and the prototype itself. */
export function parted(sql: string): [shared: string, prototype: string] {
  const [shared = "", prototype = ""] = sql.split(/^(?=create schema)/m);
  return [shared, prototype];
}

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "../fixtures/provision", name), "utf8");
}
