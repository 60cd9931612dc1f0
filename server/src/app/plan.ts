import { neededPaths } from "../engine/needed";
import { makePlan, type Plan } from "../engine/plan";
import { prepareMigrations } from "../engine/prepare";
import type { Selection } from "../engine/selection";
import type { Migration } from "../model/migration";
import { fleetStateOf } from "./fleetState";
import { lintMigrations } from "./lint";
import type { Target } from "./target";
import { knownNames, splitNames } from "./tenantNames";

export type { Selection };

/** A plan that `run` can carry out, and the files that it is about. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly report: Plan["report"];
  /** The migrations of the stages, in their order. */
  readonly migrations: readonly Migration[];
}

/**
 * Works out what a run would do. The files are checked first: error diagnostics are among the plan's refusals.
 * @throws UsageError, EngineError, DatabaseError
 */
export async function plan(target: Target, wanted: Selection): Promise<PreparedPlan> {
  const { project } = target;
  const { configuration, migrations } = project;
  const state = await fleetStateOf(target);
  const { tenants } = wanted;
  const selection = tenants === undefined ? wanted : { ...wanted, tenants: splitNames(tenants, knownNames(state)) };
  const needed = neededPaths(state, migrations, selection);
  const { files, errors, isIgnored } = await lintMigrations(project, needed);
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
    migrations: plan.stages.flatMap((stage) => stage.migrations.map(({ migration }) => migration)),
  };
}
