import type { FleetState } from "../../engine/state";

/** What to do where no schema is a tenant's and none is about to be; null where there are some. */
export function absentText({ source, tenants, pendingCreation }: FleetState): string | null {
  if (tenants.length > 0 || pendingCreation.length > 0) return null;
  if (source === null)
    return 'No tenants: say in tenantry.json which schemas they are, such as "tenants": { "pattern": "tenant_*" }.';
  if ("pattern" in source) return `No tenants: no schema is named like ${source.pattern}.`;
  if ("query" in source) return "No tenants: the query of `tenants` gives none, or what it reads isn't made yet.";
  return "No tenants: none of those that `tenants` lists can be one.";
}
