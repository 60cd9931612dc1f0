import type {
  PlanReport,
  PlanStage,
  Problem,
  RunEvent,
  RunInfo,
  RunSummary,
  TenantEvent,
} from "../../server/src/protocol";

/** One run as far as its events have told it. */
export interface RunState {
  readonly run: string;
  readonly folder: string;
  readonly connection: string;
  /** A schema like any tenant's to the engine, and no tenant to people: it is not counted. */
  readonly prototypeSchema: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** How many events were taken in. */
  told: number;
  live: boolean;
  problem: Problem | null;
  plan: PlanReport | null;
  /** The stage that goes on, counted from 1; 0 before the first. */
  stage: number;
  /** How many tenants the stage is for, and how many of them are done. */
  stageSize: number;
  stageDone: number;
  failed: number;
  /** What failed on the public schema and on the prototype. */
  readonly sharedFailures: TenantEvent[];
  /** How many stages each tenant still has before it. */
  readonly stagesLeft: Map<string, number>;
  /** The last event of each tenant, over the stages of tenant scope; its first failure stays. */
  readonly outcomes: Map<string, TenantEvent>;
  summary: RunSummary | null;
}

/** The state of a run that was just started, or that was found with what it has told so far. */
export function runState(info: RunInfo, prototypeSchema: string): RunState {
  const state: RunState = {
    run: info.run,
    folder: info.folder,
    connection: info.connection,
    prototypeSchema,
    startedAt: info.startedAt,
    told: 0,
    live: info.live,
    problem: info.problem,
    plan: null,
    stage: 0,
    stageSize: 0,
    stageDone: 0,
    failed: 0,
    sharedFailures: [],
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
    else if (event.event === "stage") beginStage(state);
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
    for (const tenant of tenantsOf(stage, state)) state.stagesLeft.set(tenant, (state.stagesLeft.get(tenant) ?? 0) + 1);
  }
}

function beginStage(state: RunState): void {
  const stage = state.plan?.stages[state.stage];
  state.stage += 1;
  state.stageSize = stage?.scope === "tenant" ? tenantsOf(stage, state).length : 1;
  state.stageDone = 0;
}

function tenantsOf(stage: PlanStage, state: RunState): string[] {
  return stage.tenants.filter((name) => name !== state.prototypeSchema);
}

function endTenant(state: RunState, event: TenantEvent): void {
  if (event.outcome === "failed") state.failed += 1;
  const shared = event.scope === "public" || event.tenant === state.prototypeSchema;
  if (shared && event.outcome === "failed") state.sharedFailures.push(event);
  // One that was never begun, or was taken back, isn't done.
  const isDone = event.outcome !== "skipped" && event.outcome !== "cancelled";
  if (isDone && event.tenant !== state.prototypeSchema)
    state.stageDone = Math.min(state.stageDone + 1, state.stageSize);
  if (shared) return;
  state.stagesLeft.set(event.tenant, Math.max(0, (state.stagesLeft.get(event.tenant) ?? 0) - 1));
  if (!hasStopped(state.outcomes.get(event.tenant))) state.outcomes.set(event.tenant, event);
}
