import { type PastDuration, readDurations } from "../engine/durations";
import { neededPaths } from "../engine/needed";
import { firstLevel } from "../engine/pace";
import { makePlan, type Plan } from "../engine/plan";
import { prepareMigrations } from "../engine/prepare";
import { type LastRun, readLastRun } from "../engine/retry";
import { matchTenants, type Selection } from "../engine/selection";
import type { Migration } from "../model/migration";
import { analysisOf } from "./analyses";
import { fleetStateOf } from "./fleetState";
import { lintMigrations } from "./lint";
import type { Target } from "./target";
import { knownNames, splitNames } from "./tenantNames";
import { UsageError } from "./usageError";

/** What a person asks for. */
export interface Wish extends Selection {
  /** Only what failed in the last run. */
  readonly retry?: boolean;
  /** It is to be carried out at once, so that what that needs may be opened meanwhile. */
  readonly toRun?: boolean;
}

/** A plan that `run` can carry out, and the files that it is about. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly report: Plan["report"];
  /** The migrations of the stages, in their order. */
  readonly migrations: readonly Migration[];
  /** How long past runs took for a schema. */
  readonly past: readonly PastDuration[];
  /** What the last run left, where its failures were asked for; a null run is one that isn't recorded. */
  readonly retried: { readonly run: LastRun | null } | null;
}

/**
 * Works out what a run would do. The files are checked first: error diagnostics are among the plan's refusals.
 * @param reading the state of the fleet, where it was asked for before
 * @throws UsageError, EngineError, DatabaseError
 */
export async function plan(
  target: Target,
  { retry, toRun, ...wanted }: Wish,
  reading = fleetStateOf(target),
): Promise<PreparedPlan> {
  const { project } = target;
  const { configuration, migrations } = project;
  const state = await reading;
  const { tenants } = wanted;
  const named = tenants === undefined ? wanted : { ...wanted, tenants: splitNames(tenants, knownNames(state)) };
  const retried = retry === true ? { run: await readLastRun(target.database, state) } : null;
  const selection = retried === null ? named : amongFailed(named, retried.run);
  const needed = neededPaths(state, migrations, selection);
  const past = needed.size === 0 ? Promise.resolve([]) : readDurations(target.database, state);
  // It is waited for below, where its fault is told.
  past.catch(() => undefined);
  if (toRun === true && needed.size > 0) openSessions(target, state.tenants.length);
  const told = { ...project, tenantsTold: state.tenants.map(({ name }) => name) };
  const { files, errors, isIgnored } = await lintMigrations(told, needed);
  const plan = makePlan({
    state,
    migrations,
    prepared: await prepareMigrations(files, needed, configuration, isIgnored),
    findings: errors,
    settings: configuration,
    options: configuration.run,
    selection,
  });
  return {
    plan,
    report: plan.report,
    retried,
    past: await past,
    migrations: plan.stages.flatMap((stage) => stage.migrations.map(({ migration }) => migration)),
  };
}

/** Opens what carrying out the whole history needs, while the database is still busy with telling its state: there is no record of any run. */
export function makeReady(target: Target): void {
  const { project } = target;
  openSessions(target, Number.POSITIVE_INFINITY);
  // Whoever waits for it is told of its fault.
  for (const migration of project.migrations) analysisOf(project, migration).catch(() => undefined);
}

/** One session more holds the run's lock. */
function openSessions({ project, database }: Target, tenants: number): void {
  const first = firstLevel(project.configuration.run.concurrency, database.abilities);
  database.ready(Math.min(first, tenants) + 1);
}

/** @throws UsageError where what is named didn't fail */
function amongFailed(selection: Selection, run: LastRun | null): Selection {
  const failed = run === null ? [] : run.failed.map(({ name }) => name);
  const onlyFailed = { public: run?.publicFailed === true };
  if (selection.tenants === undefined) return { ...selection, tenants: failed, onlyFailed };
  const { matched, unknown } = matchTenants(failed, selection.tenants);
  if (unknown.length > 0)
    throw new UsageError(
      `${unknown.map((name) => `"${name}"`).join(" and ")} didn't fail in the last run. \`tenantry run --tenants …\` does what a tenant misses.`,
    );
  return { ...selection, tenants: [...matched], onlyFailed };
}
