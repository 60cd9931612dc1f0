import { lex } from "../sql/lexer";
import { identifierName } from "../sql/scan/names";
import type { Span } from "../sql/span";
import type { Token } from "../sql/token";

/** What a string is compared with or given to: a column, or a type as it is written. */
export type GivenTo = { readonly column: string } | { readonly type: string };

/** The strings of a text of PostgreSQL's, each with what it is given to where that stands beside it. */
export function* stringsIn(text: string): Generator<Span & { text: string; givenTo: GivenTo | null }> {
  const code = readCode(text);
  for (const [index, { kind, start, end }] of code.tokens.entries()) {
    if (kind === "string") yield { start, end, text: text.slice(start, end), givenTo: givenTo(code, index) };
  }
}

interface Code {
  readonly tokens: readonly Token[];
  /** In lower case. */
  readonly words: readonly string[];
  /** The name that a token is; null where it is none. */
  name(index: number): string | null;
}

function readCode(text: string): Code {
  const tokens = lex(text, "postgresql").filter(({ kind }) => kind !== "space" && kind !== "comment");
  return {
    tokens,
    words: tokens.map(({ start, end }) => text.slice(start, end).toLowerCase()),
    name(index) {
      const token = tokens[index];
      const isName = token?.kind === "word" || token?.kind === "quoted-identifier";
      return isName ? identifierName(text.slice(token.start, token.end), "postgresql") : null;
    },
  };
}

function givenTo(code: Code, at: number): GivenTo | null {
  const { words } = code;
  const before = words[at - 1] ?? "";
  if (words[at + 1] === "::") return { type: words[at + 2] ?? "" };
  if (before === "default") return defaultType(words, at - 1);
  const column = comparisons.has(before) ? code.name(at - 2) : (listColumn(code, at) ?? insertedColumn(code, at));
  return column === null ? null : { column };
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "!="]);

/** `column varchar(20) NOT NULL DEFAULT '…'` */
function defaultType(words: readonly string[], at: number): GivenTo | null {
  let before = at - 1;
  if (words[before] === "null") before -= words[before - 1] === "not" ? 2 : 1;
  if (words[before] === ")") before = words.lastIndexOf("(", before) - 1;
  const type = words[before];
  return type === undefined ? null : { type: words[before - 1] === "." ? "" : type };
}

/** `column IN ('…', '…')` */
function listColumn({ words, tokens, name }: Code, at: number): string | null {
  let before = at - 1;
  while (words[before] === "," && tokens[before - 1]?.kind === "string") before -= 2;
  if (words[before] !== "(" || words[before - 1] !== "in") return null;
  return name(words[before - 2] === "not" ? before - 3 : before - 2);
}

/** `INSERT INTO table (a, b) VALUES (1, '…')` */
function insertedColumn({ words, name }: Code, at: number): string | null {
  const isWhole = /^[(,]$/.test(words[at - 1] ?? "") && /^[),]$/.test(words[at + 1] ?? "");
  if (!isWhole) return null;
  let position = 0;
  let depth = 0;
  let before = at - 1;
  for (; before >= 0 && !(depth === 0 && words[before] === "("); before--) {
    if (words[before] === ")") depth++;
    else if (words[before] === "(") depth--;
    else if (words[before] === "," && depth === 0) position++;
  }
  const values = words.lastIndexOf("values", before);
  const columns = words[values - 1] === ")" ? words.lastIndexOf("(", values) : -1;
  const place = columns + 1 + 2 * position;
  return columns < 0 || place >= values || !words.slice(0, columns).includes("into") ? null : name(place);
}
