import type { Abilities } from "../db/database";
import type { RunOptions } from "../model/runOptions";

/** How many workers are at work: a number, or the level at which the fleet goes fastest. */
export interface Pace {
  readonly level: number;
  /** Takes note of one finished schema. */
  finished(): void;
  /** Takes note of a try that met a lock. */
  waited(): void;
  /** Takes note of a server that has no session for more workers than that. */
  limited(workers: number): void;
}

/** @param most the sessions that there are to spare */
export function createPace(
  concurrency: RunOptions["concurrency"],
  server: Server,
  most: number,
  now: () => number = () => performance.now(),
): Pace {
  const first = Math.max(1, Math.min(firstLevel(concurrency, server), most));
  if (concurrency !== "auto") return constant(first);
  const isOneEach = server.processors !== null && first >= server.processors;
  return adapting(first, Math.max(1, most), isOneEach ? knownPatience : 1, now);
}

type Server = Pick<Abilities, "processors">;

/**
 * How many workers a run begins with, as far as there is work and room for them. A worker has the next transaction sent before the last one is answered, so that one for each
 * processor keeps them busy; each one more has a backend fill its caches anew, and read of what all others change.
 */
export function firstLevel(concurrency: RunOptions["concurrency"], { processors }: Server): number {
  if (concurrency !== "auto") return concurrency;
  return processors === null ? usualLevel : Math.max(leastLevel, Math.min(processors, usualLevel));
}

const usualLevel = 4;
const leastLevel = 2;

function constant(level: number): Pace {
  let most = level;
  return {
    get level() {
      return most;
    },
    finished: () => undefined,
    waited: () => undefined,
    limited(workers) {
      most = Math.max(1, Math.min(most, workers));
    },
  };
}

/** What is measured before the level is thought over: long enough that chance doesn't decide. */
const period = { milliseconds: 1_000, schemasPerWorker: 8, warmUp: 10 };
/**
 * How much of what more workers could gain at best they must gain to be worth it: on a server whose processors are all busy they gain
 * little beyond chance, and cost connections; where the way to it is long, they gain nearly all.
 */
const worthwhile = 0.4;
/** The share of tries that may meet a lock; beyond it workers are in the way, of each other or of the users. */
const mostWaits = 0.1;
/** After so many periods at one level a higher one is tried again: the server may have become less busy. */
const patience = 20;
/** After so many a higher one is tried first where each of the server's processors has a worker: more gain there only what these wait for. */
const knownPatience = 3;

/** Climbs as long as that makes the fleet faster, steps back where it doesn't or where locks are met, and tries again later. */
function adapting(first: number, limit: number, firstPatience: number, now: () => number): Pace {
  let most = limit;
  let level = first;
  /** The level that is known to be worth it, and the rate there. */
  let best = { level, rate: 0 };
  let periods = 0;
  let wait = firstPatience;
  /** What the workers finish first isn't measured: their connections, and this program, have to warm up. */
  let unmeasured = level * period.warmUp;
  let finished = 0;
  let waits = 0;
  let since = now();

  const begin = () => {
    finished = 0;
    waits = 0;
    since = now();
  };
  const goTo = (next: number) => {
    const before = level;
    level = Math.max(1, Math.min(most, next));
    periods = 0;
    if (level > before) unmeasured = (level - before) * period.warmUp + level;
  };
  const isWorthIt = (rate: number) => rate / best.rate - 1 > worthwhile * (level / best.level - 1);
  const thinkOver = (rate: number) => {
    periods++;
    if (waits > finished * mostWaits) {
      goTo(level - 1);
      best = { level, rate };
      wait = patience;
    } else if (level > best.level) {
      if (isWorthIt(rate)) {
        best = { level, rate };
        goTo(level + 2);
      } else {
        goTo(best.level);
      }
    } else {
      best = { level, rate };
      if (periods < wait) return;
      wait = patience;
      goTo(level + 2);
    }
  };

  return {
    get level() {
      return level;
    },
    finished() {
      if (unmeasured > 0) {
        unmeasured--;
        if (unmeasured === 0) begin();
        return;
      }
      finished++;
      const took = now() - since;
      if (took < period.milliseconds || finished < level * period.schemasPerWorker) return;
      thinkOver(finished / took);
      begin();
    },
    waited() {
      waits++;
    },
    limited(workers) {
      most = Math.max(1, Math.min(most, workers));
      if (level > most) goTo(most);
      best = { ...best, level: Math.min(best.level, most) };
    },
  };
}
