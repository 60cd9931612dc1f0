import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { StatusReport, TenantState } from "./events";
import { skipText } from "./skips";
import type { FleetState, SchemaState } from "./state";
import { fewNames } from "./text";
import { unknownText, unknownVersions } from "./unknownVersions";

/** What a tenant's state doesn't say by itself, for people, by the tenant's name; a plain current or pending one has none. */
export function detailsOf(
  state: FleetState,
  migrations: readonly Migration[],
  order: Settings["order"],
  { tenants }: StatusReport,
): ReadonlyMap<string, string> {
  const apart = tenants.filter(({ state: standing }) => standing !== "current");
  if (apart.length === 0) return new Map();
  const unknown = unknownVersions(migrations, "tenant");
  const aheadOf = ({ history }: SchemaState) => aheadText(unknown(history), migrations, "tenant", order);
  const schemas = new Map(state.tenants.map((schema) => [schema.name, schema]));
  return new Map(
    apart.flatMap(({ tenant, state: standing }) => {
      const schema = schemas.get(tenant);
      const skip = state.skips.get(tenant);
      if (skip !== undefined) return [[tenant, skipText(skip)]];
      if (schema === undefined) return [[tenant, absentText(tenant, state)]];
      const detail = detailOf(schema, standing, () => aheadOf(schema));
      return detail === null ? [] : [[tenant, detail]];
    }),
  );
}

export interface SharedDetail {
  readonly state: TenantState;
  readonly text: string;
}

export type SharedDetails = Readonly<Record<"public" | "prototype", SharedDetail | null>>;

/** What the figures of the shared schema and of the prototype don't say by themselves; null where there is nothing more. */
export function sharedDetailsOf(
  state: FleetState,
  migrations: readonly Migration[],
  order: Settings["order"],
  report: StatusReport,
): SharedDetails {
  const tell = (schema: SchemaState | null, scope: Migration["scope"], pending: number): SharedDetail | null => {
    if (schema === null) return null;
    if (schema.recreated) return { state: "recreated", text: `made again: ${recreatedText}` };
    const unknown = unknownVersions(migrations, scope)(schema.history);
    if (unknown.length > 0) return { state: "unknown-version", text: aheadText(unknown, migrations, scope, order) };
    if (pending === 0 || schema.failure === null) return null;
    return { state: "failed", text: `failed: ${schema.failure.message}` };
  };
  return {
    public: tell(state.public, "public", report.public.pending),
    prototype: tell(state.prototype, "tenant", report.prototype?.pending ?? 0),
  };
}

const recreatedText = "not the schema that the history tells of: it was dropped and made again, or restored";

function aheadText(
  versions: readonly string[],
  migrations: readonly Migration[],
  scope: Migration["scope"],
  order: Settings["order"],
): string {
  return `has ${fewNames(versions)}, ${unknownText(versions, migrations, scope, order).text}`;
}

function absentText(tenant: string, { dropped, unlisted }: FleetState): string {
  const renamed = unlisted.find(({ former }) => former === tenant);
  if (renamed !== undefined) return `its schema is called "${renamed.name}" now, which isn't listed`;
  return dropped.has(tenant) ? "its schema was dropped" : "its schema isn't made yet";
}

function detailOf(
  schema: SchemaState,
  standing: StatusReport["tenants"][number]["state"],
  ahead: () => string,
): string | null {
  const { formerName, failure } = schema;
  switch (standing) {
    case "recreated":
      return recreatedText;
    case "renamed":
      return `was called "${formerName}" when it was last migrated; its history follows it`;
    case "unknown-version":
      return ahead();
    case "failed":
      return failure?.message ?? null;
    case "pending":
      return schema.occupied ? "has no history, and isn't empty" : null;
    default:
      return null;
  }
}
