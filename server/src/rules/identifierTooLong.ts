import { byteLength, cutToBytes, isTooLong, longestIdentifier } from "../sql/identifierLength";
import { lex } from "../sql/lexer";
import { writtenName } from "../sql/scan/names";
import type { Span } from "../sql/span";
import type { Rule, RuleContext } from "./rule";

export const identifierTooLong: Rule = {
  id: "identifier-too-long",
  severity: "warning",
  summary: "A name is longer than the server keeps.",

  *check(context) {
    const { dialect } = context.settings;
    const told = new Set<string>();
    for (const { start, end, name } of longNames(context)) {
      if (told.has(name)) continue;
      told.add(name);
      const message =
        dialect === "sqlserver"
          ? `This name has ${name.length} characters; SQL Server takes ${longestIdentifier.sqlserver} at most, and refuses the statement.`
          : `This name has ${byteLength(name)} bytes; PostgreSQL keeps ${longestIdentifier.postgresql}, so that it becomes "${cutToBytes(name, longestIdentifier.postgresql)}". Another name that begins so would be the same one.`;
      yield { start, end, message };
    }
  },
};

/** Names that are too long: those that the statement writes itself, and those that stand in its bodies as names of things. */
function* longNames({ statement, statementText, settings: { dialect } }: RuleContext): Generator<Named> {
  if (mayHoldLongName(statementText, dialect)) {
    for (const { kind, start, end } of lex(statementText, dialect)) {
      if (kind !== "word" && kind !== "quoted-identifier") continue;
      const name = writtenName(statementText.slice(start, end), dialect);
      if (isTooLong(name, dialect)) yield { start, end, name };
    }
  }
  for (const { start, end } of [...statement.facts.tables, ...statement.facts.objects]) {
    const name = writtenName(statementText.slice(start, end), dialect);
    if (isTooLong(name, dialect)) yield { start, end, name };
  }
}

interface Named extends Span {
  readonly name: string;
}

/** Whether there is such a long word at all, be it in a comment or a string; most statements hold none and need not be read again. */
function mayHoldLongName(text: string, dialect: RuleContext["settings"]["dialect"]): boolean {
  const words = dialect === "sqlserver" ? serverWords : postgresWords;
  words.lastIndex = 0;
  for (let found = words.exec(text); found !== null; found = words.exec(text)) {
    if (isTooLong(found[0], dialect)) return true;
  }
  return false;
}

// Each word is looked at from its beginning alone.
const postgresWords = /(?<![\w$\u0080-\uffff])[\w$\u0080-\uffff]{22,}|"[^"]{22,}"/g;
const serverWords = /(?<![\w$#@\u0080-\uffff])[\w$#@\u0080-\uffff]{129,}|"[^"]{127,}"|\[[^\]]{127,}\]/g;
