import { type Database, DatabaseError, type Session } from "../db/database";
import type { Control } from "./control";
import type { Failure, Outcome } from "./events";
import { applicationName, type RunContext } from "./guards";
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
  settle(job: Job, outcome: Outcome, failure: Failure | null): void;
}

/**
 * Does jobs, by as many workers as the pace allows; all pull from one queue, and a job that met a lock comes back to it.
 * @returns the jobs that weren't ended when the run was halted
 */
export async function workThrough(shop: Workshop, jobs: readonly Job[]): Promise<Job[]> {
  const queue = createQueue(jobs);
  const workers = new Set<Promise<void>>();
  const isNeeded = () => workers.size <= shop.pace.level;
  const hire = () => {
    while (workers.size < Math.min(shop.pace.level, jobs.length) && !shop.control.halted.aborted) {
      const worker: Promise<void> = work(shop, queue, isNeeded, hire).finally(() => workers.delete(worker));
      workers.add(worker);
    }
  };
  hire();
  while (workers.size > 0) await Promise.all(workers);
  return queue.drain();
}

/** A worker keeps its session for so many jobs: cleaning it after each would cost as much as the job. */
const jobsPerSession = 200;

/** How often in a row a worker looks for a new connection before the run ends. */
const mostLosses = 6;

/** Does jobs until there are none, or fewer workers are wanted. */
async function work(shop: Workshop, queue: Queue<Job>, isNeeded: () => boolean, hire: () => void): Promise<void> {
  const { database, control } = shop;
  const hand: Hand = { job: await queue.take(control.halted), losses: 0, lost: null };
  while (hand.job !== undefined) {
    try {
      await database.session((session) => workOn(session, shop, queue, hand, isNeeded, hire));
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== "connection") {
        queue.putBack(hand.job, 0);
        return control.breakOff(error);
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

/** What a worker holds: a job that isn't ended goes with it to its next session. */
interface Hand {
  job: Job | undefined;
  losses: number;
  lost: Failure | null;
}

async function workOn(
  session: Session,
  shop: Workshop,
  queue: Queue<Job>,
  hand: Hand,
  isNeeded: () => boolean,
  hire: () => void,
): Promise<void> {
  const { control, ledger, pace } = shop;
  for (let served = 0; hand.job !== undefined && served < jobsPerSession; served++) {
    const job = hand.job;
    const name = applicationName(shop.context.run, job.schema.name);
    const step = await control.cancellable(session, name, () =>
      advance(session, shop.context, job, () => !control.forced),
    );
    if (step.kind === "lost") {
      hand.losses++;
      hand.lost = step.failure;
      return;
    }
    hand.losses = 0;
    hand.job = undefined;
    if (step.kind === "again") {
      queue.putBack(job, pauseBefore(job.attempts));
      job.attempts++;
    } else {
      shop.settle(job, step.outcome, step.failure);
      pace.finished();
      hire();
    }
    await ledger.flushIfDue(session);
    if (isNeeded()) hand.job = await queue.take(control.halted);
  }
}
