import type { Catalog } from "../model/catalog";
import type { Migration, Scope } from "../model/migration";
import type { Settings } from "../model/settings";
import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement } from "../sql/facts";
import type { Span } from "../sql/span";

/** How much a finding weighs; `off` is only ever a setting. */
export type Severity = "error" | "warning" | "information" | "hint";

/** A replacement of text that puts one finding right. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly (Span & { readonly text: string })[];
}

/** What a rule reports: a place, and what will happen there. */
export interface Report extends Span {
  readonly message: string;
  /** One fix is the right change, and is applied where all are asked for; several are a choice for the author. */
  readonly fixes?: readonly Fix[];
}

/** What a rule sees: one statement, the file that it stands in, and what the folder knows at that point of the history. */
export interface RuleContext {
  readonly settings: Settings;
  readonly scope: Scope;
  readonly transactional: boolean;
  readonly catalog: Catalog;
  /** Whether the configuration, without asking a database, says that a schema is a tenant's. */
  readonly isTenant: (schema: string) => boolean;
  readonly statement: AnalysedStatement;
  readonly statementText: string;
}

/** What is known of every rule. */
export interface RuleEntry {
  readonly id: string;
  readonly severity: Severity;
  /** Where SQL Server's default differs. */
  readonly severityOnSqlServer?: Severity;
  readonly summary: string;
}

/** A rule that looks at one statement at a time; `check` gives spans relative to the statement. */
export interface Rule extends RuleEntry {
  check(context: RuleContext): Iterable<Report>;
}

/** A rule about what stands between statements; `checkText` gives spans in the whole text. */
export interface TextRule extends RuleEntry {
  checkText(migration: Migration, dialect: Dialect): Iterable<Report>;
}
