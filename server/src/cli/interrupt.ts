import type { Interrupt } from "./verb";

/** Turns Ctrl-C and its kin into two signals: the first one asks to stop, the next ones to cancel. */
export function interruptOf(process: NodeJS.Process): Interrupt {
  const stop = new AbortController();
  const cancel = new AbortController();
  const press = () => {
    if (stop.signal.aborted) {
      cancel.abort();
    }
    stop.abort();
  };
  process.on("SIGINT", press);
  // Whoever sends these doesn't ask twice.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stop.abort();
      cancel.abort();
    });
  }
  return { stop: stop.signal, cancel: cancel.signal, press };
}

/** Waits for work that changes nothing; an aborted signal ends the wait with `Interrupted`, and what goes on is left behind. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let end = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(new Interrupted());
    signal.addEventListener("abort", end, { once: true });
  });
  if (signal.aborted) {
    end();
  }
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** The person asked to stop before anything was done. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
