import type { Migration } from "../model/migration";
import type { StatusReport, TenantState } from "./events";
import type { SchemaHistory } from "./history";
import { newestOf } from "./historyRefusals";
import type { FleetState, SchemaState } from "./state";
import { missingBySchema } from "./targets";
import { unknownVersions } from "./unknownVersions";

/** Where every tenant stands, by what one query saw. */
export function statusOf(state: FleetState, migrations: readonly Migration[]): StatusReport {
  const unknown = unknownVersions(migrations, "tenant");
  const missing = missingBySchema(migrations, "tenant");
  const newest = memoized(newestOf);
  const tenants = state.tenants.map((schema) => {
    const pending = missing(schema).length;
    return {
      tenant: schema.name,
      version: newest(schema.history),
      pending,
      state: stateOf(schema, pending, unknown(schema.history).length > 0, state.skips.has(schema.name)),
    };
  });
  const absent = state.pendingCreation.map((tenant) => ({
    tenant,
    version: null,
    pending: missing(null).length,
    state: state.skips.has(tenant) ? ("skipped" as const) : ("pending-creation" as const),
  }));
  return {
    public: {
      version: state.public === null ? null : newest(state.public.history),
      pending: missingBySchema(migrations, "public")(state.public).length,
    },
    prototype:
      state.prototype === null
        ? null
        : { version: newest(state.prototype.history), pending: missing(state.prototype).length },
    tenants: [...tenants, ...absent],
  };
}

/** On how many of the schemas that it is for each migration is applied as it stands, by path. */
export function appliedCounts(
  state: FleetState,
  migrations: readonly Migration[],
): ReadonlyMap<string, { readonly count: number; readonly of: number }> {
  const counts = new Map<string, { count: number; of: number }>();
  for (const scope of ["public", "tenant"] as const) {
    const schemas = scope === "tenant" ? state.tenants : state.public === null ? [] : [state.public];
    const missing = missingBySchema(migrations, scope);
    const lists = new Map<readonly Migration[], number>();
    for (const schema of schemas) lists.set(missing(schema), (lists.get(missing(schema)) ?? 0) + 1);
    for (const migration of migrations) {
      if (migration.scope !== scope) continue;
      let lacking = 0;
      for (const [list, size] of lists) if (list.includes(migration)) lacking += size;
      counts.set(migration.path, { count: schemas.length - lacking, of: schemas.length });
    }
  }
  return counts;
}

function stateOf(schema: SchemaState, pending: number, ahead: boolean, skipped: boolean): TenantState {
  if (skipped) return "skipped";
  if (schema.recreated) return "recreated";
  if (schema.formerName !== null) return "renamed";
  if (ahead) return "unknown-version";
  if (pending === 0) return "current";
  return schema.failure === null ? "pending" : "failed";
}

function memoized<T>(tell: (history: SchemaHistory) => T): (history: SchemaHistory) => T {
  const known = new Map<SchemaHistory, T>();
  return (history) => {
    if (!known.has(history)) known.set(history, tell(history));
    return known.get(history) as T;
  };
}
