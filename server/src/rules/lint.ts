import type { CatalogHistory } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { OpenAnalysis } from "../sql/analyse";
import { asidesOf } from "../sql/asides";
import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement, Analysis } from "../sql/facts";
import type { Span } from "../sql/span";
import { rules, textRules } from "./all";
import { rulesFor } from "./choice";
import { applyIgnores } from "./ignore";
import { reportsOf, type StatementReport } from "./keep";
import type { Fix, Related, RuleContext, Severity } from "./rule";
import { type LevelOf, presetLevel } from "./severity";

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
  analysis: OpenAnalysis,
  history: CatalogHistory,
  settings: LintSettings,
): Finding[] {
  const statements = upStatements(migration, analysis);
  // The catalog counts the statements of the whole text, of which those that go up are one unbroken part.
  const [begin] = statements;
  const first = begin === undefined ? 0 : analysis.statements.indexOf(begin);
  const { text } = analysis;
  const reported = reportsOf({ migration, text, statements, first, history, settings }, (context) =>
    check(context, settings),
  );
  const found: Found[] = [];
  for (const { reports, index } of reported) {
    const statement = statements[index];
    if (statement !== undefined) for (const report of reports) found.push(placed(report, statement));
  }
  found.push(...checkText(migration, analysis, settings));
  const { kept, reports } = applyIgnores(found, migration.directives, statements, ids, (id) =>
    needReasons[settings.dialect].has(id),
  );
  const findings = kept.map(({ finding }) => finding);
  for (const { rule, start, end, message } of reports) {
    const severity = settings.levelOf(rule);
    if (severity !== "off") findings.push({ rule: rule.id, severity, start, end, message, fixes: [] });
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A finding, with what an ignore would name it by. */
interface Found {
  readonly rule: string;
  readonly statement: AnalysedStatement | null;
  readonly finding: Finding;
}

/** The statements of the part that is run going up. */
export function upStatements({ up }: Migration, { statements }: Analysis): readonly AnalysedStatement[] {
  const isWhole = (statements[0]?.start ?? 0) >= up.start && (statements.at(-1)?.end ?? 0) <= up.end;
  return isWhole ? statements : statements.filter(({ start, end }) => start >= up.start && end <= up.end);
}

const ids = rules.map(({ id }) => id);

/** The rules that are errors unless the folder says otherwise: what hides one lets a run go on that would have been refused. */
const needReasons = { postgresql: errorsBy("postgresql"), sqlserver: errorsBy("sqlserver") };

function errorsBy(dialect: Dialect): ReadonlySet<string> {
  return new Set(rules.filter((rule) => presetLevel(rule, "recommended", dialect) === "error").map(({ id }) => id));
}

function* check(context: RuleContext, settings: LintSettings): Iterable<StatementReport> {
  for (const { rule, severity } of rulesFor(context, settings.levelOf)) {
    for (const { fixes = [], ...report } of rule.check(context)) yield { ...report, rule, severity, fixes };
  }
}

/** A report in its statement's place. */
function placed(report: StatementReport, statement: AnalysedStatement): Found {
  const { rule, severity, message, fixes, related } = report;
  const by = statement.start;
  const finding: Finding = {
    start: report.start + by,
    end: report.end + by,
    rule: rule.id,
    severity,
    message,
    fixes: fixes.length === 0 ? fixes : fixes.map((fix) => moved(fix, by)),
    ...(related !== undefined && { related }),
  };
  return { rule: rule.id, statement, finding };
}

function* checkText(migration: Migration, analysis: OpenAnalysis, settings: LintSettings): Iterable<Found> {
  const asides = asidesOf(analysis);
  for (const rule of textRules) {
    const severity = settings.levelOf(rule);
    if (severity === "off") continue;
    for (const { fixes = [], ...report } of rule.checkText(migration, asides, settings.dialect)) {
      yield { rule: rule.id, statement: null, finding: { ...report, rule: rule.id, severity, fixes } };
    }
  }
}

function moved({ edits, ...fix }: Fix, by: number): Fix {
  return { ...fix, edits: edits.map(({ start, end, text }) => ({ start: start + by, end: end + by, text })) };
}
