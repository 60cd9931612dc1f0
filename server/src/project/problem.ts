import { lineIndex } from "../sql/lineIndex";
import type { Span } from "../sql/span";

/** Something wrong with a project's files, for people; the message holds the way out. */
export interface Problem {
  /** The file, relative to the project's root, with `/` between its parts. */
  readonly path: string;
  readonly severity: "error" | "warning";
  /** The id of the rule that it stands under. */
  readonly code: "invalid-config" | "duplicate-version" | "invalid-migration";
  readonly message: string;
  /** Where in the file, or null where it concerns the whole file. */
  readonly span: Span | null;
  /** The place's line and column, both from 1. */
  readonly line: number | null;
  readonly column: number | null;
  /** Other files that it is about, relative to the project's root. */
  readonly others?: readonly string[];
}

/** A problem with a whole file. */
export function problemWith(
  path: string,
  severity: Problem["severity"],
  code: Problem["code"],
  message: string,
): Problem {
  return { path, severity, code, message, span: null, line: null, column: null };
}

/** An error at a place in a file. */
export function problemAt(
  text: string,
  path: string,
  code: Problem["code"],
  place: Span & { message: string },
): Problem {
  const { line, character } = lineIndex(text).positionAt(place.start);
  const { start, end, message } = place;
  return { path, severity: "error", code, message, span: { start, end }, line: line + 1, column: character + 1 };
}
