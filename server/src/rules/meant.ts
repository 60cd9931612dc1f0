import type { Directive } from "../model/directives";
import type { AnalysedStatement } from "../sql/facts";
import { dynamicSql } from "./dynamicSql";
import { isIgnoredWithReason } from "./ignore";
import type { RuleEntry } from "./rule";
import { syntaxError } from "./syntaxError";

/** The rules that a plan goes by whatever their severity is: what they would report refuses it until that is ignored with a reason. */
export const provingRules: readonly RuleEntry[] = [dynamicSql, syntaxError];

/** Whether the author says, with a reason, that a statement is right as it stands for every tenant, though nothing can prove it. */
export function isMeant(
  statement: AnalysedStatement,
  directives: readonly Directive[],
  statements: readonly AnalysedStatement[],
): boolean {
  const saysSo = (rule: string) => isIgnoredWithReason(rule, statement, directives, statements);
  return saysSo(dynamicSql.id) || (statement.facts.fault !== null && saysSo(syntaxError.id));
}
