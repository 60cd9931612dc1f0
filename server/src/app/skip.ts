import { skipTenant, unskipTenant } from "../engine/skips";
import type { FleetState } from "../engine/state";
import { fleetStateOf } from "./fleetState";
import { requireRecords } from "./records";
import type { Target } from "./target";
import { UsageError } from "./usageError";

/** Leaves a tenant out of all runs until that is taken back. @throws UsageError where it is no tenant; EngineError, DatabaseError */
export async function skip(target: Target, tenant: string, reason: string): Promise<void> {
  const state = await fleetStateOf(target);
  if (!namesOf(state).has(tenant)) throw new UsageError(unknownMessage(tenant, state));
  requireRecords(state);
  await skipTenant(target.database, state, tenant, reason);
}

/** Takes that back. @throws UsageError where the tenant isn't left out; EngineError, DatabaseError */
export async function unskip(target: Target, tenant: string): Promise<void> {
  const state = await fleetStateOf(target);
  requireRecords(state);
  const undone = await unskipTenant(target.database, state, tenant);
  if (undone) return;
  throw new UsageError(
    namesOf(state).has(tenant)
      ? `"${tenant}" isn't left out; there is nothing to take back.`
      : unknownMessage(tenant, state),
  );
}

function namesOf({ tenants, pendingCreation }: FleetState): ReadonlySet<string> {
  return new Set([...tenants.map(({ name }) => name), ...pendingCreation]);
}

function unknownMessage(tenant: string, { prototype, public: shared }: FleetState): string {
  if (tenant === prototype?.name || tenant === shared?.name)
    return `"${tenant}" is no tenant, and takes part in every run: only tenants can be left out.`;
  return `No tenant is called "${tenant}". Names are written exactly as the database has them; \`tenantry status\` lists them.`;
}
