import { type Database, DatabaseError, type Session } from "../db/database";
import type { Company } from "./company";
import type { Control } from "./control";
import type { Failure, Outcome } from "./events";
import { applicationName, guardCodes, type RunContext } from "./guards";
import { advance, type Job } from "./job";
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

/** What a worker holds: a job that isn't ended goes with it to its next session. */
interface Hand {
  job: Job | undefined;
  losses: number;
  lost: Failure | null;
}

/** Does jobs until there are none, or fewer workers are wanted. */
async function work(shop: Workshop, team: Team): Promise<void> {
  const { database, control } = shop;
  const hand: Hand = { job: undefined, losses: 0, lost: null };
  for (;;) {
    if (hand.job === undefined && team.isNeeded()) hand.job = await team.queue.take(control.halted);
    if (hand.job === undefined) return;
    try {
      await database.session((session) => workOn(session, shop, team, hand));
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== "connection") {
        if (hand.job !== undefined) team.queue.putBack(hand.job, 0);
        return control.breakOff(error);
      }
      if (error.code === tooManyConnections && team.others() > 0) {
        // The others go on with the sessions that they have.
        shop.pace.limited(team.others());
        return team.queue.putBack(hand.job, 0);
      }
      hand.losses++;
      hand.lost = { code: error.code, message: error.message, file: null, line: null, column: null };
    }
    if (hand.losses === 0 || hand.job === undefined) continue;
    if (hand.losses < (control.forced ? 2 : mostLosses)) {
      await pause(pauseBefore(hand.losses * 2));
    } else {
      shop.settle(hand.job, control.forced ? "cancelled" : "failed", hand.lost);
      hand.job = undefined;
      control.halt("failures");
    }
  }
}

const tooManyConnections = "53300";

async function workOn(session: Session, shop: Workshop, team: Team, hand: Hand): Promise<void> {
  const { control, ledger, context, company } = shop;
  for (let served = 0; hand.job !== undefined && served < jobsPerSession; served++) {
    const job = hand.job;
    const name = applicationName(context.run, job.schema.name);
    const step = await control.cancellable(session, name, () => advance(session, context, job, () => !control.forced));
    if (step.kind === "lost") {
      hand.losses++;
      hand.lost = step.failure;
      return;
    }
    hand.losses = 0;
    hand.job = undefined;
    if (step.kind === "again") {
      putBack(shop, team, job, step.failure);
    } else {
      shop.settle(job, step.outcome, step.failure);
      shop.pace.finished();
      team.hire();
    }
    control.obey(await ledger.flushIfDue(session));
    await company.look(session, team.queue, shop.settle);
    if (team.isNeeded()) hand.job = await team.queue.take(control.halted);
  }
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
