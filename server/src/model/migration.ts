import type { Span } from "../sql/span";
import type { Directive } from "./directives";

/** Whom a migration is for. */
export type Scope = "public" | "tenant";

/** One migration as its file and its name say it. */
export interface Migration {
  /** The file's path, relative to the project's root, with `/` between its parts. */
  readonly path: string;
  /** Dotted digits as they are written, or null for a repeatable migration. */
  readonly version: string | null;
  readonly name: string;
  readonly scope: Scope;
  /** The whole file as it was read, without a byte order mark. */
  readonly text: string;
  /** The part of the text that is run going up. */
  readonly up: Span;
  /** SHA-256 in hex over the up part, line ends as LF and directives left out. */
  readonly checksum: string;
  readonly directives: readonly Directive[];
  /** False where the file asks for `no-transaction`. */
  readonly transactional: boolean;
}
