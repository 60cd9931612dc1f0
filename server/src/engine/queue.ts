/** Work for several workers: whoever is free takes the next piece, and a piece that has to wait comes back later. */
export interface Queue<Job> {
  /** The next job that is due, waiting for one if need be; undefined where none is left, or the signal ended the waiting. */
  take(signal: AbortSignal): Promise<Job | undefined>;
  /** The next job that never had to wait, where it is such a one and enough are left for others. */
  takeAhead(left: number, is: (job: Job) => boolean): Job | undefined;
  /** Puts a job back, to be taken after a pause in milliseconds. */
  putBack(job: Job, pause: number): void;
  /** What is in it, in no order. */
  jobs(): Job[];
  /** Takes out the jobs of which that is true. */
  remove(is: (job: Job) => boolean): void;
  /** Empties the queue. @returns what was left in it */
  drain(): Job[];
}

export function createQueue<Job>(jobs: Iterable<Job>): Queue<Job> {
  const due: Job[] = [...jobs].reverse();
  const waiting: { readonly job: Job; readonly from: number }[] = [];
  return {
    async take(signal) {
      for (;;) {
        if (signal.aborted) return undefined;
        const now = performance.now();
        const ready = waiting.findIndex(({ from }) => from <= now);
        if (ready !== -1) return waiting.splice(ready, 1)[0]?.job;
        const next = due.pop();
        if (next !== undefined || waiting.length === 0) return next;
        await pause(Math.min(...waiting.map(({ from }) => from)) - now, signal);
      }
    },
    takeAhead(left, is) {
      const next = due.at(-1);
      return next !== undefined && due.length > left && is(next) ? due.pop() : undefined;
    },
    putBack(job, milliseconds) {
      waiting.push({ job, from: performance.now() + milliseconds });
    },
    jobs: () => [...due, ...waiting.map(({ job }) => job)],
    remove(is) {
      due.splice(0, due.length, ...due.filter((job) => !is(job)));
      waiting.splice(0, waiting.length, ...waiting.filter(({ job }) => !is(job)));
    },
    drain() {
      return [...due.splice(0).reverse(), ...waiting.splice(0).map(({ job }) => job)];
    },
  };
}

/** Waits, at most until the signal is given. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(1, milliseconds));
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** How long to wait before a try, in milliseconds: longer each time, and never the same for two that collided. */
export function pauseBefore(attempt: number): number {
  const longest = Math.min(5_000, 50 * 1.6 ** attempt);
  return longest * (0.5 + Math.random() / 2);
}
