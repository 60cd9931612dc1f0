import type { Directive } from "../model/directives";
import type { AnalysedStatement } from "../sql/facts";
import { dynamicSql } from "./dynamicSql";
import { isIgnoredWithReason } from "./ignore";
import { syntaxError } from "./syntaxError";

/** Whether the author says, with a reason, that a statement is right as it stands for every tenant, though nothing can prove it. */
export function isMeant(
  statement: AnalysedStatement,
  directives: readonly Directive[],
  statements: readonly AnalysedStatement[],
): boolean {
  const saysSo = (rule: string) => isIgnoredWithReason(rule, statement, directives, statements);
  return saysSo(dynamicSql.id) || (statement.facts.fault !== null && saysSo(syntaxError.id));
}
