import { DatabaseError, type Session } from "../db/database";
import type { Scope } from "../model/migration";
import { type Failure, type Outcome, type RunEvent, type RunSummary, worstFirst } from "./events";
import { groupFailures } from "./failures";
import { type OutcomeRecord, recordOutcomes, type StopRequest } from "./records";

/** What a run has done so far: told as events, counted, and recorded in the database. */
export interface Ledger {
  settle(entry: LedgerEntry): void;
  /** Whether it is time to record. */
  readonly isDue: boolean;
  /**
   * Records what is not recorded yet and that the run is alive, where it is worth a message by now; what the database doesn't
   * take is tried again with the next.
   * @returns what the run was asked meanwhile
   */
  flushIfDue(session: Session): Promise<StopRequest | null>;
  flush(session: Session): Promise<StopRequest | null>;
  /** How many schemas have failed. */
  readonly failed: number;
  summary(stopped: RunSummary["stopped"]): RunSummary;
}

export interface LedgerEntry extends OutcomeRecord {
  readonly scope: Scope;
}

/** @param unchanged the schemas that are counted without having been touched */
export function createLedger(run: string, unchanged: readonly string[], emit: (event: RunEvent) => void): Ledger {
  const began = performance.now();
  const outcomes = new Map<string, Outcome>(unchanged.map((name) => [name, "unchanged"]));
  const failures: { tenant: string; failure: Failure }[] = [];
  let unrecorded: LedgerEntry[] = [];
  let flushed = performance.now();
  let flushing: Promise<unknown> | null = null;

  const record = async (session: Session, batch: LedgerEntry[]) => {
    try {
      return await recordOutcomes(session, run, batch);
    } catch (error) {
      unrecorded = [...batch, ...unrecorded];
      throw error;
    } finally {
      flushing = null;
      flushed = performance.now();
    }
  };
  const flush = async (session: Session) => {
    // What another session is recording may come back, where that session breaks.
    while (flushing !== null) await flushing.catch(() => undefined);
    const recording = record(session, unrecorded.splice(0));
    flushing = recording;
    return recording;
  };
  const isDue = () => flushing === null && (unrecorded.length >= 100 || performance.now() - flushed > 1_000);

  return {
    settle(entry) {
      const { schema, outcome, failure, scope, versions, attempts } = entry;
      const milliseconds = Math.round(entry.milliseconds);
      const before = outcomes.get(schema);
      if (before === undefined || isWorse(outcome, before)) outcomes.set(schema, outcome);
      if (outcome === "failed" && failure !== null) failures.push({ tenant: schema, failure });
      unrecorded.push({ ...entry, milliseconds });
      const told = { event: "tenant", tenant: schema, scope, outcome, versions, milliseconds, attempts } as const;
      emit(failure === null ? told : { ...told, error: failure });
    },
    async flushIfDue(session) {
      if (!isDue()) return null;
      try {
        return await flush(session);
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.kind === "connection") throw error;
        return null;
      }
    },
    flush,
    get isDue() {
      return isDue();
    },
    get failed() {
      return failures.length;
    },
    summary(stopped) {
      const counts: Record<Outcome, number> = { applied: 0, unchanged: 0, failed: 0, cancelled: 0, skipped: 0 };
      for (const outcome of outcomes.values()) counts[outcome]++;
      const milliseconds = Math.round(performance.now() - began);
      return { event: "summary", run, counts, failures: groupFailures(failures), milliseconds, stopped };
    },
  };
}

/** A schema is counted once, by the worst that its stages came to. */
function isWorse(outcome: Outcome, than: Outcome): boolean {
  return worstFirst.indexOf(outcome) < worstFirst.indexOf(than);
}
