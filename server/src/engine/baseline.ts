import type { Database, Session } from "../db/database";
import { compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import { recordDecisions } from "./decisions";
import type { Refusal } from "./events";
import { identifier } from "./guards";
import { missingFrom, rowOf } from "./history";
import { newestOf } from "./historyRefusals";
import { installFor } from "./installation";
import { asOnlyRun } from "./runLock";
import { type Comparison, compareWithPrototype } from "./shape/comparison";
import type { FleetState, SchemaState } from "./state";
import { fewNames, schemasText, shellWord } from "./text";
import { inTransaction } from "./transaction";

/** Schemas that get a history without being touched, since they are already what it says. */
export interface Adoption {
  readonly to: string;
  /** The versioned migrations up to there, in their order. */
  readonly migrations: readonly Migration[];
  /** The public schema, where it has no history yet. */
  readonly public: SchemaState | null;
  /** The prototype, where it has no history yet: the others are compared with it, and nothing can be with itself. */
  readonly prototype: SchemaState | null;
  readonly tenants: readonly SchemaState[];
  /** The tenants that weren't named, and that have a history or hold nothing. */
  readonly left: readonly SchemaState[];
}

/** Statements and commands as a person types them. */
interface WaysOut {
  readonly makePrototype: string;
  readonly adoptShared: string;
  readonly runOnPrototype: string;
}

/** What of the histories stands against an adoption; whether the schemas have the prototype's shape is told by `compareShape`. */
export function adoptionRefusals(
  state: FleetState,
  adoption: Adoption,
  { publicSchema, prototypeSchema }: Pick<Settings, "publicSchema" | "prototypeSchema">,
): Refusal[] {
  const waysOut: WaysOut = {
    makePrototype: `create schema ${identifier(prototypeSchema)};`,
    adoptShared: `tenantry baseline --to ${adoption.to} --tenants ${shellWord(publicSchema)}`,
    runOnPrototype: `tenantry run --tenants ${shellWord(prototypeSchema)} --to ${adoption.to}`,
  };
  const of = (scope: Migration["scope"]) => adoption.migrations.filter((migration) => migration.scope === scope);
  return [
    ...publicRefusals(state.public, adoption.to, of("public"), waysOut),
    ...(adoption.tenants.length + (adoption.prototype === null ? 0 : 1) === 0
      ? []
      : prototypeRefusals(state.prototype, adoption.to, of("tenant"), waysOut)),
  ];
}

function publicRefusals(
  schema: SchemaState | null,
  to: string,
  migrations: readonly Migration[],
  { runOnPrototype }: WaysOut,
): Refusal[] {
  if (schema === null || schema.history.applied.length === 0) return [];
  const missing = missingFrom(schema.history, migrations);
  if (missing.length === 0) return [];
  return [
    {
      code: "public-behind",
      message: `The schema "${schema.name}" has a history, and lacks ${fewNames(missing.map(({ path }) => path))} of it, which tenants at ${to} rely on. Run what is public first: ${runOnPrototype}`,
    },
  ];
}

function prototypeRefusals(
  prototype: SchemaState | null,
  to: string,
  migrations: readonly Migration[],
  { makePrototype, adoptShared, runOnPrototype }: WaysOut,
): Refusal[] {
  if (prototype === null) {
    return [
      {
        code: "no-prototype",
        message: `There is no prototype to compare the tenants with. Create its schema (${makePrototype}), adopt what the tenants share (${adoptShared}), and run the migrations on it: ${runOnPrototype}`,
      },
    ];
  }
  const { name, history } = prototype;
  if (history.applied.length === 0) {
    return prototype.occupied || migrations.length === 0
      ? []
      : [
          {
            code: "prototype-empty",
            message: `The prototype "${name}" is empty, so that nothing can be compared with it. Where the shared tables are there already, adopt them (${adoptShared}); then run the migrations on it: ${runOnPrototype}`,
          },
        ];
  }
  const missing = missingFrom(history, migrations);
  if (missing.length > 0) {
    return [
      {
        code: "prototype-behind",
        message: `The prototype "${name}" isn't at ${to}: it lacks ${fewNames(missing.map(({ path }) => path))}. Run the migrations on it first: ${runOnPrototype}`,
      },
    ];
  }
  const newest = newestOf(history);
  return newest === null || compareVersions(newest, to) <= 0
    ? []
    : [
        {
          code: "prototype-ahead",
          message: `The prototype "${name}" is at ${newest} already, so that nothing can be compared with what it was at ${to}. Adopt schemas at ${newest}, or bring the others there first.`,
        },
      ];
}

/** Where tenants haven't got the prototype's shape, those together that differ in the same way. */
export async function compareShape(database: Database, state: FleetState, { tenants }: Adoption): Promise<Refusal[]> {
  const { prototype } = state;
  if (prototype === null || tenants.length === 0) return [];
  await installFor(database, state);
  const comparison = await database.session((session) =>
    compareWithPrototype(session, prototype, tenants, state.tenants),
  );
  return [...dependencyRefusals(comparison, prototype), ...differenceRefusals(comparison)];
}

function dependencyRefusals({ groups, prototypeDependencies }: Comparison, prototype: SchemaState): Refusal[] {
  const ofTenants = groups.flatMap(({ tenants, dependencies }) =>
    dependencies.length === 0
      ? []
      : [
          {
            code: "foreign-dependency",
            message: `${schemasText(tenants)} ${tenants.length === 1 ? "depends" : "depend"} on a schema that is none of ${tenants.length === 1 ? "its" : "their"} business: ${sentences(dependencies)} Make it depend on the tenant's own, and try again.`,
          },
        ],
  );
  if (prototypeDependencies.length === 0) return ofTenants;
  const message = `The prototype "${prototype.name}" depends on a tenant: ${sentences(prototypeDependencies)} Make it depend on its own, and try again.`;
  return [{ code: "foreign-dependency", message }, ...ofTenants];
}

function differenceRefusals({ groups }: Comparison): Refusal[] {
  return groups.flatMap(({ tenants, differences }) =>
    differences.length === 0
      ? []
      : [
          {
            code: "different-shape",
            message: `${schemasText(tenants)} ${tenants.length === 1 ? "hasn't" : "haven't"} got the prototype's shape: ${sentences(differences)} Put that right, adopt the others by --tenants, or leave one out: tenantry skip TENANT --reason "…"`,
          },
        ],
  );
}

function sentences(found: readonly { readonly message: string }[], most = 5): string {
  const shown = found
    .slice(0, most)
    .map(({ message }) => message.replace(/\.$/, ""))
    .join("; ");
  return found.length > most ? `${shown}; and ${found.length - most} more.` : `${shown}.`;
}

/**
 * Writes the histories, all or none.
 * @throws RunInProgressError where a run goes on; DatabaseError where a schema got a history meanwhile
 */
export async function adopt(
  database: Database,
  state: FleetState,
  adoption: Adoption,
  reason: string | null,
): Promise<void> {
  await installFor(database, state);
  await asOnlyRun(database, () =>
    database.session((session) => inTransaction(session, () => writeHistories(session, state, adoption, reason))),
  );
}

async function writeHistories(
  session: Session,
  state: FleetState,
  adoption: Adoption,
  reason: string | null,
): Promise<void> {
  const tenants = [adoption.prototype, ...adoption.tenants].filter((schema) => schema !== null);
  const shared = [adoption.public].filter((schema) => schema !== null);
  const id = await recordDecisions(
    session,
    state,
    [...shared, ...tenants].map((schema) => ({
      kind: "baseline",
      schemaId: schema.id,
      schema: schema.name,
      key: adoption.to,
      ...(reason === null ? {} : { reason }),
    })),
  );
  for (const [scope, schemas] of [
    ["public", shared],
    ["tenant", tenants],
  ] as const) {
    const rows = adoption.migrations
      .filter((migration) => migration.scope === scope)
      .map((migration) => ({ ...rowOf(migration), name: migration.name.slice(0, 160) }));
    await session.query(
      `insert into tenantry.history (database_id, schema_id, schema_name, kind, key, name, checksum, run_id, milliseconds)
       select $1::oid, s.id, s.name, m.kind, m.key, m.name, m.checksum, $2::uuid, 0
       from json_to_recordset($3::json) as s (id oid, name text)
         cross join json_to_recordset($4::json) as m (kind text, key text, name text, checksum text)`,
      [state.database.id, id, JSON.stringify(schemas.map(({ id, name }) => ({ id, name }))), JSON.stringify(rows)],
    );
  }
}
