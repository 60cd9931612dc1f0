import type { DatabaseError } from "../db/database";
import type { Failure } from "./events";
import type { Part, PreparedMigration } from "./prepare";

/** A piece of a message: statements of the runner's own, or a part of a migration as it is sent for one schema. */
export type Piece =
  | { readonly sql: string; readonly migration: PreparedMigration | null }
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

/** A part of a migration, for one schema. Its last statement may lack the `;`, or end in a comment. */
export function migrationPiece(migration: PreparedMigration, part: Part, schema: string): Piece {
  const { sql, toOriginal } = part.render(schema);
  return { sql: `${sql}\n;\n`, migration, part, toOriginal };
}

/** Several pieces that are sent as one message. */
export function messageOf(pieces: readonly Piece[]): string {
  return pieces.map(({ sql }) => sql).join("");
}

/** The failure that an error of the server is, with its place in the original file. */
export function failureOf(error: DatabaseError, pieces: readonly Piece[]): Failure {
  return { code: error.code, message: messageText(error), ...(placeOf(error, pieces) ?? nowhere) };
}

const nowhere = { file: null, line: null, column: null };

type Place = Pick<Failure, "file" | "line" | "column">;

/** The position tells the token; many errors of DDL have none, and then the number of completed statements tells the statement. */
function placeOf(error: DatabaseError, pieces: readonly Piece[]): Place | null {
  let start = 0;
  let completed = 0;
  for (const piece of pieces) {
    const end = start + piece.sql.length;
    const statements = "part" in piece ? piece.part.statements.length : 1;
    if (error.position !== null) {
      if (error.position < end) return placeIn(piece, error.position - start, null);
    } else if (error.statement !== null && error.statement < completed + statements) {
      return placeIn(piece, null, error.statement - completed);
    }
    start = end;
    completed += statements;
  }
  return null;
}

function placeIn(piece: Piece, offset: number | null, statement: number | null): Place | null {
  if (piece.migration === null) return null;
  const file = piece.migration.migration.path;
  if (!("part" in piece)) return { file, line: null, column: null };
  const { part } = piece;
  const original = offset === null ? part.statements[statement ?? 0]?.start : part.start + piece.toOriginal(offset);
  return original === undefined ? { file, line: null, column: null } : { file, ...piece.migration.placeAt(original) };
}

function messageText(error: DatabaseError): string {
  return [error.message, error.detail, error.hint].filter((part) => part !== null).join(" — ");
}
