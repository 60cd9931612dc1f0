import { editedAnywhere } from "../engine/editedFiles";
import type { Outcome, StatusReport } from "../engine/events";
import { matchTenants } from "../engine/selection";
import { skipText } from "../engine/skips";
import type { FleetState } from "../engine/state";
import { appliedCounts, statusOf } from "../engine/status";
import { detailsOf, type SharedDetails, sharedDetailsOf } from "../engine/statusDetails";
import type { Migration } from "../model/migration";
import { fleetStateOf } from "./fleetState";
import type { Target } from "./target";
import { knownNames, splitNames } from "./tenantNames";
import { UsageError } from "./usageError";

/** Which tenants a status is about: names, globs, or lists of them; none given, all. */
export interface StatusSelection {
  readonly tenants?: readonly string[];
}

/** The state of a fleet, in every form that a view of it needs. */
export interface FleetStatus {
  readonly report: StatusReport;
  /** On how many of the schemas that it is for each migration is applied, by its path. */
  readonly applied: ReadonlyMap<string, { readonly count: number; readonly of: number }>;
  /** How the last run ended for the tenants where that is still to be told, or why one is left out. */
  readonly last: ReadonlyMap<string, { readonly outcome: Outcome; readonly message: string | null }>;
  /** What a tenant's state doesn't say by itself, by the tenant's name. */
  readonly details: ReadonlyMap<string, string>;
  /** The same of the shared schema and of the prototype. */
  readonly shared: SharedDetails;
  /** The applied files that were changed since. */
  readonly edited: readonly string[];
  readonly state: FleetState;
}

/** Where every tenant stands, or those that are picked. @throws DatabaseError, EngineError, UsageError for a tenant that nobody knows */
export async function status(target: Target, selection: StatusSelection = {}): Promise<StatusReport> {
  return (await fleetStatus(target, selection)).report;
}

/** The same with what belongs to it, from one look at the database. @param reading that look, where it was begun before */
export async function fleetStatus(
  target: Target,
  selection: StatusSelection = {},
  reading = fleetStateOf(target),
): Promise<FleetStatus> {
  const { migrations, configuration } = target.project;
  const state = await reading;
  const report = narrowed(statusOf(state, migrations), state, selection);
  return {
    state,
    report,
    applied: appliedCounts(state, migrations),
    last: lastOf(state),
    details: detailsOf(state, migrations, configuration.order, report),
    shared: sharedDetailsOf(state, migrations, configuration.order, report),
    edited: editedPaths(state, migrations),
  };
}

function editedPaths(state: FleetState, migrations: readonly Migration[]): string[] {
  return [...new Set(editedAnywhere(state, migrations).map(({ migration }) => migration.path))];
}

function lastOf({ tenants, skips }: FleetState): FleetStatus["last"] {
  const last = new Map<string, { readonly outcome: Outcome; readonly message: string | null }>();
  for (const { name, failure } of tenants) {
    if (failure !== null) last.set(name, { outcome: "failed", message: failure.message });
  }
  for (const [name, skip] of skips) last.set(name, { outcome: "skipped", message: skipText(skip) });
  return last;
}

function narrowed(report: StatusReport, state: FleetState, { tenants }: StatusSelection): StatusReport {
  if (tenants === undefined) {
    return report;
  }
  const names = report.tenants.map(({ tenant }) => tenant);
  const { matched, unknown } = matchTenants(names, splitNames(tenants, knownNames(state)));
  if (unknown.length > 0) {
    throw new UsageError(
      `No tenant is called ${unknown.map((name) => `"${name}"`).join(" or ")}. \`tenantry status\` lists them.`,
    );
  }
  return { ...report, tenants: report.tenants.filter(({ tenant }) => matched.has(tenant)) };
}
