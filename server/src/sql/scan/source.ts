import type { Dialect } from "../dialect";
import { firstIndex } from "../sorted";
import type { Span } from "../span";
import type { Token, TokenKind } from "../token";
import type { TokenList } from "../tokenList";

/** A text to scan: a statement, or what stands inside one of its literals, with the way back to the statement's own offsets. */
export interface Source {
  readonly text: string;
  readonly dialect: Dialect;
  /** The tokens that mean something: no spaces, no comments. */
  readonly tokens: TokenList;
  /** By token: a bare word in lower case, an operator or punctuation as it stands, nothing for all else. */
  readonly words: readonly string[];
  /** By token: where the parenthesis that opens there is closed (the number of tokens where it isn't), -1 for any other token. */
  readonly closing: Int32Array;
  /** Whether the grammar has refused the statement, which lacks something or has it in the wrong place. */
  readonly refused: boolean;
  /** The opening delimiters of the literals around this text, outermost first. */
  readonly within: readonly string[];
  /** Tells where a span of this text lies in the outermost one. */
  readonly place: (span: Span) => Span;
}

/** Prepares tokens for scanning; `text` and `tokens` share their offsets. */
export function openSource(
  text: string,
  all: TokenList,
  dialect: Dialect,
  { within, place, refused }: Pick<Source, "within" | "place" | "refused"> = asItStands,
): Source {
  const tokens = all.without(isSkipped);
  // Of its full length at once, since to grow a long one copies it again and again.
  const words = new Array<string>(tokens.length);
  for (let at = 0; at < words.length; at++) words[at] = wordOf(text, tokens.get(at));
  return { text, dialect, tokens, words, closing: closings(words), refused, within, place };
}

/** How a text is opened that stands in no other and isn't refused. */
export const asItStands = { within: [], place: ({ start, end }: Span): Span => ({ start, end }), refused: false };

/** From the first token to before the last one, in the outermost text's offsets. */
export function placeOf(source: Source, first: number, last: number): Span {
  const start = source.tokens.get(first)?.start ?? source.text.length;
  const end = source.tokens.get(Math.min(last, source.tokens.length) - 1)?.end ?? start;
  return source.place({ start, end: Math.max(start, end) });
}

/** Whether the words stand one after the other from this token on. */
export function follows(source: Source, at: number, ...words: readonly string[]): boolean {
  for (let n = 0; n < words.length; n++) if (source.words[at + n] !== words[n]) return false;
  return true;
}

/** The index after the words where they stand one after the other, else the same index. */
export function skipWords(source: Source, at: number, ...words: readonly string[]): number {
  return follows(source, at, ...words) ? at + words.length : at;
}

/** The index after a run of any of the words. */
export function skipAny(source: Source, at: number, choices: readonly string[]): number {
  let next = at;
  while (choices.includes(source.words[next] ?? "")) next++;
  return next;
}

/** The index after a parenthesised group where one opens at this token, else the same index; after the parenthesis where it isn't closed. */
export function skipGroup(source: Source, at: number): number {
  if (source.words[at] !== "(") return at;
  const close = source.closing[at] ?? at;
  return close < source.tokens.length ? close + 1 : at + 1;
}

/** SQL Server: the index of the dot before a name of what another server holds, as in `opendatasource('…', '…').db.s.t`, else the same index. */
export function skipDataSource(source: Source, at: number): number {
  if (source.dialect !== "sqlserver" || source.words[at] !== "opendatasource") return at;
  const next = skipGroup(source, at + 1);
  return source.words[next] === "." ? next : at;
}

/** The index of the token that begins at an offset, -1 where none does. */
export function indexAt({ tokens }: Source, offset: number): number {
  const at = firstIndex(tokens.length, (index) => (tokens.get(index)?.start ?? offset) >= offset);
  return tokens.get(at)?.start === offset ? at : -1;
}

/** A token's text as it stands. */
export function tokenText(source: Source, at: number): string {
  const token = source.tokens.get(at);
  return token === undefined ? "" : source.text.slice(token.start, token.end);
}

/** SQL Server: whether a variable or parameter stands here. */
export function isVariable(source: Source, at: number): boolean {
  return source.dialect === "sqlserver" && source.tokens.kindAt(at) === "parameter";
}

/** Whether a literal's token stands here, of any quoting. */
export function isLiteral(source: Source, at: number): boolean {
  const kind = source.tokens.kindAt(at);
  return kind === "string" || kind === "dollar-string";
}

function isSkipped(kind: TokenKind): boolean {
  return kind === "comment" || kind === "line-command";
}

function wordOf(text: string, token: Token | undefined): string {
  if (token === undefined) return "";
  if (token.kind === "word") return text.slice(token.start, token.end).toLowerCase();
  if (token.kind === "punctuation") return text[token.start] ?? "";
  if (token.kind === "operator") return text.slice(token.start, token.end);
  return "";
}

function closings(words: readonly string[]): Int32Array {
  const closing = new Int32Array(words.length).fill(-1);
  // While a parenthesis is open, the one that is open around it stands in the place of what closes it.
  let open = -1;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "(") {
      closing[at] = open;
      open = at;
    } else if (word === ")" && open >= 0) {
      const around = closing[open] ?? -1;
      closing[open] = at;
      open = around;
    }
  }
  while (open >= 0) {
    const around = closing[open] ?? -1;
    closing[open] = words.length;
    open = around;
  }
  return closing;
}
