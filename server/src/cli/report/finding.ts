import type { Severity } from "../../rules/rule";

/** A diagnostic as every output format of `lint` needs it. */
export interface Finding {
  /** Relative to the current folder where it lies in it, with `/` between its parts. */
  readonly file: string;
  /** Positions as in the Language Server Protocol: 0-based, UTF-16. */
  readonly range: { readonly start: Position; readonly end: Position };
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** The whole line of the file that the range begins in. */
  readonly source: string;
  /** What a fix would do, or null where there is none that is sure. */
  readonly fix: string | null;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}
