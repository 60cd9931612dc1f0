import type { EditedText } from "./editedText";
import type { Span } from "./span";

/** What a statement does with a table that it names. */
export type TableUse = "create" | "alter" | "drop" | "read" | "write" | "reference";

/** A name as the server would fold and unquote it; `schema` is null where none is written. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

/** A name at its place; the span is that of the last identifier, `schemaSpan` that of the schema's identifier (quotes included). */
export interface NameReference extends QualifiedName, Span {
  readonly schemaSpan: Span | null;
}

export interface TableReference extends NameReference {
  readonly use: TableUse;
}

/** What a name stands for that is not written where only a table's can be; a `relation` is a table, a view, a sequence or an index. */
export type ObjectKind =
  | "type"
  | "function"
  | "sequence"
  | "index"
  | "relation"
  | "schema"
  | "trigger"
  | "constraint"
  | "other";

export interface ObjectReference extends NameReference {
  readonly kind: ObjectKind;
  readonly use: TableUse;
}

/** A foreign key: who holds it, and the target's name at its place. */
export interface ForeignKey {
  /** The constraint's name, or null where the server will generate one. */
  readonly constraint: string | null;
  readonly from: QualifiedName;
  readonly columns: readonly string[];
  readonly to: NameReference;
  readonly targetColumns: readonly string[];
  readonly notValid: boolean;
}

/** A place that names a schema and must change when the statement is rendered for another schema. */
export interface SchemaMention extends Span {
  readonly schema: string;
  /**
   * How the name is written, and so how another one is written in its place: an identifier (quoted or not), an identifier inside a
   * string literal (`'prototype.orders'::regclass`), or the whole content of a string literal (`table_schema = 'prototype'`).
   */
  readonly form: "identifier" | "identifier-in-literal" | "literal";
  /** The opening delimiters of the literals and quoted bodies that the place stands in, outermost first: `'`, `E'`, `N'`, `$tag$`. */
  readonly within: readonly string[];
}

/** A part of a statement that the analysis can't see through: SQL built as a string, or text that merely contains a schema's name. */
export interface OpaquePart extends Span {
  readonly reason: "dynamic-sql" | "text-names-schema";
  readonly words: readonly string[];
}

/** The grammar's refusal of a statement; the span is the token that it stopped at. */
export interface SyntaxFault extends Span {
  readonly message: string;
}

/** The grammar's refusal, and whether it is the server's, too: not at a template, of which nobody knows what it will hold. */
export interface Refusal extends SyntaxFault {
  readonly isSure: boolean;
}

/** The last name of a refused statement, where it may be a schema's: then it is no table, or the one that stands after it. */
export interface UnfinishedName {
  readonly start: number;
  readonly instead: TableReference | null;
}

/** What literal text names, at the places in the statement where it is written. */
export type TextFacts = Pick<StatementFacts, "tables" | "objects" | "foreignKeys" | "schemas" | "opaque" | "transient">;

/** SQL Server: what a statement does with a variable that may hold SQL, which another statement of its batch may run. */
export type VariableUse = { readonly variable: string } & (
  | { readonly does: "declare" | "change" }
  /** Gives it a text, or has its text grow, whose first literal begins at an offset; whole where nothing but literals takes part in it. */
  | { readonly does: "give"; readonly start: number; readonly isWhole: boolean; readonly names: TextFacts }
  /** Gives it, or runs, a text in which others stand in the place of a mark. */
  | { readonly does: "replace"; readonly mark: string }
  /** Makes it a part of another variable's text. */
  | { readonly does: "feed"; readonly into: string }
  /** Runs what it holds; `start` is that of the opaque part, which other texts may take part in. */
  | { readonly does: "run"; readonly start: number; readonly isWhole: boolean }
);

/** What one statement says. All spans are relative to the statement's own start. */
export interface StatementFacts {
  /** The command's tag as the server reports it, such as `CREATE TABLE`; `UNKNOWN` where nothing is recognised. */
  readonly kind: string;
  /** The statement's leading keyword or keywords, the place to report what concerns the whole statement. */
  readonly keyword: Span;
  readonly tables: readonly TableReference[];
  readonly objects: readonly ObjectReference[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly schemas: readonly SchemaMention[];
  readonly opaque: readonly OpaquePart[];
  /** Names that the statement gives to what is no table of any schema: temporary tables, and a trigger's transition tables. */
  readonly transient: readonly string[];
  readonly variables: readonly VariableUse[];
  /** Where the literals begin that variables are given and that are run from there. */
  readonly given: readonly number[];
  readonly unfinished: UnfinishedName | null;
  readonly fault: SyntaxFault | null;
}

/** A statement at its place in the text (without its `;`), and what it says. */
export interface AnalysedStatement extends Span {
  readonly facts: StatementFacts;
}

/** A text's statements in their order. */
export interface Analysis {
  /** Put together for whoever asks. */
  readonly text: string;
  readonly source: EditedText;
  readonly statements: readonly AnalysedStatement[];
}
