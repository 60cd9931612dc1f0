import { randomUUID } from "node:crypto";
import { type Database, DatabaseError } from "../db/database";
import { createCompany } from "./company";
import { contextOf } from "./context";
import { type Control, createControl, type RunSignals } from "./control";
import { droppedRecordsMessage } from "./droppedRecords";
import { EngineError } from "./errors";
import type { RunEvent, RunSummary } from "./events";
import type { RunContext } from "./guards";
import { heeding } from "./heartbeat";
import { installFor } from "./installation";
import { labelOf } from "./label";
import { createLedger, type Ledger } from "./ledger";
import type { Plan } from "./plan";
import { refusePooler } from "./pooler";
import { recordEnd, recordStart } from "./records";
import { withRunLock } from "./runLock";
import { runStages } from "./stages";
import { steadily } from "./steadily";
import { takeOverHistory } from "./takeOver";

export type { RunSignals } from "./control";

/**
 * Carries a plan out and records what became of each schema. A schema's failure is an outcome; nothing of it stays behind.
 * @param emit is told the plan first and the summary last, also where an error follows it
 * @throws RunInProgressError where another run goes on in the database
 * @throws EngineError where the records can't be made or completed
 * @throws DatabaseError where the database can't be worked with any more; running again does what is missing
 */
export async function runPlan(
  database: Database,
  plan: Plan,
  emit: (event: RunEvent) => void,
  signals: RunSignals = {},
): Promise<RunSummary> {
  const [refusal] = plan.report.refusals;
  if (refusal !== undefined) throw new EngineError(`The plan can't be run: ${refusal.message}`);
  const run = randomUUID();
  const ledger = createLedger(run, plan.unchanged, emit);
  const control = createControl(signals);
  const begin = () => {
    emit({ event: "plan", run, ...plan.report });
    settleLeftOut(plan, ledger);
  };
  let unrecorded: EngineError | null = null;
  if (plan.stages.length === 0 && plan.state.copiedFrom === null) {
    begin();
  } else {
    const work = async () => {
      await steadily(() => refusePooler(database, plan));
      // Each takes the server some tenths of a second in a large database, and neither needs the other.
      const [context] = await Promise.all([
        steadily(() => contextOf(database, run, plan)),
        steadily(() => prepareRecords(database, run, plan)),
      ]);
      begin();
      return carryOut(database, context, plan, control, ledger, emit);
    };
    unrecorded = await withRunLock(database, run, plan.options.concurrentRuns, work, control.breakOff);
  }
  const summary = ledger.summary(control.stopped);
  emit(summary);
  control.rethrow();
  if (unrecorded !== null) throw unrecorded;
  return summary;
}

/** Tells of the tenants that are left out, as far as they miss something by it. */
function settleLeftOut(plan: Plan, ledger: Ledger): void {
  for (const { schema, code, reason, missing } of plan.leftOut) {
    if (missing.length === 0) continue;
    ledger.settle({
      stage: 0,
      scope: "tenant",
      schema: schema.name,
      schemaId: schema.id,
      outcome: "skipped",
      versions: missing.map(labelOf),
      attempts: 0,
      milliseconds: 0,
      notices: [],
      failure: { code, message: reason, file: null, line: null, column: null },
    });
  }
}

async function prepareRecords(database: Database, run: string, plan: Plan): Promise<void> {
  await installFor(database, plan.state);
  await database.session(async (session) => {
    const { copiedFrom } = plan.state;
    if (copiedFrom !== null) await takeOverHistory(session, plan.state, copiedFrom);
    await recordStart(session, run, plan);
  });
}

async function carryOut(
  database: Database,
  context: RunContext,
  plan: Plan,
  control: Control,
  ledger: Ledger,
  emit: (event: RunEvent) => void,
): Promise<EngineError | null> {
  const company = createCompany(context);
  await heeding(database, control, ledger, () =>
    runStages({ database, plan, control, ledger, context, company, emit }),
  );
  return finishRecords(database, context.run, control, ledger);
}

/**
 * What was done stands in the history: where the connection is gone for good, the run's own records stay open, and the next run closes them.
 * @returns why the records can't be completed, or null
 */
async function finishRecords(
  database: Database,
  run: string,
  control: Control,
  ledger: Ledger,
): Promise<EngineError | null> {
  try {
    await steadily(() =>
      database.session(async (session) => {
        await ledger.flush(session);
        await recordEnd(session, run, control.stopped);
      }),
    );
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.kind === "connection" ? null : new EngineError(unrecordedMessage(error), { cause: error });
  }
}

function unrecordedMessage(error: DatabaseError): string {
  const dropped = droppedRecordsMessage(error);
  if (dropped !== null) return dropped;
  const { message, hint } = error;
  const why = [message, ...(hint === null ? [] : [hint])].join(" — ");
  return `What was done stands in the history, but how this run ended can't be recorded for \`tenantry runs\` and \`tenantry retry\`: ${why}`;
}
