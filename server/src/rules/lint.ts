import type { CatalogHistory } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { OpenAnalysis } from "../sql/analyse";
import { asidesOf } from "../sql/asides";
import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement, Analysis } from "../sql/facts";
import { rules, textRules } from "./all";
import { rulesFor } from "./choice";
import type { Finding, StatementReport } from "./finding";
import { applyIgnores } from "./ignore";
import { findingsIn } from "./keep";
import { provingRules } from "./meant";
import type { RuleContext } from "./rule";
import { type LevelOf, presetLevel } from "./severity";

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
): readonly Finding[] {
  return lintPart(migration, analysis, history, settings, () => false) ?? [];
}

/**
 * The same in parts: goes on with what has not been checked yet. @param isOver is asked after some statements each whether to go on another time
 * @returns null where there is more to check
 */
export function lintPart(
  migration: Migration,
  analysis: OpenAnalysis,
  history: CatalogHistory,
  settings: LintSettings,
  isOver: () => boolean,
): readonly Finding[] | null {
  const statements = upStatements(migration, analysis);
  // The catalog counts the statements of the whole text, of which those that go up are one unbroken part.
  const [begin] = statements;
  const first = begin === undefined ? 0 : analysis.statements.indexOf(begin);
  const { source: text } = analysis;
  const file = { migration, text, statements, first, history, settings };
  const found: Found[] | null = findingsIn(file, (context) => check(context, settings), isOver);
  if (found === null) return null;
  for (const finding of checkText(migration, analysis, settings)) found.push(finding);
  const { kept, reports } = applyIgnores(found, migration.directives, statements, ids, {
    needsReason: (id) => needReasons[settings.dialect].has(id),
    isHeeded: (id) => provingRules.some((rule) => rule.id === id && settings.levelOf(rule) === "off"),
  });
  const told = reports.flatMap(({ rule, start, end, message }): Finding[] => {
    const severity = settings.levelOf(rule);
    return severity === "off" ? [] : [{ rule: rule.id, severity, start, end, message, fixes: [] }];
  });
  return inOrder(told.length === 0 ? kept : [...kept, ...told]);
}

/** A finding, with where the statement begins that an ignore would name it by; null where it is about the file. */
interface Found extends Finding {
  readonly statement: number | null;
}

/** Nearly always they are in order already, and there may be very many. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const isAfter = (a: Finding, b: Finding | undefined) => b !== undefined && byPlace(a, b) > 0;
  return findings.some((one, index) => isAfter(one, findings[index + 1])) ? findings.toSorted(byPlace) : findings;
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || a.end - b.end;
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
    // All of one shape: they are read behind each key, and there may be very many.
    for (const { start, end, message, fixes = [], related = [] } of rule.check(context))
      yield { start, end, message, rule, severity, fixes, related };
  }
}

function* checkText(migration: Migration, analysis: OpenAnalysis, settings: LintSettings): Iterable<Found> {
  const asides = asidesOf(analysis);
  for (const rule of textRules) {
    const severity = settings.levelOf(rule);
    if (severity === "off") continue;
    for (const { fixes = [], ...report } of rule.checkText(migration, asides, settings.dialect)) {
      yield { ...report, rule: rule.id, severity, fixes, statement: null };
    }
  }
}
