import type { Token } from "./token";

/**
 * The text as PostgreSQL's grammar can read it, of the same length: a name in the place of each template, nothing where psql's commands
 * and the data of COPY stand, and no comments inside of a string that goes on in another line, which the server skips and the parser's
 * library doesn't. `text` and `tokens` share their offsets, and the tokens cover the text.
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
  if (token.kind === "line-command" || (token.kind === "comment" && isInsideString(tokens, at))) {
    return text.slice(token.start, token.end).replaceAll(/[^\r\n]/g, " ");
  }
  if (token.kind !== "template") return null;
  const length = token.end - token.start;
  return text.startsWith(":'", token.start) ? `'${"x".repeat(length - 2)}'` : "x".repeat(length);
}

function isInsideString(tokens: readonly Token[], at: number): boolean {
  return neighbour(tokens, at, -1)?.kind === "string" && neighbour(tokens, at, 1)?.kind === "string";
}

function neighbour(tokens: readonly Token[], at: number, step: 1 | -1): Token | undefined {
  let next = at + step;
  while (tokens[next]?.kind === "space" || tokens[next]?.kind === "comment") next += step;
  return tokens[next];
}
