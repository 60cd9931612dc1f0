import { compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import { historyOf, missingFrom, type SchemaHistory } from "./history";
import { matchTenants, type Selection } from "./selection";
import type { FleetState, SchemaState } from "./state";

/** Whom a selection is for. */
export interface Targets {
  /** The prototype first, where it takes part, then the tenants in their order. */
  readonly schemas: readonly SchemaState[];
  /** The tenants among those that were asked for that are left out until that is taken back. */
  readonly skipped: readonly SchemaState[];
  /** Those of which the history doesn't tell what is in them: they are left out until they are adopted or made anew. */
  readonly recreated: readonly SchemaState[];
  /** What was asked for by name and is no tenant. */
  readonly unknown: readonly string[];
}

/** The schemas that a selection picks; the prototype takes part unless tenants are named and it isn't. */
export function targetsOf(state: FleetState, selection: Selection): Targets {
  const { wanted, unknown } = wantedBy(state, selection);
  const isSkipped = (schema: SchemaState) => schema !== state.prototype && state.skips.has(schema.name);
  const taken = wanted.filter((schema) => !isSkipped(schema));
  const isRecreated = (schema: SchemaState) => schema !== state.prototype && schema.recreated;
  return {
    schemas: taken.filter((schema) => !isRecreated(schema)),
    skipped: wanted.filter(isSkipped),
    recreated: taken.filter(isRecreated),
    unknown,
  };
}

function wantedBy(
  state: FleetState,
  selection: Selection,
): { wanted: readonly SchemaState[]; unknown: readonly string[] } {
  const { prototype, tenants } = state;
  const all = prototype === null ? tenants : [prototype, ...tenants];
  if (selection.tenants === undefined) return { wanted: all, unknown: [] };
  const byName = prototype !== null && selection.tenants.includes(prototype.name);
  const wishes = byName ? selection.tenants.filter((name) => name !== prototype.name) : selection.tenants;
  const { matched, unknown } = matchListed(state, wishes);
  return { wanted: all.filter((schema) => (schema === prototype ? byName : matched.has(schema.name))), unknown };
}

/** Those of the tenants that are wanted that have no schema yet, and so take no part. */
export function absentOf(state: FleetState, { tenants }: Selection): readonly string[] {
  if (tenants === undefined) return state.pendingCreation;
  const { matched } = matchListed(state, tenants);
  return state.pendingCreation.filter((name) => matched.has(name));
}

function matchListed({ tenants, pendingCreation }: FleetState, wishes: readonly string[]) {
  return matchTenants([...tenants.map(({ name }) => name), ...pendingCreation], wishes);
}

/** The migrations that a selection reaches. */
export function withinSelection(
  state: FleetState,
  migrations: readonly Migration[],
  selection: Selection,
): readonly Migration[] {
  const { to } = selection;
  const reached =
    to === undefined
      ? migrations
      : migrations.filter(({ version }) => version !== null && compareVersions(version, to) <= 0);
  return selection.onlyFailed === undefined ? reached : withinFailed(state, reached, selection, selection.onlyFailed);
}

function withinFailed(
  state: FleetState,
  migrations: readonly Migration[],
  selection: Selection,
  failed: { readonly public: boolean },
): readonly Migration[] {
  const missing = missingBySchema(migrations, "tenant");
  const lackedBy = (schemas: Iterable<SchemaState>) => new Set([...new Set([...schemas].map(missing))].flat());
  const picked = new Set(targetsOf(state, selection).schemas);
  const fleet = targetsOf(state, {});
  const others = [...fleet.schemas, ...fleet.recreated].filter((schema) => !picked.has(schema));
  const missingPublic = new Set(missingBySchema(migrations, "public")(state.public));
  const [needed, awaited] = [lackedBy(picked), lackedBy(others)];
  const last = migrations.findLastIndex((one) => needed.has(one) || (failed.public && missingPublic.has(one)));
  const first = migrations.findIndex((one) => awaited.has(one));
  const barrier = migrations.findIndex((one, index) => first !== -1 && index > first && missingPublic.has(one));
  return migrations.slice(0, barrier === -1 ? last + 1 : Math.min(barrier, last + 1));
}

/** What each schema lacks of the migrations of its scope; schemas with one history share one list. */
export function missingBySchema(
  migrations: readonly Migration[],
  scope: Migration["scope"],
): (schema: SchemaState | null) => readonly Migration[] {
  const own = migrations.filter((migration) => migration.scope === scope);
  const lists = new Map<SchemaHistory, readonly Migration[]>();
  return (schema) => {
    const history = schema?.history ?? empty;
    const known = lists.get(history);
    if (known !== undefined) return known;
    const missing = missingFrom(history, own);
    lists.set(history, missing);
    return missing;
  };
}

const empty = historyOf([]);
