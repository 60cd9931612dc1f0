import type { DatabaseError } from "../db/database";
import { droppedRecordsMessage } from "./droppedRecords";
import type { Failure } from "./events";
import type { Part, PreparedMigration } from "./prepare";

/** A piece of a message: statements of the runner's own, or a part of a migration as it is sent for one schema. */
export type Piece =
  | {
      readonly sql: string;
      readonly migration: PreparedMigration | null;
      /** What its division by zero says. */
      readonly refusal?: Pick<Failure, "code" | "message">;
    }
  | {
      readonly sql: string;
      readonly migration: PreparedMigration;
      readonly part: Part;
      toOriginal(offset: number): number;
    };

/** A piece of exactly one statement; an error in it is told of the migration, where one is given. */
export function own(sql: string, migration: PreparedMigration | null = null): Piece {
  return { sql: `${sql};\n`, migration };
}

/** A statement of the runner's own that divides by zero where it refuses to go on; told of the migration, where one is given. */
export function guard(
  sql: string,
  refusal: Pick<Failure, "code" | "message">,
  migration: PreparedMigration | null = null,
): Piece {
  return { ...own(sql, migration), refusal };
}

/** A part of a migration, for one schema. Its last statement may lack the `;`, or end in a comment. */
export function migrationPiece(migration: PreparedMigration, part: Part, schema: string): Piece {
  const { sql, toOriginal } = part.render(schema);
  return { sql: `${sql}\n;\n`, migration, part, toOriginal };
}

/** Several pieces that are sent as one message. */
export function messageOf(pieces: readonly Piece[]): string {
  return pieces.map(({ sql }) => sql).join("");
}

export function countStatements(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + statementsIn(piece), 0);
}

function statementsIn(piece: Piece): number {
  return "part" in piece ? piece.part.statements.length : 1;
}

/** The failure that an error of the server is, with its place in the original file. */
export function failureOf(error: DatabaseError, pieces: readonly Piece[]): Failure {
  const found = find(error, pieces);
  if (found !== null && "refusal" in found.piece && error.code === divisionByZero)
    return { ...found.piece.refusal, ...(placeIn(found, null) ?? nowhere) };
  const dropped = found === null || "part" in found.piece ? null : droppedRecordsMessage(error);
  if (dropped !== null) return { code: error.code, message: dropped, ...nowhere };
  const place = found === null ? null : placeIn(found, error.context);
  return { code: error.code, message: messageText(error), ...(place ?? nowhere) };
}

const divisionByZero = "22012";
const nowhere = { file: null, line: null, column: null };

type Place = Pick<Failure, "file" | "line" | "column">;

/** The piece that failed, and where in it: at an offset, or else in a statement. */
interface Found {
  readonly piece: Piece;
  readonly offset: number | null;
  readonly statement: number;
}

/** The position tells the token; many errors of DDL have none, and then the number of completed statements tells the statement. */
function find(error: DatabaseError, pieces: readonly Piece[]): Found | null {
  let start = 0;
  let completed = 0;
  for (const piece of pieces) {
    const end = start + piece.sql.length;
    const statements = statementsIn(piece);
    if (error.position !== null) {
      if (error.position < end) return { piece, offset: error.position - start, statement: 0 };
    } else if (error.statement !== null && error.statement < completed + statements) {
      return { piece, offset: null, statement: error.statement - completed };
    }
    start = end;
    completed += statements;
  }
  return null;
}

function placeIn({ piece, offset, statement }: Found, context: string | null): Place | null {
  if (piece.migration === null) return null;
  const { migration } = piece.migration;
  if (!("part" in piece)) return { file: migration.path, line: null, column: null };
  const { part } = piece;
  const original =
    offset === null ? statementPlace(migration.text, part, statement, context) : part.start + piece.toOriginal(offset);
  return original === undefined
    ? { file: migration.path, line: null, column: null }
    : { file: migration.path, ...piece.migration.placeAt(original) };
}

/** A statement's start; of a DO block the line of its body that the server names. */
function statementPlace(text: string, part: Part, index: number, context: string | null): number | undefined {
  const statement = part.statements[index];
  const line = /\binline_code_block line (\d+)\b/.exec(context ?? "")?.[1];
  if (statement === undefined || line === undefined) return statement?.start;
  return bodyLine(text, statement.start, Number(line)) ?? statement.start;
}

/** Where a line of the first dollar-quoted text begins; the first line is what follows the quote. */
function bodyLine(text: string, start: number, line: number): number | null {
  const quote = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;
  quote.lastIndex = start;
  const opening = quote.exec(text);
  if (opening === null) return null;
  const body = opening.index + opening[0].length;
  const end = text.indexOf(opening[0], body);
  const lines = text.slice(body, end === -1 ? text.length : end).split("\n");
  const wanted = lines[line - 1];
  if (wanted === undefined) return null;
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return body + before + (wanted.length - wanted.trimStart().length);
}

function messageText(error: DatabaseError): string {
  return [error.message, error.detail, error.hint].filter((part) => part !== null).join(" — ");
}
