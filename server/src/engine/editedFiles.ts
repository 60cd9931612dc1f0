import type { Migration } from "../model/migration";
import { type AppliedMigration, identityOf, rowOf, type SchemaHistory } from "./history";
import type { FleetState, SchemaState } from "./state";

/** An applied file that says something else by now, as schemas have it with one and the same checksum. */
export interface EditedFile {
  readonly migration: Migration;
  /** The row that the schemas have. */
  readonly row: AppliedMigration;
  /** The public schema, or the prototype and tenants. */
  readonly schemas: readonly SchemaState[];
}

/** The files among these that were changed after they had been applied to these schemas. */
export function editedFiles(migrations: readonly Migration[], schemas: readonly SchemaState[]): EditedFile[] {
  const edited = new Map<string, EditedFile & { readonly schemas: SchemaState[] }>();
  for (const [history, group] of byHistory(schemas)) {
    const rows = new Map(history.applied.map((row) => [identityOf(row), row]));
    for (const migration of migrations) {
      const row = migration.version === null ? undefined : rows.get(identityOf(rowOf(migration)));
      if (row === undefined || row.checksum === migration.checksum) continue;
      const key = JSON.stringify([migration.path, row.key, row.checksum]);
      const known = edited.get(key);
      if (known === undefined) edited.set(key, { migration, row, schemas: [...group] });
      else known.schemas.push(...group);
    }
  }
  return [...edited.values()];
}

/** The files that were changed after they had been applied to any schema, those of skipped tenants included. */
export function editedAnywhere(state: FleetState, migrations: readonly Migration[]): EditedFile[] {
  const of = (scope: Migration["scope"]) => migrations.filter((migration) => migration.scope === scope);
  const present = (schemas: readonly (SchemaState | null)[]) => schemas.filter((schema) => schema !== null);
  return [
    ...editedFiles(of("public"), present([state.public])),
    ...editedFiles(of("tenant"), present([state.prototype, ...state.tenants])),
  ];
}

/** Schemas with one history together, as thousands of them share a few. */
export function byHistory(schemas: readonly SchemaState[]): Map<SchemaHistory, SchemaState[]> {
  const groups = new Map<SchemaHistory, SchemaState[]>();
  for (const schema of schemas) {
    const group = groups.get(schema.history);
    if (group === undefined) groups.set(schema.history, [schema]);
    else group.push(schema);
  }
  return groups;
}
