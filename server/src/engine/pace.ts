import type { RunOptions } from "../model/runOptions";

/** How many workers are at work: a number, or the level at which the fleet goes fastest. */
export interface Pace {
  readonly level: number;
  /** Takes note of one finished schema. */
  finished(): void;
}

/** @param most the sessions that the database has to spare */
export function createPace(
  concurrency: RunOptions["concurrency"],
  most: number,
  now: () => number = () => performance.now(),
): Pace {
  if (concurrency !== "auto") return { level: Math.max(1, Math.min(concurrency, most)), finished: () => undefined };
  return climbing(Math.max(1, most), now);
}

/** Climbs as long as that makes the fleet faster, and stays at the best level that was found. */
function climbing(most: number, now: () => number): Pace {
  let level = Math.min(4, most);
  let best = { level, rate: 0 };
  let settled = level === most;
  let count = 0;
  let since = now();
  return {
    get level() {
      return level;
    },
    finished() {
      count++;
      if (settled || count < level * 8) return;
      const rate = count / Math.max(1, now() - since);
      if (rate > best.rate * 1.1) {
        best = { level, rate };
        level = Math.min(most, level + 2);
        settled = level === best.level;
      } else {
        level = best.level;
        settled = true;
      }
      count = 0;
      since = now();
    },
  };
}
