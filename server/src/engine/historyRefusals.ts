import { compareMigrations, compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import type { Refusal } from "./events";
import { identityOf, rowOf, type SchemaHistory } from "./history";
import { labelOf } from "./label";
import type { PlanInput } from "./plan";
import type { SchemaState } from "./state";
import type { Targets } from "./targets";
import { fewNames, schemasText } from "./text";

/** Where the files and what the schemas' histories say don't go together. */
export function historyRefusals(
  input: PlanInput,
  targets: Targets,
  missing: (schema: SchemaState) => readonly Migration[],
  publicMissing: readonly Migration[],
): Refusal[] {
  const { state, migrations, options } = input;
  const of = (scope: Migration["scope"]) => migrations.filter((migration) => migration.scope === scope);
  const publicSchemas = state.public === null ? [] : [state.public];
  return [
    ...compareWithFiles(of("public"), publicSchemas),
    ...compareWithFiles(of("tenant"), targets.schemas),
    ...(options.outOfOrder === "apply"
      ? []
      : [
          ...outOfOrder(publicSchemas, () => publicMissing),
          ...outOfOrder(targets.schemas, missing),
          ...newTenantsBehind(input, targets, missing),
        ]),
  ];
}

/** Applied files that were changed, and applied versions that no file has. */
function compareWithFiles(migrations: readonly Migration[], schemas: readonly SchemaState[]): Refusal[] {
  const files = new Map(migrations.map((migration) => [identityOf(rowOf(migration)), migration]));
  const changed = new Collection<Migration>();
  const unknown = new Collection<string>();
  for (const [history, group] of byHistory(schemas)) {
    for (const row of history.applied) {
      if (row.kind === "repeatable") continue;
      const file = files.get(identityOf(row));
      if (file === undefined) unknown.add(row.key, group);
      else if (row.checksum !== file.checksum) changed.add(file, group);
    }
  }
  return [
    ...changed.map((file, where) => ({
      code: "changed-migration",
      message: `${file.path} was changed after it had been applied to ${schemasText(where).replace(/^S/, "s")}. Undo the change and write a new migration for it.`,
      file: file.path,
    })),
    ...unknown.map((version, where) => ({
      code: "unknown-version",
      message: `Version ${version} is applied to ${schemasText(where).replace(/^S/, "s")}, and no file here has it. Get the missing file (an older checkout, another branch) before you go on.`,
    })),
  ];
}

function outOfOrder(
  schemas: readonly SchemaState[],
  missing: (schema: SchemaState) => readonly Migration[],
): Refusal[] {
  const late = new Collection<Migration>();
  for (const [history, group] of byHistory(schemas)) {
    const newest = newestOf(history);
    const [first] = group;
    if (newest === null || first === undefined) continue;
    for (const migration of missing(first)) {
      if (migration.version !== null && compareVersions(migration.version, newest) < 0) late.add(migration, group);
    }
  }
  return late.map((migration, where) => ({
    code: "out-of-order",
    message: `${migration.path} isn't applied to ${schemasText(where).replace(/^S/, "s")}, where later versions already are. Give it a version above them, or set "run": { "outOfOrder": "apply" }.`,
    file: migration.path,
  }));
}

/** The highest version of a schema's own history. */
export function newestOf(history: SchemaHistory): string | null {
  let newest: string | null = null;
  for (const { kind, key } of history.applied) {
    if (kind === "versioned" && (newest === null || compareVersions(key, newest) > 0)) newest = key;
  }
  return newest;
}

/**
 * Schemas that were made after the shared tables had moved on: the old versions were written for other shared tables than
 * there are now. A schema that existed at that time was left out on purpose, and may catch up; a fleet to which nothing was
 * applied yet has no public versions to be behind.
 */
function newTenantsBehind(
  { state, migrations, settings }: PlanInput,
  targets: Targets,
  missing: (schema: SchemaState) => readonly Migration[],
): Refusal[] {
  const applied = new Set(state.public?.history.applied.map(identityOf) ?? []);
  const newestPublic = migrations.filter(
    (migration) =>
      migration.scope === "public" && migration.version !== null && applied.has(identityOf(rowOf(migration))),
  );
  const behind = new Collection<Migration>();
  for (const schema of targets.schemas) {
    if (schema.history.applied.length > 0) continue;
    const first = missing(schema)[0];
    if (first === undefined || first.version === null) continue;
    const passed = newestPublic.findLast(
      (migration) =>
        compareMigrations(first, migration, settings.order) < 0 &&
        schema.id > (state.newestSchemaBefore.get(identityOf(rowOf(migration))) ?? 0),
    );
    if (passed !== undefined) behind.add(passed, [schema]);
  }
  return behind.map((migration, where) => ({
    code: "new-tenant-behind",
    message: `${schemasText(where)} ${where.length === 1 ? "is" : "are"} new and would get migrations that are older than ${labelOf(migration)} (${migration.path}), which the shared tables already have. If the old migrations still work with today's shared tables, set "run": { "outOfOrder": "apply" }; or leave ${fewNames(where.map(({ name }) => `"${name}"`))} out with --tenants.`,
    file: migration.path,
  }));
}

function byHistory(schemas: readonly SchemaState[]): Map<SchemaHistory, SchemaState[]> {
  const groups = new Map<SchemaHistory, SchemaState[]>();
  for (const schema of schemas) {
    const group = groups.get(schema.history);
    if (group === undefined) groups.set(schema.history, [schema]);
    else group.push(schema);
  }
  return groups;
}

/** Schemas by what they have in common, in the order of first sight. */
class Collection<Key> {
  readonly #schemas = new Map<Key, SchemaState[]>();

  add(key: Key, schemas: readonly SchemaState[]): void {
    this.#schemas.set(key, [...(this.#schemas.get(key) ?? []), ...schemas]);
  }

  map<T>(tell: (key: Key, schemas: readonly SchemaState[]) => T): T[] {
    return [...this.#schemas].map(([key, schemas]) => tell(key, schemas));
  }
}
