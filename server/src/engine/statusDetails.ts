import type { Migration } from "../model/migration";
import type { StatusReport } from "./events";
import { identityOf, rowOf } from "./history";
import { skipText } from "./skips";
import type { FleetState, SchemaState } from "./state";
import { fewNames } from "./text";

/** What a tenant's state doesn't say by itself, for people, by the tenant's name; a plain current or pending one has none. */
export function detailsOf(
  state: FleetState,
  migrations: readonly Migration[],
  { tenants }: StatusReport,
): ReadonlyMap<string, string> {
  const apart = tenants.filter(({ state: standing }) => standing !== "current");
  if (apart.length === 0) return new Map();
  const files = new Set(migrations.map((migration) => identityOf(rowOf(migration))));
  const schemas = new Map(state.tenants.map((schema) => [schema.name, schema]));
  return new Map(
    apart.flatMap(({ tenant, state: standing }) => {
      const schema = schemas.get(tenant);
      const skip = state.skips.get(tenant);
      if (skip !== undefined) return [[tenant, skipText(skip)]];
      if (schema === undefined) return [[tenant, absentText(tenant, state)]];
      const detail = detailOf(schema, standing, files);
      return detail === null ? [] : [[tenant, detail]];
    }),
  );
}

function absentText(tenant: string, { dropped, unlisted }: FleetState): string {
  const renamed = unlisted.find(({ former }) => former === tenant);
  if (renamed !== undefined) return `its schema is called "${renamed.name}" now, which isn't listed`;
  return dropped.has(tenant) ? "its schema was dropped" : "its schema isn't made yet";
}

function detailOf(
  schema: SchemaState,
  standing: StatusReport["tenants"][number]["state"],
  files: ReadonlySet<string>,
): string | null {
  const { history, formerName, failure } = schema;
  switch (standing) {
    case "recreated":
      return "not the schema that the history tells of: it was dropped and made again, or restored";
    case "renamed":
      return `was called "${formerName}" when it was last migrated; its history follows it`;
    case "unknown-version": {
      const unknown = history.applied.filter((row) => row.kind === "versioned" && !files.has(identityOf(row)));
      return `has ${fewNames(unknown.map(({ key }) => key))}, which no file here has`;
    }
    case "failed":
      return failure?.message ?? null;
    case "pending":
      return schema.occupied ? "has no history, and isn't empty" : null;
    default:
      return null;
  }
}
