import type { Dialect } from "../sql/dialect";
import type { SlicedText } from "../sql/editedText";
import { lex } from "../sql/lexer";
import { marks } from "../sql/marks";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";
import { checksum } from "./checksum";
import { type Directive, parseDirectives } from "./directives";
import type { Format } from "./formats";
import type { Migration, Scope } from "./migration";
import { divide, type Sections } from "./sections";

/** What is known of a file beside its text. */
export interface FileIdentity {
  /** Relative to the project's root, with `/` between its parts. */
  readonly path: string;
  readonly version: string | null;
  readonly name: string;
  /** The folder's scope; a directive in the file's head goes before it. */
  readonly scope: Scope;
  readonly format: Format | "auto";
}

export interface ReadMigration {
  readonly migration: Migration;
  readonly markers: Sections["markers"];
  /** Why the file can't be run as it stands, or null. */
  readonly fault: (Span & { readonly message: string }) | null;
}

/** What is known of an open editor's text. */
export interface KnownText {
  readonly asides: readonly Token[];
  readonly source: SlicedText;
}

/**
 * Reads a migration from its text, which must be without a byte order mark.
 * @param known its comments and its first token, where they are known already, and what to take its parts from
 */
export function readMigration(
  text: string,
  identity: FileIdentity,
  dialect: Dialect,
  known?: KnownText,
): ReadMigration {
  const tokens = known?.asides ?? (mayHoldMarks.test(text) ? lex(text, dialect) : []);
  const source = known?.source ?? text;
  const directives = parseDirectives(source, tokens);
  const { up, transactional, markers, fault } = divide(source, tokens, identity.format);
  let sum: string | undefined;
  const migration: Migration = {
    path: identity.path,
    version: identity.version,
    name: identity.name,
    scope: scopeDirective(directives) ?? identity.scope,
    text,
    up,
    get checksum() {
      // Only a run asks for it, and not at each key.
      sum ??= checksum(text, up, directives);
      return sum;
    },
    directives,
    transactional: transactional && !directives.some((directive) => directive.kind === "no-transaction"),
  };
  return { migration, markers, fault };
}

/** The scope that the file's own head asks for, or null. */
export function scopeDirective(directives: readonly Directive[]): Scope | null {
  for (const directive of directives) if (directive.kind === "scope") return directive.scope;
  return null;
}

/** Most files hold neither directives nor sections, and need not be read token by token. */
const mayHoldMarks = new RegExp(marks, "i");
