import type { Migration } from "../model/migration";
import { clock, literal, planOnce, type RunContext } from "./guards";
import { rowOf, sameKeySql } from "./history";
import type { PreparedMigration } from "./prepare";
import type { SchemaState } from "./state";

/**
 * The function that `recordStatement` calls, planned once for each connection: the statement itself would take the server twice as long to
 * read as to carry out. A second row of one version can't be; a repeatable migration's row is put in place of its last. How long each took
 * is told by the moments that were noted as they began. What was begun outside of a transaction, and became one since, is begun no more.
 */
export const recordFunction = `create or replace function tenantry.record(here oid, wanted oid, called text, run uuid, kinds text[], keys text[], names text[], checksums text[])
returns void language plpgsql
${planOnce} as $record$
begin
  insert into tenantry.history (${columns()})
  select ${values()} from generate_series(1, cardinality(keys)) i where kinds[i] = 'versioned';
  if 'repeatable' = any (kinds) then
    insert into tenantry.history (${columns()})
    select ${values()} from generate_series(1, cardinality(keys)) i where kinds[i] = 'repeatable'
    ${inPlaceOfTheLast()};
  end if;
  delete from tenantry.claims c where c.database_id = here and c.schema_id = wanted
    and exists (select from unnest(keys) as k (key) where ${sameKeySql("c.key", "k.key")});
end
$record$;`;

function inPlaceOfTheLast(): string {
  return `on conflict (database_id, schema_id, kind, key) do update set name = excluded.name, checksum = excluded.checksum,
      schema_name = excluded.schema_name, run_id = excluded.run_id, applied_at = excluded.applied_at, milliseconds = excluded.milliseconds`;
}

/** Writes the history of what the schema's transaction has applied. */
export function recordStatement(
  context: RunContext,
  schema: SchemaState,
  migrations: readonly PreparedMigration[],
): string {
  return `select tenantry.record(${context.state.database.id}, ${schema.id}, ${literal(schema.name)}, ${literal(context.run)}, ${listsOf(migrations)})`;
}

/** What is recorded of the migrations themselves: the same text for the same object, as thousands of schemas ask for it. */
function listsOf(migrations: readonly PreparedMigration[]): string {
  const known = lists.get(migrations);
  if (known !== undefined) return known;
  const rows = migrations.map(({ migration }) => ({ ...rowOf(migration), name: nameOf(migration) }));
  const list = (of: (row: (typeof rows)[number]) => string) =>
    `array[${rows.map((row) => literal(of(row))).join(", ")}]`;
  const text = [
    list(({ kind }) => kind),
    list(({ key }) => key),
    list(({ name }) => name),
    list(({ checksum }) => checksum),
  ].join(", ");
  lists.set(migrations, text);
  return text;
}

const lists = new WeakMap<readonly PreparedMigration[], string>();

/** The same of one migration that was applied outside of a transaction. */
export function recordOneStatement(
  context: RunContext,
  schema: SchemaState,
  migration: Migration,
  milliseconds: number,
): string {
  const { kind, key, checksum } = rowOf(migration);
  const texts = [schema.name, kind, key, nameOf(migration), checksum, context.run].map(literal);
  const row = [context.state.database.id, schema.id, ...texts, Math.round(milliseconds)];
  const again = kind === "repeatable" ? ` ${inPlaceOfTheLast()}` : "";
  return `insert into tenantry.history (${columns()}) values (${row.join(", ")})${again}`;
}

/** As much of it as the history holds. */
function nameOf({ name }: Migration): string {
  return name.slice(0, 160);
}

function columns(): string {
  return "database_id, schema_id, schema_name, kind, key, name, checksum, run_id, milliseconds";
}

function values(): string {
  // A file that resets all settings takes the moments before it along.
  const noted = (place: string) => `nullif(current_setting('${clock("")}' || ${place}, true), '')::numeric`;
  const began = (place: string) => `coalesce(${noted(place)}, extract(epoch from statement_timestamp())::numeric)`;
  const ended = `case when i < cardinality(keys) then ${began("i")} else extract(epoch from clock_timestamp())::numeric end`;
  return `here, wanted, called, kinds[i], keys[i], names[i], checksums[i], run, 1000 * (${ended} - ${began("(i - 1)")})`;
}
