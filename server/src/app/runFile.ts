import { DatabaseError } from "../db/database";
import { lex } from "../sql/lexer";
import { lineIndex } from "../sql/lineIndex";
import { splitStatements } from "../sql/statements";
import type { Target } from "./target";

/** What a file's last statement gave, or why the server refused the file, with the place in it, line and column from 1. */
export type FileResult =
  | { readonly rows: readonly Record<string, unknown>[] }
  | { readonly refusal: { readonly message: string; readonly line: number; readonly column: number } };

/** Runs a text once as it stands, as one message: without transaction statements of its own, it is wholly done or not at all. @throws DatabaseError that isn't about the text */
export async function runFile({ database }: Target, text: string): Promise<FileResult> {
  try {
    return { rows: await database.session((session) => session.script<Record<string, unknown>>(text)) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind !== "sql") throw error;
    const offset = error.position ?? startOf(text, error.statement ?? 0);
    const { line, character } = lineIndex(text).positionAt(offset);
    const message = [error.message, error.detail, error.hint].filter((part) => part !== null).join(" — ");
    return { refusal: { message, line: line + 1, column: character + 1 } };
  }
}

function startOf(text: string, statement: number): number {
  return splitStatements(text, lex(text, "postgresql"), "postgresql")[statement]?.start ?? 0;
}
