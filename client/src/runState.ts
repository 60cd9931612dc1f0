import type { PlanReport, Problem, RunEvent, RunInfo, RunSummary, TenantEvent } from "../../server/src/protocol";

/** One run as far as its events have told it. */
export interface RunState {
  readonly run: string;
  readonly folder: string;
  readonly connection: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** How many events were taken in. */
  told: number;
  live: boolean;
  problem: Problem | null;
  plan: PlanReport | null;
  /** The stage that goes on, counted from 1; 0 before the first. */
  stage: number;
  /** How many schemas the stage is for, and how many of them are done. */
  stageSize: number;
  stageDone: number;
  failed: number;
  /** How many stages each tenant still has before it. */
  readonly stagesLeft: Map<string, number>;
  /** The last event of each tenant, over the stages of tenant scope; its first failure stays. */
  readonly outcomes: Map<string, TenantEvent>;
  summary: RunSummary | null;
}

/** The state of a run that was just started, or that was found with what it has told so far. */
export function runState(info: RunInfo): RunState {
  const state: RunState = {
    run: info.run,
    folder: info.folder,
    connection: info.connection,
    startedAt: info.startedAt,
    told: 0,
    live: info.live,
    problem: info.problem,
    plan: null,
    stage: 0,
    stageSize: 0,
    stageDone: 0,
    failed: 0,
    stagesLeft: new Map(),
    outcomes: new Map(),
    summary: null,
  };
  advance(state, 0, info.events);
  return state;
}

/** Takes in events of the run, before which `first` others came; those that are known already count once. */
export function advance(state: RunState, first: number, events: readonly RunEvent[]): void {
  for (const event of events.slice(Math.max(0, state.told - first))) {
    state.told += 1;
    if (event.event === "plan") takePlan(state, event);
    else if (event.event === "stage") beginStage(state, event.tenants);
    else if (event.event === "tenant") endTenant(state, event);
    else state.summary = event;
  }
}

/** Whether the run is still to do something for this tenant. */
export function isWaiting(state: RunState, tenant: string): boolean {
  return state.live && (state.stagesLeft.get(tenant) ?? 0) > 0 && !hasStopped(state.outcomes.get(tenant));
}

/** Whether a tenant takes part in no later stage once this has happened. */
function hasStopped(event: TenantEvent | undefined): boolean {
  return event !== undefined && event.outcome !== "applied" && event.outcome !== "unchanged";
}

function takePlan(state: RunState, plan: PlanReport): void {
  state.plan = plan;
  for (const stage of plan.stages) {
    if (stage.scope !== "tenant") continue;
    for (const tenant of stage.tenants) state.stagesLeft.set(tenant, (state.stagesLeft.get(tenant) ?? 0) + 1);
  }
}

function beginStage(state: RunState, size: number): void {
  state.stage += 1;
  state.stageSize = size;
  state.stageDone = 0;
}

function endTenant(state: RunState, event: TenantEvent): void {
  state.stageDone = Math.min(state.stageDone + 1, Math.max(state.stageSize, 1));
  if (event.outcome === "failed") state.failed += 1;
  if (event.scope !== "tenant") return;
  state.stagesLeft.set(event.tenant, Math.max(0, (state.stagesLeft.get(event.tenant) ?? 0) - 1));
  if (!hasStopped(state.outcomes.get(event.tenant))) state.outcomes.set(event.tenant, event);
}
