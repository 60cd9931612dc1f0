import { EngineError } from "../engine/errors";
import { newestOf } from "../engine/historyRefusals";
import { installFor } from "../engine/installation";
import { labelOf } from "../engine/label";
import { type Provisioned, provisionTenants } from "../engine/provision/provision";
import { copiedRefusal } from "../engine/refusals";
import type { FleetState, SchemaState } from "../engine/state";
import { missingBySchema } from "../engine/targets";
import { invalidMessage, judgeNames } from "../engine/tenants";
import { fewNames, shellWord } from "../engine/text";
import { quoteIdentifier } from "../sql/quote";
import { fleetStateOf } from "./fleetState";
import { requireRecords } from "./records";
import type { Target } from "./target";
import { refuseTooLong } from "./tenantNames";
import { UsageError } from "./usageError";

/** New tenants, before any is made. */
export interface PreparedProvision {
  readonly state: FleetState;
  readonly tenants: readonly string[];
  readonly prototype: SchemaState;
  /** The version that they will be at. */
  readonly version: string | null;
  /** Names that the configuration doesn't list as tenants: runs will leave them out. */
  readonly unlisted: readonly string[];
}

/**
 * Looks whether tenants can be made from the prototype.
 * @throws UsageError for names that can't be a tenant's; EngineError where the prototype isn't ready; DatabaseError
 */
export async function planProvision(target: Target, tenants: readonly string[]): Promise<PreparedProvision> {
  const { configuration, migrations } = target.project;
  const { invalid } = judgeNames(tenants, configuration);
  if (invalid.length > 0) throw new UsageError(invalidMessage("names", invalid));
  refuseTooLong(tenants, configuration.dialect);
  const state = await fleetStateOf(target);
  const { prototype } = state;
  const name = configuration.prototypeSchema;
  const runOnPrototype = `tenantry run --tenants ${shellWord(name)}`;
  const [copied] = copiedRefusal(state, {});
  if (copied !== undefined) throw new EngineError(copied.message);
  if (prototype === null)
    throw new EngineError(
      `There is no schema "${name}" to make tenants from. Make it (create schema ${quoteIdentifier(name, configuration.dialect)};) and run the migrations on it: ${runOnPrototype}`,
    );
  if (prototype.history.applied.length === 0)
    throw new EngineError(
      `The schema "${name}" has no history, so nobody knows at which version a copy of it is. Run the migrations on it (tenantry run), or adopt it as it is (tenantry baseline --to VERSION).`,
    );
  const pending = missingBySchema(migrations, "tenant")(prototype);
  if (pending.length > 0)
    throw new EngineError(
      `The prototype lacks ${fewNames(pending.map(labelOf))}${prototype.failure === null ? "" : `, where the last run failed (${prototype.failure.message})`}. Run that first: tenantry run; or on the prototype alone: ${runOnPrototype}`,
    );
  requireRecords(state);
  const listed = new Set([...state.tenants.map((tenant) => tenant.name), ...state.pendingCreation]);
  const matches = matcherOf(state);
  return {
    state,
    tenants,
    prototype,
    version: newestOf(prototype.history),
    unlisted: tenants.filter((tenant) => !listed.has(tenant) && !matches(tenant)),
  };
}

/** Makes them. @throws EngineError, DatabaseError */
export async function provision(
  { project, database }: Target,
  { state, tenants, prototype }: PreparedProvision,
  { settle, stop }: { readonly settle: (provisioned: Provisioned) => void; readonly stop: AbortSignal },
): Promise<void> {
  await installFor(database, state);
  await provisionTenants(database, {
    tenants,
    prototype: prototype.name,
    options: project.configuration.run,
    settle,
    stop,
  });
}

/** A pattern lists a tenant as soon as its schema is there. */
function matcherOf({ source }: FleetState): (name: string) => boolean {
  if (source === null || !("pattern" in source)) return () => false;
  const escaped = source.pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
  return (name) => pattern.test(name);
}
