import type { Token, TokenKind } from "./token";
import type { TokenList } from "./tokenList";

/**
 * The text as PostgreSQL's grammar can read it, of the same length: a name in the place of each template, nothing where psql's commands
 * and the data of COPY stand, no comments inside of a string that goes on in another line and of pairs of words (`NOT … IN`), which the
 * server skips and the parser's library doesn't, a name for the literal of `create language 'plpgsql'`, which servers take up to 14, and doubled quotes for those that a backslash
 * escapes in a plain literal. `text` and `tokens` share their offsets, and the tokens are all of it but spaces.
 */
export function masked(text: string, tokens: TokenList): string {
  let result = "";
  let from = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = isReadable(tokens.kindAt(at)) ? undefined : tokens.get(at);
    const mask = token === undefined ? null : maskOf(text, tokens, token, at);
    if (token === undefined || mask === null) continue;
    result += text.slice(from, token.start) + mask;
    from = token.end;
  }
  return from === 0 ? text : result + text.slice(from);
}

/** Of most tokens their kind tells that the grammar reads them as they stand. */
function isReadable(kind: TokenKind | undefined): boolean {
  return kind !== "string" && kind !== "template" && kind !== "comment" && kind !== "line-command";
}

function maskOf(text: string, tokens: TokenList, token: Token, at: number): string | null {
  const isSkipped =
    token.kind === "line-command" ||
    (token.kind === "comment" &&
      (text[token.start] === "{" || isInsideString(tokens, at) || isInsidePair(text, tokens, at)));
  if (isSkipped) {
    return text.slice(token.start, token.end).replaceAll(/[^\r\n]/g, " ");
  }
  if (token.kind === "string" && at < farthestName && isLanguage(text, tokens, at))
    return `"${text.slice(token.start + 1, token.end - 1)}"`;
  if (token.kind === "string") return withoutEscapes(text.slice(token.start, token.end));
  if (token.kind !== "template") return null;
  const length = token.end - token.start;
  return text.startsWith(":'", token.start) ? `'${"x".repeat(length - 2)}'` : "x".repeat(length);
}

/** A plain literal that ends elsewhere than the parser takes it to end was read with backslashes that escape. */
function withoutEscapes(literal: string): string | null {
  if (!literal.includes("\\'") || !literal.startsWith("'") || /^'(?:[^']|'')*'$/.test(literal)) return null;
  return literal.replaceAll(/\\[\s\S]/g, (pair) => (pair === "\\'" ? "''" : pair));
}

/** How many tokens may stand before a language's name. */
const farthestName = 24;

/** Whether a literal is what CREATE, ALTER or DROP LANGUAGE is about. */
function isLanguage(text: string, tokens: TokenList, at: number): boolean {
  const { start, end } = tokens.get(at) ?? { start: 0, end: 0 };
  const before = [...tokens.part(0, at, 0)]
    .filter(({ kind }) => kind !== "comment")
    .map((token) => text.slice(token.start, token.end));
  return /^'\w+'$/.test(text.slice(start, end)) && languageCommand.test(before.join(" "));
}

const languageCommand = /^(?:create(?: or replace)?(?: trusted)?|alter|drop)(?: procedural)? language(?: if exists)?$/i;

function isInsideString(tokens: TokenList, at: number): boolean {
  return tokens.kindAt(neighbour(tokens, at, -1)) === "string" && tokens.kindAt(neighbour(tokens, at, 1)) === "string";
}

/** Whether a comment parts two words that the parser's lexer takes together. */
function isInsidePair(text: string, tokens: TokenList, at: number): boolean {
  const before = headOf(text, tokens.get(neighbour(tokens, at, -1)));
  return firstOfPair.test(before) && pair.test(`${before} ${headOf(text, tokens.get(neighbour(tokens, at, 1)))}`);
}

const firstOfPair = /^(?:not|nulls|with|without|format|u&.*)$/is;
const pair =
  /^(?:not (?:between|ilike|in|like|similar)|nulls (?:first|last)|with(?:out)? time|with ordinality|format json|u&.* uescape)$/is;

/** As much of a token as tells those words from all others. */
function headOf(text: string, token: Token | undefined): string {
  return token === undefined ? "" : text.slice(token.start, Math.min(token.end, token.start + 11));
}

/** The index of the next token in that direction that is no comment. */
function neighbour(tokens: TokenList, at: number, step: 1 | -1): number {
  let next = at + step;
  while (tokens.kindAt(next) === "comment") next += step;
  return next;
}
