import type { Dialect } from "../dialect";
import { identifierName } from "../scan/names";
import type { Span } from "../span";
import { bodyOf } from "../structureFolds";
import { significant } from "../structureParts";
import type { Token } from "../token";

/** The name that is being typed: what stands before its last dot, and the place of the part after it. */
export interface Typed extends Span {
  /** As the server would read them; an empty one where two dots leave it out. */
  readonly qualifiers: readonly string[];
  readonly isQuoted: boolean;
}

/** Where a name is being typed, with the statement's tokens around it; or the line comment that is being typed. */
export type Place =
  | {
      readonly text: string;
      readonly dialect: Dialect;
      readonly before: readonly Token[];
      readonly typed: Typed;
      readonly after: readonly Token[];
    }
  | { readonly comment: Token };

/**
 * Finds what is typed at an offset; null inside of what is no name. A quoted body is looked into.
 * @param tokens of the text, spaces and comments among them
 * @param starts where its statements begin
 */
export function placeIn(
  text: string,
  tokens: readonly Token[],
  offset: number,
  starts: readonly number[],
  dialect: Dialect,
): Place | null {
  const token = tokens.find(({ start, end }) => start < offset && offset <= end);
  if (token?.kind === "comment" && isInside(text, token, offset))
    return text[token.start] === "-" ? { comment: token } : null;
  if (token?.kind === "dollar-string" && isInside(text, token, offset)) {
    return isBody(text, tokens, token) ? inBody(text, bodyOf(text, token, dialect) ?? [], offset, dialect) : null;
  }
  const first = starts.findLast((start) => start < offset) ?? 0;
  const last = starts.find((start) => start >= offset) ?? text.length;
  const own = tokens.filter(({ start }) => start >= first && (start < last || start < offset));
  return nameIn(text, own, token, offset, dialect);
}

function inBody(text: string, tokens: readonly Token[], offset: number, dialect: Dialect): Place | null {
  const token = tokens.find(({ start, end }) => start < offset && offset <= end);
  return token?.kind === "comment" && isInside(text, token, offset)
    ? null
    : nameIn(text, tokens, token, offset, dialect);
}

function nameIn(
  text: string,
  all: readonly Token[],
  token: Token | undefined,
  offset: number,
  dialect: Dialect,
): Place | null {
  if (token !== undefined && values.has(token.kind) && isInside(text, token, offset)) return null;
  const isName = token?.kind === "word" || token?.kind === "quoted-identifier";
  const isQuoted = token?.kind === "quoted-identifier";
  // Of a quote that isn't closed only the line counts that it stands in.
  if (isQuoted && /[\r\n]/.test(text.slice(token.start, offset))) return null;
  const start = isName ? token.start : offset;
  const end = isName ? typedEnd(text, token, offset) : offset;
  const tokens = significant(all);
  const before = tokens.filter((one) => one.end <= start);
  const after = tokens.filter((one) => one.start >= Math.max(end, isName ? token.end : end));
  const qualifiers = takeQualifiers(text, before, dialect);
  return qualifiers && { text, dialect, before, after, typed: { start, end, qualifiers, isQuoted } };
}

/** What can be no part of a name. */
const values: ReadonlySet<Token["kind"]> = new Set([
  "string",
  "dollar-string",
  "number",
  "parameter",
  "template",
  "line-command",
]);

/** Whether an offset stands in a token that has an end of its own, and not after it. */
function isInside(text: string, { kind, start, end, terminated }: Token, offset: number): boolean {
  if (kind === "comment") return offset < end || !terminated || (text[start] === "-" && offset > start + 1);
  return (kind !== "string" && kind !== "dollar-string") || offset < end || !terminated;
}

/** A quote that isn't closed would take all that follows, and a name stands in one line. */
function typedEnd(text: string, { start, end, kind, terminated }: Token, offset: number): number {
  if (kind === "word") return end;
  return terminated && !/[\r\n]/.test(text.slice(start, end)) ? end : offset;
}

/** Takes the qualifiers off the tokens before a name; null where what stands before the dot is no name. */
function takeQualifiers(text: string, before: Token[], dialect: Dialect): string[] | null {
  const qualifiers: string[] = [];
  while (text[before.at(-1)?.start ?? -1] === "." && before.at(-1)?.kind === "punctuation") {
    before.pop();
    const last = before.at(-1);
    if (last === undefined) return null;
    if (last.kind === "word" || last.kind === "quoted-identifier" || last.kind === "template") {
      if (text.slice(last.start, last.end).startsWith("@") && last.kind === "word") return null;
      const written = text.slice(last.start, last.end);
      qualifiers.unshift(last.kind === "template" ? written : identifierName(written, dialect));
      before.pop();
    } else if (dialect === "sqlserver" && text[last.start] === ".") {
      qualifiers.unshift("");
    } else {
      return null;
    }
  }
  return qualifiers;
}

/** Whether a dollar-quoted text is code: that of DO, or of a function. */
function isBody(text: string, tokens: readonly Token[], body: Token): boolean {
  const words = significant(tokens).filter(({ end }) => end <= body.start);
  const word = (token: Token | undefined) => (token ? text.slice(token.start, token.end).toLowerCase() : "");
  if (word(words.at(-1)) === "as") return true;
  return word(words.at(-1)) === "do" || (word(words.at(-3)) === "do" && word(words.at(-2)) === "language");
}
