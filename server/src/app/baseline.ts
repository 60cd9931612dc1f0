import { type Adoption, adopt, adoptionRefusals, compareShape } from "../engine/baseline";
import type { Refusal } from "../engine/events";
import { copiedRefusal, unknownTargetRefusal, unknownTenantRefusal } from "../engine/refusals";
import { matchTenants } from "../engine/selection";
import type { FleetState, SchemaState } from "../engine/state";
import { schemasText } from "../engine/text";
import { compareVersions } from "../model/history";
import { fleetStateOf } from "./fleetState";
import { missingSharedTables } from "./missingSharedTables";
import { requireRecords } from "./records";
import type { Target } from "./target";
import { knownNames, splitNames } from "./tenantNames";

/** Which schemas are adopted, and at which version. */
export interface BaselineWish {
  readonly to: string;
  /** Names, globs, or lists of them; the prototype's and the public schema's names stand for those. None given: all without a history. */
  readonly tenants?: readonly string[];
}

export interface PreparedBaseline {
  readonly state: FleetState;
  readonly adoption: Adoption;
  readonly refusals: readonly Refusal[];
}

/** Works out which schemas would get which history, and what stands against it. @throws UsageError, EngineError, DatabaseError */
export async function planBaseline(target: Target, wish: BaselineWish): Promise<PreparedBaseline> {
  const { project, database } = target;
  const { to } = wish;
  const state = await fleetStateOf(target);
  requireRecords(state);
  const migrations = project.migrations.filter(({ version }) => version !== null && compareVersions(version, to) <= 0);
  const { schemas, exact, refusals } = pick(state, wish);
  const isNew = (schema: SchemaState | null) => schema !== null && schema.history.applied.length === 0;
  const picked = state.tenants.filter((schema) => schemas.includes(schema));
  // What holds nothing has no shape to adopt; `run` and `provision` make it.
  const tenants = picked.filter((schema) => isNew(schema) && (schema.occupied || exact.has(schema.name)));
  const adoption: Adoption = {
    to,
    migrations,
    public: isNew(state.public) && migrations.some(({ scope }) => scope === "public") ? state.public : null,
    // What tenants are compared with is at the version that they get.
    prototype:
      isNew(state.prototype) && (tenants.length > 0 || schemas.includes(state.prototype)) ? state.prototype : null,
    tenants,
    left: picked.filter((schema) => !tenants.includes(schema)),
  };
  const wrong = [
    ...(migrations.some(({ version }) => version !== null && compareVersions(version, to) === 0)
      ? []
      : [unknownTargetRefusal(to)]),
    ...refusals,
    ...copiedRefusal(state, {}),
  ];
  const against = wrong.length > 0 ? wrong : adoptionRefusals(state, adoption, project.configuration);
  if (against.length > 0) return { state, adoption, refusals: against };
  const missing = adoption.public === null ? [] : await missingSharedTables(target, migrations);
  return { state, adoption, refusals: [...missing, ...(await compareShape(database, state, adoption))] };
}

/** Carries out what `planBaseline` found nothing against. @throws EngineError, DatabaseError */
export async function baseline(
  { database }: Target,
  { state, adoption }: PreparedBaseline,
  reason: string | null,
): Promise<void> {
  await adopt(database, state, adoption, reason);
}

/** The schemas that are wanted, the public one by its name; whoever is named and has a history is refused. */
function pick(
  state: FleetState,
  { tenants: wished }: BaselineWish,
): { schemas: readonly (SchemaState | null)[]; exact: ReadonlySet<string>; refusals: Refusal[] } {
  const takingPart = state.tenants.filter(({ name }) => !state.skips.has(name));
  if (wished === undefined) {
    return { schemas: [state.public, state.prototype, ...takingPart], exact: new Set(), refusals: [] };
  }
  const shared = [state.public, state.prototype].filter((schema) => schema !== null);
  const names = splitNames(wished, [...knownNames(state), ...shared.map(({ name }) => name)]);
  const ofShared = shared.filter(({ name }) => names.includes(name));
  const wishes = names.filter((name) => !ofShared.some((schema) => schema.name === name));
  const { matched, unknown } = matchTenants(
    [...state.tenants.map(({ name }) => name), ...state.pendingCreation],
    wishes,
  );
  const exact = new Set(names);
  const recorded = [...ofShared, ...state.tenants].filter(
    ({ name, history }) => exact.has(name) && history.applied.length > 0,
  );
  const absent = state.pendingCreation.filter((name) => exact.has(name));
  return {
    exact,
    schemas: [
      ...ofShared,
      ...state.tenants.filter(({ name }) => matched.has(name) && (exact.has(name) || !state.skips.has(name))),
    ],
    refusals: [
      ...(unknown.length === 0 ? [] : [unknownTenantRefusal(unknown)]),
      ...(absent.length === 0
        ? []
        : [
            {
              code: "no-schema",
              message: `${schemasText(absent.map((name) => ({ name })))} can't be adopted: there is no such schema yet. tenantry provision makes it from the prototype.`,
            },
          ]),
      ...(recorded.length === 0
        ? []
        : [
            {
              code: "has-history",
              message: `${schemasText(recorded)} ${recorded.length === 1 ? "has" : "have"} a history already, which a baseline doesn't overwrite. \`tenantry run\` does what it lacks.`,
            },
          ]),
    ],
  };
}
