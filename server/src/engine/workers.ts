import { type Database, DatabaseError, type Session } from "../db/database";
import type { Company } from "./company";
import type { Control } from "./control";
import { explainDropped } from "./droppedRecords";
import type { Failure, Outcome } from "./events";
import { applicationName, guardCodes, type RunContext } from "./guards";
import { advance, isOfMessages, type Job, type Step } from "./job";
import type { Ledger } from "./ledger";
import type { Pace } from "./pace";
import { createQueue, pause, pauseBefore, type Queue } from "./queue";

/** What the workers of a stage share. */
export interface Workshop {
  readonly database: Database;
  readonly control: Control;
  readonly ledger: Ledger;
  readonly context: RunContext;
  readonly pace: Pace;
  readonly company: Company;
  settle(job: Job, outcome: Outcome, failure: Failure | null): void;
}

/**
 * Does jobs, by as many workers as the pace allows; all pull from one queue, and a job that met a lock comes back to it.
 * @returns the jobs that weren't ended when the run was halted
 */
export async function workThrough(shop: Workshop, jobs: readonly Job[]): Promise<Job[]> {
  const queue = createQueue(jobs);
  const workers = new Set<Promise<void>>();
  const team: Team = {
    queue,
    isNeeded: () => workers.size <= shop.pace.level,
    hire() {
      while (workers.size < Math.min(shop.pace.level, jobs.length) && !shop.control.halted.aborted) {
        const worker: Promise<void> = work(shop, team).finally(() => workers.delete(worker));
        workers.add(worker);
      }
    },
    others: () => workers.size - 1,
  };
  team.hire();
  while (workers.size > 0) await Promise.all(workers);
  return queue.drain();
}

interface Team {
  readonly queue: Queue<Job>;
  /** Whether a worker may stay. */
  isNeeded(): boolean;
  hire(): void;
  others(): number;
}

/** A worker keeps its session for so many jobs: cleaning it after each would cost as much as the job. */
const jobsPerSession = 300;

/** How often in a row a worker looks for a new connection before the run ends; it takes about twenty seconds. */
const mostLosses = 8;

/**
 * How many jobs a worker has underway: while the server is at one, the next is there already, so that it waits for no answer to
 * reach us, nor for us.
 */
const mostUnderway = 2;

/** What a worker holds: jobs that aren't ended go with it to its next session. */
interface Hand {
  jobs: Job[];
  losses: number;
  lost: Failure | null;
}

/** Does jobs until there are none, or fewer workers are wanted. */
async function work(shop: Workshop, team: Team): Promise<void> {
  const { database, control } = shop;
  const hand: Hand = { jobs: [], losses: 0, lost: null };
  for (;;) {
    if (hand.jobs.length === 0 && !(await takeOne(shop, team, hand))) return;
    try {
      await database.session((session) => workOn(session, shop, team, hand));
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== "connection") {
        putAllBack(team, hand);
        return control.breakOff(explainDropped(error));
      }
      if (error.code === tooManyConnections && team.others() > 0) {
        // The others go on with the sessions that they have.
        shop.pace.limited(team.others());
        return putAllBack(team, hand);
      }
      hand.losses++;
      hand.lost = { code: error.code, message: error.message, file: null, line: null, column: null };
    }
    if (hand.losses === 0 || hand.jobs.length === 0) continue;
    if (hand.losses < (control.forced ? 2 : mostLosses)) {
      await pause(pauseBefore(hand.losses * 2));
    } else {
      for (const job of hand.jobs.splice(0)) shop.settle(job, control.forced ? "cancelled" : "failed", hand.lost);
      control.halt("failures");
    }
  }
}

const tooManyConnections = "53300";

async function takeOne({ control }: Workshop, { queue, isNeeded }: Team, hand: Hand): Promise<boolean> {
  const job = isNeeded() ? await queue.take(control.halted) : undefined;
  if (job !== undefined) hand.jobs.push(job);
  return job !== undefined;
}

function putAllBack({ queue }: Team, hand: Hand): void {
  for (const job of hand.jobs.splice(0)) queue.putBack(job, 0);
}

/** A job that was begun on a session. */
interface Underway {
  readonly job: Job;
  readonly step: Promise<Step>;
}

/** Does jobs on a session until it breaks, has served enough, or there are none for it. */
async function workOn(session: Session, shop: Workshop, team: Team, hand: Hand): Promise<void> {
  const { control, ledger, context, company } = shop;
  const underway: Underway[] = [];
  let begun = 0;
  let ended = 0;
  const begin = (job: Job) => {
    begun++;
    const from = performance.now();
    const lane = session.beside();
    const name = applicationName(context.run, job.schema.name);
    const work = () => advance(lane, context, job, () => !control.forced);
    const step = control.cancellable(lane, name, work).finally(() => {
      const now = performance.now();
      // Before the one in front of it had ended, nothing was done for it.
      job.milliseconds += job.told ?? now - Math.max(from, ended);
      ended = now;
    });
    // It is looked at in its turn, which may be after an earlier one has ended all.
    step.catch(() => undefined);
    underway.push({ job, step });
  };
  const beginMore = () => {
    const first = hand.jobs[0];
    if (first === undefined || begun >= jobsPerSession) return;
    if (underway.length === 0) begin(first);
    if (!isOfMessages(first) || shop.database.abilities.sessions < 2) return;
    // What a failure ends isn't begun while that is being undone.
    if (underway.some(({ job }) => job.failing)) return;
    while (underway.length < mostUnderway && begun < jobsPerSession && !control.halted.aborted && team.isNeeded()) {
      const next = hand.jobs[underway.length] ?? team.queue.takeAhead(shop.pace.level, isOfMessages);
      if (next === undefined || !isOfMessages(next)) return;
      if (!hand.jobs.includes(next)) hand.jobs.push(next);
      begin(next);
    }
  };

  try {
    let isLost = false;
    for (beginMore(); underway.length > 0; ) {
      const [{ job, step }] = underway.splice(0, 1) as [Underway];
      const result = await step;
      if (result.kind === "lost") {
        if (!isLost) hand.losses++;
        hand.lost = result.failure;
        isLost = true;
        continue;
      }
      if (!isLost) hand.losses = 0;
      hand.jobs = hand.jobs.filter((other) => other !== job);
      goOn(shop, team, job, result);
      if (isLost) continue;
      beginMore();
      control.obey(await ledger.flushIfDue(session));
      await company.look(session, team.queue, shop.settle);
      if (hand.jobs.length === 0) await takeOne(shop, team, hand);
      beginMore();
    }
  } finally {
    // What is underway where the session breaks is the next session's, once it is known what became of it here.
    await Promise.allSettled(underway.map(({ step }) => step));
  }
}

/** Notes how a job has ended, or puts it back. */
function goOn(shop: Workshop, team: Team, job: Job, step: Exclude<Step, { kind: "lost" }>): void {
  if (step.kind === "again") return putBack(shop, team, job, step.failure);
  if (step.kind === "behind") return team.queue.putBack(job, 0);
  shop.settle(job, step.outcome, step.failure);
  shop.pace.finished();
  team.hire();
}

function putBack({ company, pace }: Workshop, { queue }: Team, job: Job, failure: Failure): void {
  if (failure.code === guardCodes.busy && company.isThere) {
    // Another run is at it, and will tell when it is done.
    queue.putBack(job, pauseBefore(3));
    return;
  }
  pace.waited();
  queue.putBack(job, pauseBefore(job.attempts));
  job.attempts++;
}
