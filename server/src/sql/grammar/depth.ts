import type { TokenList } from "../tokenList";

/**
 * The most levels that a statement's tree may have, from its tokens: one for each token since the last comma, in the parentheses that are
 * open and around them. `a + a + …`, `NOT NOT …` and `f(f(…` are as deep as they are long; a list is as deep as its longest item.
 */
export function deepest(text: string, tokens: TokenList): number {
  const before: number[] = [];
  let depth = 0;
  let most = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens.get(at);
    if (token === undefined || token.kind === "comment") continue;
    const char = token.kind === "punctuation" ? text[token.start] : "";
    if (char === ")" || char === "]") depth = before.pop() ?? 0;
    else if (char === "," || char === ";") depth = before.at(-1) ?? 0;
    depth++;
    if (char === "(" || char === "[") before.push(depth);
    if (depth > most) most = depth;
  }
  return most;
}
