import type { Directive } from "../model/directives";
import { nearest } from "../model/nearest";
import type { AnalysedStatement } from "../sql/facts";
import type { Span } from "../sql/span";
import { unknownDirective, unusedIgnore } from "./fileRules";
import type { RuleEntry } from "./rule";

type Ignore = Extract<Directive, { kind: "ignore" }>;

/** A finding, and where the statement begins that it is about; null where it is about the file. */
export interface Ignorable {
  readonly rule: string;
  readonly statement: number | null;
}

/** What is wrong with a file's directives themselves. */
export interface DirectiveReport extends Span {
  readonly rule: RuleEntry;
  readonly message: string;
}

/** What counts for the ignores of a rule. */
export interface IgnoreSettings {
  /** Whether an ignore of it has to say why. */
  needsReason(id: string): boolean;
  /** Whether an ignore of it counts for a plan where nothing is reported, too. */
  isHeeded(id: string): boolean;
}

/**
 * Takes out the findings that the file's author ignores, and reports the ignores that hide nothing and the directives that nothing knows.
 */
export function applyIgnores<Finding extends Ignorable>(
  findings: readonly Finding[],
  directives: readonly Directive[],
  statements: readonly AnalysedStatement[],
  ids: readonly string[],
  { needsReason, isHeeded }: IgnoreSettings,
): { kept: readonly Finding[]; reports: DirectiveReport[] } {
  const reports: DirectiveReport[] = [];
  const hidden = new Set<Finding>();
  const byRule = grouped(findings, directives);
  for (const directive of directives) {
    if (directive.kind === "unknown") {
      reports.push({ rule: unknownDirective, start: directive.start, end: directive.end, message: directive.message });
    }
    if (directive.kind !== "ignore") continue;
    const target = targetOf(directive, statements);
    for (const { id, start, end } of directive.rules) {
      if (!ids.includes(id)) {
        reports.push({ rule: unknownDirective, start, end, message: unknownId(id, ids) });
        continue;
      }
      const matched = (byRule.get(id) ?? []).filter(
        ({ statement }) => directive.wholeFile || (statement !== null && statement === target?.start),
      );
      if (matched.length > 0 && directive.reason === null && needsReason(id)) {
        reports.push({ rule: unusedIgnore, start, end, message: lacksReason(id) });
        continue;
      }
      for (const finding of matched) hidden.add(finding);
      if (matched.length > 0 || (directive.reason !== null && isHeeded(id))) continue;
      const where = directive.wholeFile
        ? "in this file"
        : target === null
          ? "since no statement follows"
          : "in the next statement";
      reports.push({
        rule: unusedIgnore,
        start,
        end,
        message: `There is nothing of ${id} to ignore ${where}. Take it out.`,
      });
    }
  }
  return { kept: hidden.size === 0 ? findings : findings.filter((finding) => !hidden.has(finding)), reports };
}

/** By their rules; nothing where none is ignored. */
function grouped<Finding extends Ignorable>(
  findings: readonly Finding[],
  directives: readonly Directive[],
): ReadonlyMap<string, readonly Finding[]> {
  const byRule = new Map<string, Finding[]>();
  if (!directives.some(({ kind }) => kind === "ignore")) return byRule;
  for (const finding of findings) {
    const list = byRule.get(finding.rule);
    if (list === undefined) byRule.set(finding.rule, [finding]);
    else list.push(finding);
  }
  return byRule;
}

/** Whether the author says, with a reason, that a statement breaks a rule on purpose. */
export function isIgnoredWithReason(
  rule: string,
  statement: AnalysedStatement,
  directives: readonly Directive[],
  statements: readonly AnalysedStatement[],
): boolean {
  return directives.some(
    (directive) =>
      directive.kind === "ignore" &&
      directive.reason !== null &&
      directive.rules.some(({ id }) => id === rule) &&
      (directive.wholeFile || targetOf(directive, statements)?.start === statement.start),
  );
}

/** The statement that an ignore stands in front of. */
function targetOf(ignore: Ignore, statements: readonly AnalysedStatement[]): AnalysedStatement | null {
  if (ignore.wholeFile) return null;
  return statements.find(({ start }) => start >= ignore.end) ?? null;
}

function lacksReason(id: string): string {
  return `What ${id} reports refuses a run, so an ignore of it needs a reason, and hides nothing without one. Write it after a colon: \`ignore ${id}: the reason\`.`;
}

function unknownId(id: string, ids: readonly string[]): string {
  const meant = nearest(id, ids);
  return `No rule is called ${id}${meant === null ? "." : `; did you mean ${meant}?`}`;
}
