import { compareMigrations, compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import { byHistory, type EditedFile, editedFiles } from "./editedFiles";
import type { Refusal } from "./events";
import { identityOf, rowOf, type SchemaHistory } from "./history";
import { labelOf } from "./label";
import type { PlanInput } from "./plan";
import type { FleetState, SchemaState } from "./state";
import { type Targets, targetsOf } from "./targets";
import { schemasText, shellWord } from "./text";
import { unknownText, unknownVersions } from "./unknownVersions";

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
    ...changedFiles(editedFiles(of("public"), publicSchemas)),
    ...changedFiles(editsInTheWay(input, of("tenant"), targets, missing)),
    ...aheadRefusals(input, "public", publicSchemas),
    ...aheadRefusals(input, "tenant", targets.schemas),
    ...(options.outOfOrder === "apply"
      ? []
      : [
          ...outOfOrder(publicSchemas, () => publicMissing),
          ...outOfOrder(targets.schemas, missing),
          ...newTenantsBehind(input, targets, missing),
        ]),
  ];
}

/**
 * The changed files that the selected schemas have, and those that they lack and others have: a file must not come to mean one
 * thing here and another there.
 */
function editsInTheWay(
  { state }: PlanInput,
  migrations: readonly Migration[],
  { schemas }: Targets,
  missing: (schema: SchemaState) => readonly Migration[],
): EditedFile[] {
  const lacked = new Set([...new Set(schemas.map(missing))].flat());
  const others = targetsOf(state, {}).schemas;
  const elsewhere = editedFiles([...lacked], others);
  return [
    ...editedFiles(
      migrations.filter((migration) => !lacked.has(migration)),
      schemas,
    ),
    ...elsewhere,
  ];
}

function changedFiles(edits: readonly EditedFile[]): Refusal[] {
  const changed = new Collection<Migration>();
  for (const { migration, schemas } of edits) changed.add(migration, schemas);
  return changed.map((file, where) => ({
    code: "changed-migration",
    message: `${file.path} was changed after it had been applied to ${schemasText(where).replace(/^S/, "s")}. Undo the change and write a new migration for it; or, where the schemas are already as the file says now, accept it: tenantry repair ${file.path} --reason "…"`,
    file: file.path,
  }));
}

/** Applied versions that no file has. */
function aheadRefusals(
  { migrations, state, settings }: PlanInput,
  scope: Migration["scope"],
  schemas: readonly SchemaState[],
): Refusal[] {
  const unknownOf = unknownVersions(migrations, scope);
  const unknown = new Collection<string>();
  for (const [history, group] of byHistory(schemas)) {
    for (const version of unknownOf(history)) unknown.add(version, group);
  }
  return unknown.map((version, where) => {
    const { text, wayOut } = unknownText([version], migrations, scope, settings.order);
    // Neither the shared schema nor the prototype can be left out.
    const skip = where.some((schema) => schema === state.public || schema === state.prototype)
      ? ""
      : '; or leave a schema that is ahead out: tenantry skip TENANT --reason "…"';
    return {
      code: "unknown-version",
      message: `Version ${version} is applied to ${schemasText(where).replace(/^S/, "s")}, ${text}. ${wayOut}${skip}`,
    };
  });
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
 * applied yet has no public versions to be behind. One that was made again is refused for that.
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
    if (schema.history.applied.length > 0 || schema.recreated) continue;
    const first = missing(schema)[0];
    if (first === undefined || first.version === null) continue;
    const passed = newestPublic.findLast(
      (migration) =>
        compareMigrations(first, migration, settings.order) < 0 &&
        schema.id > newestBefore(state, identityOf(rowOf(migration)), schema),
    );
    if (passed !== undefined) behind.add(passed, [schema]);
  }
  return behind.map((migration, where) => ({
    code: "new-tenant-behind",
    message: `${schemasText(where)} ${where.length === 1 ? "is" : "are"} new and would get migrations that are older than ${labelOf(migration)} (${migration.path}), which the shared tables already have: they were written for other shared tables than there are now. ${waysOutOf(where, state.prototype)}`,
    file: migration.path,
  }));
}

/**
 * The newest schema that there was when the shared tables got a version. Where they were adopted with it, nobody knows; nothing
 * but an empty prototype may then still get what is older, since there is no other way to make one, and tenants are compared
 * with it before they are adopted.
 */
function newestBefore(state: FleetState, version: string, schema: SchemaState): number {
  const unknown = schema === state.prototype && !schema.occupied ? Number.POSITIVE_INFINITY : 0;
  return state.newestSchemaBefore.get(version) ?? unknown;
}

function waysOutOf(schemas: readonly SchemaState[], prototype: SchemaState | null): string {
  if (prototype === null || schemas.includes(prototype))
    return 'There is no prototype at such a version to make tenants from. If the old migrations still work, set "run": { "outOfOrder": "apply" }; where a prototype has the shape already, adopt it with the tenants: tenantry baseline --to VERSION';
  const [first] = schemas;
  const [it, tenant] = schemas.length === 1 && first !== undefined ? ["it", shellWord(first.name)] : ["them", "TENANT"];
  const adopt = schemas.some(({ occupied }) => occupied)
    ? ` Where the schema has the prototype's shape already, adopt it: tenantry baseline --to VERSION --tenants ${tenant}.`
    : "";
  return `Make ${it} from the prototype instead: tenantry provision ${tenant}.${adopt} If the old migrations still work, set "run": { "outOfOrder": "apply" }; or leave ${it} out: tenantry skip ${tenant} --reason "…"`;
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
