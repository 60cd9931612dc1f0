import type { Database } from "../db/database";
import type { Company } from "./company";
import type { Control } from "./control";
import type { RunEvent } from "./events";
import type { RunContext } from "./guards";
import type { SchemaHistory } from "./history";
import { createJob, type Job } from "./job";
import { labelOf } from "./label";
import type { Ledger } from "./ledger";
import { createPace } from "./pace";
import type { Plan, Stage } from "./plan";
import { findLockable } from "./sharedTables";
import { steadily } from "./steadily";
import { type Workshop, workThrough } from "./workers";

/** What the stages of a run share. */
export interface StageRun {
  readonly database: Database;
  readonly plan: Plan;
  readonly control: Control;
  readonly ledger: Ledger;
  readonly context: RunContext;
  readonly company: Company;
  emit(event: RunEvent): void;
}

/** What a stage leaves for the next. */
interface Progress {
  /** The histories of the schemas that were worked on, by OID. */
  readonly histories: Map<number, SchemaHistory>;
  /** The schemas that didn't get all that was planned for them. */
  readonly givenUp: Set<number>;
  /** The number of failed schemas at which no more are started. */
  readonly mostFailures: number;
}

/** Runs a plan's stages one after the other; a stage that isn't complete on every schema is the last. */
export async function runStages(run: StageRun): Promise<void> {
  const { plan, control, ledger } = run;
  const progress: Progress = { histories: new Map(), givenUp: new Set(), mostFailures: mostFailures(plan) };
  for (const [index, stage] of plan.stages.entries()) {
    if (ledger.failed > 0) control.halt("failures");
    await runStage(run, stage, index + 1, progress);
  }
}

async function runStage(run: StageRun, stage: Stage, number: number, progress: Progress): Promise<void> {
  const { plan, control, ledger, emit } = run;
  if (!control.halted.aborted) {
    const versions = stage.migrations.map(({ migration }) => labelOf(migration));
    emit({ event: "stage", stage: number, scope: stage.scope, versions, tenants: stage.schemas.length });
  }
  const lockable = await steadily(() => findLockable(run.database, plan, stage, control));
  const context = { ...run.context, lockable };
  const settle: Workshop["settle"] = (job, outcome, failure) => {
    progress.histories.set(job.schema.id, job.history);
    if (outcome !== "applied" && outcome !== "unchanged") progress.givenUp.add(job.schema.id);
    ledger.settle({
      stage: number,
      scope: stage.scope,
      schema: job.schema.name,
      schemaId: job.schema.id,
      outcome,
      versions: outcome === "applied" ? job.applied : job.migrations.map(({ migration }) => labelOf(migration)),
      attempts: job.attempts,
      milliseconds: job.milliseconds,
      notices: job.notices.map(({ severity, message }) => `${severity}: ${message}`),
      failure,
    });
    if (ledger.failed >= progress.mostFailures) control.halt("failures");
  };
  const jobs = stage.schemas.map(({ schema, migrations }) =>
    createJob(schema, progress.histories.get(schema.id) ?? schema.history, migrations, context),
  );
  const { alone, together } = divide(plan, stage, jobs);
  const pace = createPace(plan.options.concurrency, run.database.abilities, spareSessions(run));
  // One more holds the run's lock.
  if (!control.halted.aborted) run.database.ready(Math.min(pace.level, together.length) + 1);
  const single = { ...run, context, pace: createPace(1, run.database.abilities, 1), settle };
  const left: Job[] = [];
  for (const job of alone) {
    const failedBefore = ledger.failed;
    left.push(...(await workThrough(single, [job])));
    if (ledger.failed > failedBefore) control.halt("failures");
  }
  left.push(...(await workThrough({ ...single, pace }, inTurn(plan, together))));
  for (const job of left) {
    if (!progress.givenUp.has(job.schema.id))
      settle(job, control.stopped === "failures" ? "skipped" : "cancelled", null);
  }
}

/** One session holds the run's lock. Of what the server has free, half is left to everybody else, unless a number was asked for. */
function spareSessions({ database, context, plan }: StageRun): number {
  const own = database.abilities.sessions - 1;
  return plan.options.concurrency === "auto" ? Math.min(own, Math.floor(context.freeSessions / 2)) : own;
}

/** Runs that share their work begin at different places, so that they meet as late as possible. */
function inTurn({ options }: Plan, jobs: readonly Job[]): readonly Job[] {
  if (options.concurrentRuns === "refuse") return jobs;
  const from = Math.floor(Math.random() * jobs.length);
  return [...jobs.slice(from), ...jobs.slice(0, from)];
}

/** Those that go first and one by one: the public schema, the prototype, the canaries. */
function divide(plan: Plan, stage: Stage, jobs: readonly Job[]): { alone: readonly Job[]; together: readonly Job[] } {
  const goesFirst = ({ schema }: Job) =>
    stage.scope === "public" || schema === plan.state.prototype || plan.canaries.has(schema);
  return { alone: jobs.filter(goesFirst), together: jobs.filter((job) => !goesFirst(job)) };
}

function mostFailures({ options, stages }: Plan): number {
  const { maxFailures } = options;
  if (maxFailures === "none") return Number.POSITIVE_INFINITY;
  if ("count" in maxFailures) return Math.max(1, maxFailures.count);
  const tenants = new Set(
    stages.filter(({ scope }) => scope === "tenant").flatMap(({ schemas }) => schemas.map(({ schema }) => schema.id)),
  );
  return Math.max(1, Math.ceil((tenants.size * maxFailures.percent) / 100));
}
