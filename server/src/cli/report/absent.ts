import type { FleetState } from "../../engine/state";
import type { Project } from "../../project/project";
import { quoteIdentifier } from "../../sql/quote";

/** What to do where no schema is a tenant's and none is about to be; null where there are some. */
export function absentText({ source, tenants, pendingCreation }: FleetState): string | null {
  if (tenants.length > 0 || pendingCreation.length > 0) return null;
  if (source === null)
    return 'No tenants: say in tenantry.json which schemas they are, such as "tenants": { "pattern": "tenant_*" }.';
  if ("pattern" in source) return `No tenants: no schema is named like ${source.pattern}.`;
  if ("query" in source) return "No tenants: the query of `tenants` gives none, or what it reads isn't made yet.";
  return "No tenants: none of those that `tenants` lists can be one.";
}

/** How the first tenant comes to be, where there are tenant migrations and no schema to run them in; null where there is one. */
export function firstTenantText(
  { tenants, prototype }: FleetState,
  { migrations, configuration }: Project,
): string | null {
  if (tenants.length > 0 || prototype !== null || !migrations.some(({ scope }) => scope === "tenant")) return null;
  const { prototypeSchema, dialect } = configuration;
  return `There is no prototype either. Make it (create schema ${quoteIdentifier(prototypeSchema, dialect)}; in a file for \`tenantry sql FILE\`) and run the migrations on it; \`tenantry provision NAME\` then makes tenants from it.`;
}
