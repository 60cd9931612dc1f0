import { RunInProgressError } from "../engine/errors";
import type { Refusal, RunEvent, RunSummary } from "../engine/events";
import { checkDigest } from "../engine/plan";
import { runPlan } from "../engine/run";
import type { PreparedPlan } from "./plan";
import type { Target } from "./target";

export interface RunOptions {
  /** What was confirmed; a plan that would do something else is refused. */
  readonly digest?: string;
  readonly onEvent: (event: RunEvent) => void;
  /** Begins no more tenants. */
  readonly stop?: AbortSignal;
  /** Cancels running statements, too. */
  readonly cancel?: AbortSignal;
}

/** How a run ended, or why it was not begun. */
export type RunResult =
  | { readonly summary: RunSummary; readonly refusals: readonly [] }
  | { readonly summary: null; readonly refusals: readonly Refusal[] };

/**
 * Carries out a plan. The first event is the plan; of a refused one it is the only event.
 * @throws EngineError, DatabaseError
 */
export async function run({ database }: Target, { plan }: PreparedPlan, options: RunOptions): Promise<RunResult> {
  const refuse = (refusals: readonly Refusal[]) => {
    options.onEvent({ event: "plan", run: "", ...plan.report, refusals });
    return { summary: null, refusals };
  };
  const changed = options.digest === undefined ? null : checkDigest(plan, options.digest);
  const refusals = changed === null ? plan.report.refusals : [...plan.report.refusals, changed];
  if (refusals.length > 0) return refuse(refusals);
  const signals = {
    ...(options.stop === undefined ? {} : { stop: options.stop }),
    ...(options.cancel === undefined ? {} : { cancel: options.cancel }),
  };
  try {
    return { summary: await runPlan(database, plan, options.onEvent, signals), refusals: [] };
  } catch (error) {
    if (!(error instanceof RunInProgressError)) throw error;
    return refuse([{ code: "run-in-progress", message: error.message }]);
  }
}
