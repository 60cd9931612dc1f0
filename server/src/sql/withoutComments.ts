import type { Dialect } from "./dialect";
import { lex } from "./lexer";

/** A text with a space in the place of each comment, for patterns that are about its words; nothing keeps its offset. */
export function withoutComments(text: string, dialect: Dialect): string {
  if (!text.includes("--") && !text.includes("/*")) return text;
  return lex(text, dialect)
    .map(({ kind, start, end }) => (kind === "comment" ? " " : text.slice(start, end)))
    .join("")
    .trimEnd();
}
