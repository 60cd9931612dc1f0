import type { Token } from "./token";

/**
 * The text as PostgreSQL's grammar can read it, of the same length: a name in the place of each template, nothing where psql's commands
 * and the data of COPY stand, no comments inside of a string that goes on in another line, which the server skips and the parser's library
 * doesn't, a name for the literal of `create language 'plpgsql'`, which servers take up to 14, and doubled quotes for those that a backslash
 * escapes in a plain literal. `text` and `tokens` share their offsets, and the tokens cover the text.
 */
export function masked(text: string, tokens: readonly Token[]): string {
  let result = "";
  let from = 0;
  tokens.forEach((token, at) => {
    const mask = maskOf(text, tokens, token, at);
    if (mask === null) return;
    result += text.slice(from, token.start) + mask;
    from = token.end;
  });
  return from === 0 ? text : result + text.slice(from);
}

function maskOf(text: string, tokens: readonly Token[], token: Token, at: number): string | null {
  const isSkipped =
    token.kind === "line-command" ||
    (token.kind === "comment" && (text[token.start] === "{" || isInsideString(tokens, at)));
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
function isLanguage(text: string, tokens: readonly Token[], at: number): boolean {
  const { start, end } = tokens[at] ?? { start: 0, end: 0 };
  const before = tokens
    .slice(0, at)
    .filter(({ kind }) => kind !== "space" && kind !== "comment")
    .map((token) => text.slice(token.start, token.end));
  return /^'\w+'$/.test(text.slice(start, end)) && languageCommand.test(before.join(" "));
}

const languageCommand = /^(?:create(?: or replace)?(?: trusted)?|alter|drop)(?: procedural)? language(?: if exists)?$/i;

function isInsideString(tokens: readonly Token[], at: number): boolean {
  return neighbour(tokens, at, -1)?.kind === "string" && neighbour(tokens, at, 1)?.kind === "string";
}

function neighbour(tokens: readonly Token[], at: number, step: 1 | -1): Token | undefined {
  let next = at + step;
  while (tokens[next]?.kind === "space" || tokens[next]?.kind === "comment") next += step;
  return tokens[next];
}
