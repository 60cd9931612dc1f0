import type { CatalogHistory } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { AnalysedStatement, Analysis } from "../sql/facts";
import type { Span } from "../sql/span";
import { rules, statementRules, textRules } from "./all";
import { foldEarlier } from "./earlier";
import { applyIgnores } from "./ignore";
import type { Fix, Related, RuleContext, Severity } from "./rule";
import type { LevelOf } from "./severity";

/** What is reported of a file: a place in its text, which rule, and how much it weighs. */
export interface Finding extends Span {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: readonly Fix[];
  readonly related?: readonly Related[];
}

/** How the folder wants its files checked. */
export interface LintSettings extends Settings {
  readonly levelOf: LevelOf;
  readonly isTenant: (schema: string) => boolean;
  /** How many tenants there are; null where nothing tells. */
  readonly tenants: number | null;
}

/** Checks one migration. @param analysis of its whole text. @param history what is known at each point. */
export function lintMigration(
  migration: Migration,
  analysis: Analysis,
  history: CatalogHistory,
  settings: LintSettings,
): Finding[] {
  const statements = upStatements(migration, analysis);
  // The catalog counts the statements of the whole text, of which those that go up are one unbroken part.
  const [begin] = statements;
  const first = begin === undefined ? 0 : analysis.statements.indexOf(begin);
  const earlier = foldEarlier(analysis.text, statements, { ...migration, settings });
  const found = [
    ...statements.flatMap((statement, index) => {
      const before = { catalog: history.before(migration.path, first + index), earlier: earlier.before(index) };
      return [...check(migration, analysis.text, statement, before, settings)];
    }),
    ...checkText(migration, settings),
  ];
  const { kept, reports } = applyIgnores(found, migration.directives, statements, ids);
  const findings: Finding[] = kept.map(({ statement: _, ...finding }) => finding);
  for (const { rule, start, end, message } of reports) {
    const severity = settings.levelOf(rule);
    if (severity !== "off") findings.push({ rule: rule.id, severity, start, end, message, fixes: [] });
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The statements of the part that is run going up. */
export function upStatements({ up }: Migration, { statements }: Analysis): AnalysedStatement[] {
  return statements.filter(({ start, end }) => start >= up.start && end <= up.end);
}

const ids = rules.map(({ id }) => id);

function* check(
  migration: Migration,
  text: string,
  statement: AnalysedStatement,
  before: Pick<RuleContext, "catalog" | "earlier">,
  settings: LintSettings,
): Iterable<Finding & { statement: AnalysedStatement }> {
  const context = {
    settings,
    scope: migration.scope,
    transactional: migration.transactional,
    ...before,
    tenants: settings.tenants,
    isTenant: settings.isTenant,
    statement,
    statementText: text.slice(statement.start, statement.end),
  };
  for (const rule of statementRules) {
    const severity = settings.levelOf(rule);
    if (severity === "off") continue;
    for (const { start, end, message, fixes = [], related } of rule.check(context)) {
      const place = { start: statement.start + start, end: statement.start + end };
      yield {
        ...place,
        rule: rule.id,
        severity,
        message,
        fixes: fixes.map((fix) => moved(fix, statement.start)),
        ...(related !== undefined && { related }),
        statement,
      };
    }
  }
}

function* checkText(migration: Migration, settings: LintSettings): Iterable<Finding & { statement: null }> {
  for (const rule of textRules) {
    const severity = settings.levelOf(rule);
    if (severity === "off") continue;
    for (const { fixes = [], ...report } of rule.checkText(migration, settings.dialect)) {
      yield { ...report, rule: rule.id, severity, fixes, statement: null };
    }
  }
}

function moved({ title, edits }: Fix, by: number): Fix {
  return { title, edits: edits.map(({ start, end, text }) => ({ start: start + by, end: end + by, text })) };
}
