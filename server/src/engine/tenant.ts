import { DatabaseError, type FaultKind, type Session } from "../db/database";
import type { Failure } from "./events";
import {
  admitStatements,
  assertStatement,
  block,
  guardCodes,
  leaveStatements,
  notCurrentRefusal,
  otherSchemaRefusal,
  type RunContext,
  sameSchemaStatement,
  settingStatements,
  tookStatement,
} from "./guards";
import type { SchemaHistory } from "./history";
import { forgetStatements } from "./leavings";
import { countStatements, failureOf, guard, messageOf, migrationPiece, own, type Piece } from "./message";
import { recordStatement } from "./recording";
import { pathOf } from "./sharedTables";
import type { SchemaState } from "./state";
import type { Unit } from "./units";

/** How one try at a unit ended. */
export type Attempt =
  /** With the time that the server says it took, where it was asked. */
  | { readonly kind: "applied"; readonly milliseconds: number | null }
  /** Rolled back, and worth another try. */
  | { readonly kind: "again"; readonly failure: Failure }
  /** Nothing was done, as the transaction before it on the same connection had failed. */
  | { readonly kind: "behind"; readonly failure: Failure }
  /** The history has to tell what is left to do: it isn't what was planned for, or the failure came after the commit. */
  | { readonly kind: "changed"; readonly failure: Failure }
  /** The connection broke; whether it was committed is told by the history. */
  | { readonly kind: "unknown"; readonly failure: Failure }
  | { readonly kind: "cancelled"; readonly failure: Failure }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Runs a unit for one schema as one transaction in one message: wholly done and recorded, or not done at all.
 * @param failed is told at once where it failed, before that is undone
 */
export async function runTransaction(
  session: Session,
  context: RunContext,
  schema: SchemaState,
  history: SchemaHistory,
  unit: Unit,
  failed: () => void,
): Promise<Attempt> {
  const undo = () => {
    failed();
    return messageOf(ownAll(["rollback", ...forgetLeavings(unit)]));
  };
  const pieces = [...piecesOf(context, schema, history, unit)];
  try {
    const [took] = await session.script<{ milliseconds: number }>(messageOf(pieces), undo);
    return { kind: "applied", milliseconds: took?.milliseconds ?? null };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const failure = failureOf(error, pieces);
    if (error.kind === "connection") return { kind: "unknown", failure };
    if (isAfterCommit(error, pieces, unit)) return { kind: "changed", failure };
    if (error.code === inFailedTransaction && error.statement === 0) return { kind: "behind", failure };
    return attemptOf(error, failure);
  }
}

/** What the server refuses a `begin` by that follows a failure; no statement of our own comes first in a transaction otherwise. */
const inFailedTransaction = "25P02";

/** What an error of the server means for the schema; the transaction is rolled back. */
export function attemptOf(error: DatabaseError, failure: Failure): Attempt {
  if (error.code === guardCodes.changed) return { kind: "changed", failure };
  if (error.code === guardCodes.busy || passing.has(error.kind)) return { kind: "again", failure };
  return { kind: error.kind === "cancelled" ? "cancelled" : "failed", failure };
}

const passing = new Set<FaultKind>(["lock-timeout", "deadlock", "serialization", "concurrent-update"]);

function* piecesOf(context: RunContext, schema: SchemaState, history: SchemaHistory, unit: Unit): Generator<Piece> {
  yield own("begin isolation level read committed read write");
  const settings = ownAll(settingStatements(context, schema));
  yield* ownAll(admitStatements(context, schema, history));
  let isChecked = false;
  let isSet = false;
  for (const [index, migration] of unit.migrations.entries()) {
    if (!isSet) yield* settings;
    yield guard(assertStatement(schema, index), notCurrentRefusal(context, schema));
    if (index === 0) yield* lockPieces(context, unit);
    const { changesRows, definesOnly } = migration;
    // Once they were checked at the end of a file, the next may put its checks off again.
    if (context.deferring && changesRows && isChecked) yield own("set constraints all deferred");
    for (const part of migration.parts) yield migrationPiece(migration, part, schema.name);
    // What is put off fails here, where the file is known, and keeps no later file from changing the table.
    if (changesRows) yield own("set constraints all immediate", migration);
    if (!definesOnly) yield guard(sameSchemaStatement(schema), otherSchemaRefusal(schema), migration);
    isChecked ||= changesRows;
    isSet = definesOnly;
  }
  yield* ownAll(leaveStatements);
  yield own(recordStatement(context, schema, unit.migrations));
  yield own("commit");
  yield* ownAll(afterCommit(unit));
}

function afterCommit(unit: Unit): string[] {
  return [...forgetLeavings(unit), tookStatement];
}

/** Definitions alone leave nothing in the session, and what we have set ourselves ends with the transaction. */
function forgetLeavings({ migrations }: Unit): string[] {
  return migrations.every(({ definesOnly }) => definesOnly) ? [] : forgetStatements(migrations);
}

/** A cancelling may come late. The history tells: the server may have counted other statements than we have. */
function isAfterCommit({ statement }: DatabaseError, pieces: readonly Piece[], unit: Unit): boolean {
  return statement !== null && statement >= countStatements(pieces) - afterCommit(unit).length;
}

function ownAll(statements: readonly string[]): Piece[] {
  return statements.map((statement) => own(statement));
}

function lockPieces(context: RunContext, unit: Unit): Piece[] {
  return unit.locks.flatMap((shared) => {
    const path = pathOf(shared, context.publicSchema);
    if (!context.lockable.has(path)) return [];
    // Its partitions, or what inherits from it, may be other tenants' tables.
    const lock = `lock table only ${path} in ${shared.mode.toLowerCase()} mode`;
    // Under this mode the tenant before may have dropped it; a block takes as long as many locks.
    const mayBeGone = shared.mode === "ACCESS EXCLUSIVE";
    return own(mayBeGone ? block(`${lock};\nexception when undefined_table or invalid_schema_name then null;`) : lock);
  });
}
