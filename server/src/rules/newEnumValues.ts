import { lex } from "../sql/lexer";
import { literalOf } from "../sql/scan/literal";
import type { Span } from "../sql/span";
import type { Report, RuleContext } from "./rule";
import { knownColumn } from "./safety/columns";
import { type GivenTo, stringsIn } from "./stringPlaces";

/** The first use of each value that the file itself adds to an enum type: PostgreSQL takes none before the commit. */
export function* newEnumValuesUsed(context: RuleContext): Generator<Report> {
  const { settings, earlier, statement, statementText } = context;
  if (settings.dialect !== "postgresql" || !statementText.includes("'") || usesNone(context)) return;
  const added = new Set(earlier.newEnumValues().split("\0"));
  added.delete("");
  if (added.size === 0) return;
  for (const { text, start, end, givenTo } of stringsOf(statementText)) {
    if (!added.has(text) || isText(givenTo, statement.facts.tables, context)) continue;
    added.delete(text);
    const message = `This file adds ${text} to an enum type, and PostgreSQL refuses to use a new value in the transaction that adds it. Move this statement to a migration after this one.`;
    yield { start, end, message };
  }
}

/** Another value may be put beside a new one, what a routine's body does is done when it is called, and a string alone is text. */
function usesNone({ statement: { facts } }: RuleContext): boolean {
  if (/^(?:ALTER TYPE|COMMENT|CREATE (?:FUNCTION|PROCEDURE))$/.test(facts.kind)) return true;
  return facts.kind === "SELECT" && facts.tables.length + facts.objects.length === 0;
}

/** Whether a string is given to what is no enum for certain. */
function isText(
  givenTo: GivenTo | null,
  tables: RuleContext["statement"]["facts"]["tables"],
  context: RuleContext,
): boolean {
  if (givenTo === null) return false;
  if ("type" in givenTo) return textTypes.has(givenTo.type);
  const columns = tables.flatMap((table) => knownColumn(table, givenTo.column, context) ?? []);
  return columns.length > 0 && columns.every(({ type }) => type?.schema === null && textTypes.has(type.name));
}

const textTypes: ReadonlySet<string> = new Set(["text", "varchar", "char", "character", "bpchar", "name", "citext"]);

/** The strings of a statement, and of a DO block's body, as they are written. */
function* stringsOf(statement: string): Generator<Span & { text: string; givenTo: GivenTo | null }> {
  yield* stringsIn(statement);
  for (const token of lex(statement, "postgresql")) {
    const body = token.kind === "dollar-string" ? literalOf(statement, token) : null;
    if (body === null) continue;
    for (const inner of stringsIn(body.content)) yield { ...inner, ...body.place(inner) };
  }
}
