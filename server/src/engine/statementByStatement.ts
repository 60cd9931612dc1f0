import { DatabaseError, type Session } from "../db/database";
import { refusesTransaction } from "../model/outsideTransactions";
import { schemaLock } from "./advisoryLocks";
import { claimMatches, keyOf, noteStatement, readClaim, takeClaimStatements } from "./claims";
import type { Failure } from "./events";
import { admitStatements, applicationName, literal, type RunContext, tryLockStatement } from "./guards";
import type { SchemaHistory } from "./history";
import { forgetStatements, ownRoleStatements } from "./leavings";
import { failureOf, messageOf, migrationPiece, own, type Piece } from "./message";
import type { Part, PreparedMigration } from "./prepare";
import { recordOneStatement } from "./recording";
import { decideResume } from "./resume";
import type { SchemaState } from "./state";
import { type Attempt, attemptOf } from "./tenant";

/** What one `no-transaction` file is run with, in one schema. */
export interface StatementRun {
  readonly session: Session;
  readonly context: RunContext;
  readonly schema: SchemaState;
  readonly history: SchemaHistory;
  readonly migration: PreparedMigration;
}

/**
 * Runs a `no-transaction` file: each statement on its own, under a claim that is committed before the first and says before
 * and after each how far it came. A later run goes on at the statement where this one was interrupted.
 */
export async function runStatements(run: StatementRun): Promise<Attempt> {
  const { session, migration } = run;
  const began = Date.now();
  let sent: readonly Piece[] = [];
  try {
    await session.script(lockForAllStatement(run));
    await send(run, takeClaimStatements(run));
    const claim = await readClaim(run);
    if (!claimMatches(claim, migration)) return failed(run, migration.parts[0], editedMessage(claim.done));
    for (const [index, part] of migration.parts.entries()) {
      if (index < claim.done) continue;
      const interrupted = index === claim.done && claim.begun;
      const decision = await decideResume(run, part, interrupted);
      if (decision === "unsure") return failed(run, part, unsureMessage);
      const noteDone = noteStatement(run, index + 1, "done");
      if (decision === "skip") {
        await session.script(noteDone);
      } else if (standsInTransaction(run, part)) {
        await session.script(settingsStatement(run, part));
        sent = [
          own("begin"),
          migrationPiece(migration, part, run.schema.name),
          ...[...ownRoleStatements, noteDone, "commit"].map((sql) => own(sql)),
        ];
        await session.script(messageOf(sent));
      } else {
        await session.script(noteStatement(run, index, "begun"));
        await session.script(settingsStatement(run, part));
        sent = [{ ...migrationPiece(migration, part, run.schema.name), sql: part.render(run.schema.name).sql }];
        await session.script(messageOf(sent));
        sent = [];
        await undisturbed(session, [...ownRoleStatements, noteDone].join("; "));
      }
      sent = [];
    }
    await send(run, closingStatements(run, Date.now() - began));
    return { kind: "applied", milliseconds: null };
  } catch (error) {
    return await explain(error, run, sent);
  } finally {
    // The schema's lock is given back with whatever locks the file has left.
    await undisturbed(session, forgetStatements([migration]).join("; ")).catch(() => undefined);
  }
}

/** Statements of our own that must follow what was done: a cancelling that was meant for that may come late, and leaves them undone as a whole. */
async function undisturbed(session: Session, sql: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await session.script(sql);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== cancelledCode || tries === mostTries) throw error;
    }
  }
}

const cancelledCode = "57014";
const mostTries = 10;

/**
 * Keeps everybody else from the schema between the statements as well: the session's lock is held as long as the server is at any of
 * them, even where the client is gone. It is given back at the end, with all locks that the session holds.
 */
function lockForAllStatement({ schema }: StatementRun): string {
  return tryLockStatement(`pg_try_advisory_lock(${schemaLock(schema.id)})`);
}

/**
 * Whether a statement can be committed together with the note that it is done, so that it never has to be guessed. What calls
 * procedures, or is a block that commits by itself, can't.
 */
function standsInTransaction({ migration }: StatementRun, { statements }: Part): boolean {
  const [statement] = statements;
  if (statement === undefined) return false;
  const text = migration.migration.text.slice(statement.start + statement.facts.keyword.start, statement.end);
  if (refusesTransaction(text.replace(/[;\s]+$/, ""), "postgresql") || statement.facts.kind === "CALL") return false;
  return statement.facts.kind !== "DO" || !/\b(?:commit|rollback|call|execute)\b/i.test(text);
}

/** Sends statements of our own as one transaction under the schema's lock, if its history is still what was planned for. */
async function send({ session, context, schema, history }: StatementRun, statements: readonly string[]): Promise<void> {
  const pieces = [
    "begin isolation level read committed read write",
    ...admitStatements(context, schema, history),
    ...statements,
    "commit",
  ];
  await session.script(messageOf(pieces.map((sql) => own(sql))));
}

/**
 * What builds without blocking waits for other transactions as long as it takes; everything else waits as in a transaction. By its name it is
 * found to be cancelled.
 */
function settingsStatement({ context, schema }: StatementRun, part: Part): string {
  const { lockTimeout, statementTimeout, role } = context.options;
  const patient = /\bconcurrently\b/i.test(part.render("x").sql);
  const settings: [string, string][] = [
    ["lock_timeout", patient ? "0" : `${lockTimeout}ms`],
    ["statement_timeout", patient ? "0" : `${statementTimeout}ms`],
    ["application_name", applicationName(context.run, schema.name)],
    ...(role === null ? [] : [["role", role] satisfies [string, string]]),
  ];
  return `select ${settings.map(([name, value]) => `set_config('${name}', ${literal(value)}, false)`).join(", ")}`;
}

function closingStatements(run: StatementRun, milliseconds: number): string[] {
  return [
    recordOneStatement(run.context, run.schema, run.migration.migration, milliseconds),
    `delete from tenantry.claims where (database_id, schema_id, key) = (${keyOf(run)})`,
  ];
}

async function explain(error: unknown, run: StatementRun, sent: readonly Piece[]): Promise<Attempt> {
  if (!(error instanceof DatabaseError)) throw error;
  const failure = failureOf(error, sent);
  if (error.kind === "connection") return { kind: "unknown", failure };
  await run.session.script("rollback").catch(() => undefined);
  await run.session.script(ownRoleStatements.join("; ")).catch(() => undefined);
  if (sent.length > 0) await run.session.script(noteStatement(run, null, "refused")).catch(() => undefined);
  return attemptOf(error, failure);
}

function failed({ migration }: StatementRun, part: Part | undefined, message: string): Attempt {
  const place =
    part === undefined ? { line: null, column: null } : migration.placeAt(part.statements[0]?.start ?? part.start);
  const failure: Failure = { code: "TN005", message, file: migration.migration.path, ...place };
  return { kind: "failed", failure };
}

function editedMessage(done: number): string {
  return (
    `The file was interrupted after ${done} of its statements, and one of those was changed since. ` +
    "Undo the change in the statements that were done, and change only what comes after."
  );
}

const unsureMessage =
  "An earlier run was interrupted while this statement ran outside a transaction, and the database doesn't show whether it was done. " +
  "Look, and set `begun` to false in tenantry.claims to run it again, or `statement` to its number (from 1) as well if it was done.";
