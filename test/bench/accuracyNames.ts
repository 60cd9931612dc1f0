import { lex, tokensOf } from "../../server/src/sql/lexer";
import { masked } from "../../server/src/sql/mask";
import type { Span } from "../../server/src/sql/span";

interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

/** A name as the grammar is given it: with a name of the same length in the place of a template. */
export function given({ schema, name }: QualifiedName): string {
  const read = (part: string) => masked(part, tokensOf(part, "postgresql"));
  return schema === null ? read(name) : `${read(schema)}.${read(name)}`;
}

/** Tells whether a span stands in none of a statement's literals: a tree knows nothing of what stands inside of them. */
export function outsideOf(sql: string): (span: Span) => boolean {
  const literals = lex(sql, "postgresql").filter(({ kind }) => kind === "string" || kind === "dollar-string");
  return (span) => !literals.some(({ start, end }) => start <= span.start && span.start < end);
}
