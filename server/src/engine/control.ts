import type { Session } from "../db/database";
import type { RunSummary } from "./events";
import { pause } from "./queue";
import type { StopRequest } from "./records";

/** How a run is told from outside to stop. */
export interface RunSignals {
  /** No more tenants are begun; those in flight finish. */
  readonly stop?: AbortSignal;
  /** Running statements are cancelled as well. */
  readonly cancel?: AbortSignal;
}

/** Whether a run goes on. */
export interface Control {
  /** Given as soon as nothing more is to be begun. */
  readonly halted: AbortSignal;
  /** Why it was given. */
  readonly stopped: RunSummary["stopped"];
  /** Whether even what is in flight is to end. */
  readonly forced: boolean;
  halt(reason: "failures" | "cancelled"): void;
  /** Does what the run was asked through the database. */
  obey(request: StopRequest | null): void;
  /** Ends the run by an error that isn't a tenant's. */
  breakOff(error: unknown): void;
  /** @throws what the run was broken off by */
  rethrow(): void;
  /** Does work on a session whose statements may be cancelled meanwhile. @param name what the session is called while it works */
  cancellable<T>(session: Session, name: string, work: () => Promise<T>): Promise<T>;
}

export function createControl({ stop, cancel }: RunSignals): Control {
  const halting = new AbortController();
  const sessions = new Map<Session, string>();
  let stopped: RunSummary["stopped"] = null;
  let forced = false;
  let broken: { readonly error: unknown } | null = null;

  const halt = (reason: "failures" | "cancelled") => {
    stopped ??= reason;
    halting.abort();
  };
  const cancelAll = () => {
    forced = true;
    halt("cancelled");
    void cancelUntilOver(sessions);
  };
  whenGiven(stop, () => halt("cancelled"));
  whenGiven(cancel, cancelAll);

  return {
    halted: halting.signal,
    get stopped() {
      return stopped;
    },
    get forced() {
      return forced;
    },
    halt,
    obey(request) {
      if (request === "stop") halt("cancelled");
      else if (request === "cancel" && !forced) cancelAll();
    },
    breakOff(error) {
      broken ??= { error };
      halt("failures");
    },
    rethrow() {
      if (broken !== null) throw broken.error;
    },
    async cancellable(session, name, work) {
      sessions.set(session, name);
      try {
        return await work();
      } finally {
        sessions.delete(session);
      }
    },
  };
}

/** A cancelling may fail, and it may come before what it is for has taken its name. */
async function cancelUntilOver(sessions: ReadonlyMap<Session, string>): Promise<void> {
  while (sessions.size > 0) {
    await Promise.allSettled([...sessions].map(([session, name]) => session.cancel(name)));
    if (sessions.size > 0) await pause(betweenCancellings);
  }
}

const betweenCancellings = 1_000;

function whenGiven(signal: AbortSignal | undefined, act: () => void): void {
  if (signal?.aborted === true) act();
  else signal?.addEventListener("abort", act, { once: true });
}
