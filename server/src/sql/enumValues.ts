import type { Dialect } from "./dialect";
import type { SlicedText } from "./editedText";
import type { AnalysedStatement } from "./facts";
import { lex } from "./lexer";

/** The values that a statement adds to an enum type, with their quotes. */
export function newEnumValues(text: SlicedText, statement: AnalysedStatement, dialect: Dialect): string[] {
  if (statement.facts.kind !== "ALTER TYPE") return [];
  const own = text.slice(statement.start, statement.end);
  if (!/\badd\s+value\b/i.test(own)) return [];
  const value = lex(own, dialect).find((token) => token.kind === "string");
  return value === undefined ? [] : [own.slice(value.start, value.end)];
}
