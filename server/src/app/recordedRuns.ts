import { setTimeout as sleep } from "node:timers/promises";
import { type Database, DatabaseError, type Session } from "../db/database";
import { author } from "../engine/author";
import { EngineError } from "../engine/errors";
import type { PlanStage, RunEvent, RunSummary } from "../engine/events";
import { readOnlyMessage, versionOf } from "../engine/installation";
import { createLedger, type Ledger } from "../engine/ledger";
import { deniedMessage } from "../engine/recordRights";
import type { StopRequest } from "../engine/records";
import {
  type RecordedOutcome,
  type RecordedRun,
  readOutcomes,
  readRun,
  readRuns,
  readStages,
  requestStop,
} from "../engine/runLog";

export type { RecordedRun, StopRequest };

/** The runs that the database has on record, whoever started them, the newest first; none where nothing has run yet. */
export async function recordedRuns(database: Database, most: number): Promise<RecordedRun[]> {
  return onRecords(database, (session) => readRuns(session, most));
}

/** Asks runs that go on to stop, one of them or all. @returns those that were asked */
export async function stopRuns(database: Database, how: StopRequest, run: string | null): Promise<string[]> {
  const { user, host } = author();
  const who = `${user} on ${host}`.slice(0, 255);
  return onRecords(database, (session) => requestStop(session, how, who, run));
}

/**
 * Tells what a recorded run does in the form in which it tells it itself, until it has ended or the signal is given.
 * @returns how it ended; null where it was left, or was lost without an end
 */
export async function followRun(
  database: Database,
  { id, digest }: RecordedRun,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunSummary | null> {
  const stages = await database.session((session) => readStages(session, id));
  const ledger = createLedger(id, [], onEvent);
  const teller = tellerOf(stages, ledger, onEvent);
  onEvent({ event: "plan", run: id, digest, stages, refusals: [] });
  if (stages.length > 0) teller.begin(1);
  for (;;) {
    // The state is read before the outcomes: what a run recorded before it ended is told in any case.
    const run = await database.session(async (session) => {
      const found = await readRun(session, id);
      for (const outcome of await readOutcomes(session, id, teller.told)) teller.tell(outcome);
      return found;
    });
    if (run === undefined || run.state === "lost") return null;
    if (run.state !== "running") {
      const stopped = run.state === "done" ? null : run.state;
      const summary = { ...ledger.summary(stopped), milliseconds: run.milliseconds };
      onEvent(summary);
      return summary;
    }
    await sleep(interval, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return null;
  }
}

const interval = 500;

function tellerOf(stages: readonly PlanStage[], ledger: Ledger, onEvent: (event: RunEvent) => void) {
  let told = 0;
  let begun = 0;
  const begin = (stage: number) => {
    if (stage <= begun) return;
    begun = stage;
    const { scope = "tenant", versions = [], tenants = [] } = stages[stage - 1] ?? {};
    onEvent({ event: "stage", stage, scope, versions, tenants: tenants.length });
  };
  return {
    begin,
    get told() {
      return told;
    },
    tell({ schema, ...outcome }: RecordedOutcome) {
      begin(outcome.stage);
      const { scope = "tenant" } = stages[outcome.stage - 1] ?? {};
      told++;
      ledger.settle({ ...outcome, schema, schemaId: 0, scope, notices: [] });
    },
  };
}

/**
 * Works with the records of runs; where nothing has run yet, there are none.
 * @throws EngineError where they are incomplete, or this role or this server doesn't let them be used
 */
async function onRecords<T>(database: Database, use: (session: Session) => Promise<T[]>): Promise<T[]> {
  try {
    return await database.session(use);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (error.code === "25006") throw new EngineError(readOnlyMessage(database.label), { cause: error });
    if (error.code === "42501") throw new EngineError(await deniedMessage(database, error), { cause: error });
    if (error.code !== "42P01" && error.code !== "3F000") throw error;
    await database.session(versionOf);
    return [];
  }
}
