import type { Catalog } from "../model/catalog";
import type { Migration, Scope } from "../model/migration";
import type { Settings } from "../model/settings";
import type { Action } from "../sql/action";
import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement } from "../sql/facts";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";
import type { Earlier } from "./earlier";
import type { LevelOf } from "./severity";

/** How much a finding weighs. */
export type Severity = "error" | "warning" | "information" | "hint";

/** What a rule may be set to. */
export type Level = Severity | "off";

/** A choice of levels for all rules at once. */
export type Preset = "recommended" | "strict" | "off";

/** A replacement of text that puts one finding right. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly (Span & { readonly text: string })[];
  /** Whether it is for the author to choose, though it is the only one: it changes more than the finding. */
  readonly choice?: true;
}

/** Another place that a finding is about, such as where a table was made; the span is that of the whole file's text. */
export interface Related extends Span {
  /** Relative to the project's root, with `/` between its parts. */
  readonly file: string;
  readonly message: string;
}

/** What a rule reports: a place, and what will happen there. */
export interface Report extends Span {
  readonly message: string;
  readonly related?: readonly Related[];
  /** One fix is the right change, and is applied where all are asked for; several are a choice for the author. */
  readonly fixes?: readonly Fix[];
}

/** What a rule sees: one statement, the file that it stands in, and what the folder knows at that point of the history. */
export interface RuleContext {
  readonly settings: Settings;
  readonly scope: Scope;
  readonly transactional: boolean;
  readonly catalog: Catalog;
  /** What it knows after everything. */
  readonly later: Catalog;
  /** What stands before the statement in its file. */
  readonly earlier: Earlier;
  /** How many tenants there are, as far as the configuration or a connection tells. */
  readonly tenants: number | null;
  /** Whether the configuration, without asking a database, says that a schema is a tenant's. */
  readonly isTenant: (schema: string) => boolean;
  /** What the rules are set to in this file, for a rule that tells what another would. */
  readonly levelOf: LevelOf;
  readonly statement: AnalysedStatement;
  readonly statementText: string;
}

/** What is known of every rule. */
export interface RuleEntry {
  readonly id: string;
  /** The level under the preset `recommended`, which holds unless another is chosen. */
  readonly severity: Level;
  /** Where SQL Server's default differs. */
  readonly severityOnSqlServer?: Level;
  /** Where a preset doesn't do what it does to all rules: `strict` raises each by one step, `off` puts each off. */
  readonly presets?: { readonly strict?: Level; readonly off?: Level };
  /** The one kind of server that the rule is about, where it isn't about both. */
  readonly dialect?: Dialect;
  /** Whether some of what it reports has a quick fix. */
  readonly hasFix?: true;
  readonly summary: string;
}

/** Which statements a rule looks at: those that do or hold one of these. It reports nothing of any other. */
export interface LooksAt {
  readonly actions?: readonly Action["kind"][] | "any";
  /** Of commands' tags. Statements that hold other commands, as DO blocks do, are all looked at. */
  readonly kinds?: RegExp;
  readonly facts?: readonly ("tables" | "objects" | "foreignKeys" | "schemas" | "opaque" | "fault")[];
}

/** A rule that looks at one statement at a time; `check` gives spans relative to the statement. */
export interface Rule extends RuleEntry {
  /** Left out, it looks at all statements. */
  readonly looksAt?: LooksAt;
  check(context: RuleContext): Iterable<Report>;
}

/** A rule about what stands between statements; `checkText` gives spans in the whole text. */
export interface TextRule extends RuleEntry {
  /** @param asides the commands of a client that stand in the text, and comments */
  checkText(migration: Migration, asides: readonly Token[], dialect: Dialect): Iterable<Report>;
}
