import { lex } from "../sql/lexer";
import { literalOf } from "../sql/scan/literal";
import type { Span } from "../sql/span";
import type { Report, RuleContext } from "./rule";

/** The first use of each value that the file itself adds to an enum type: PostgreSQL takes none before the commit. */
export function* newEnumValuesUsed(context: RuleContext): Generator<Report> {
  const { settings, earlier, statement, statementText } = context;
  // Another value may be put beside a new one, and what a routine's body does is done when it is called.
  if (settings.dialect !== "postgresql" || !statementText.includes("'") || usesNone.test(statement.facts.kind)) return;
  const added = new Set(earlier.newEnumValues().split("\0"));
  added.delete("");
  if (added.size === 0) return;
  for (const { text, start, end } of stringsOf(statementText)) {
    if (!added.delete(text)) continue;
    const message = `This file adds ${text} to an enum type, and PostgreSQL refuses to use a new value in the transaction that adds it. Move this statement to a migration after this one.`;
    yield { start, end, message };
  }
}

const usesNone = /^(?:ALTER TYPE|COMMENT|CREATE (?:FUNCTION|PROCEDURE))$/;

/** The strings of a statement, and of a DO block's body, as they are written. */
function* stringsOf(statement: string): Generator<Span & { readonly text: string }> {
  for (const token of lex(statement, "postgresql")) {
    const { start, end } = token;
    if (token.kind === "string") yield { text: statement.slice(start, end), start, end };
    const body = token.kind === "dollar-string" ? literalOf(statement, token) : null;
    if (body === null) continue;
    for (const inner of lex(body.content, "postgresql")) {
      if (inner.kind === "string") yield { text: body.content.slice(inner.start, inner.end), ...body.place(inner) };
    }
  }
}
