import type { Span } from "../span";
import type { TokenList } from "../tokenList";

/** How many characters of operators stand one after the other in a statement, where most do: as operators, or in a comment. */
export function longestSigns(text: string, tokens: TokenList): number {
  let most = 0;
  let run = 0;
  let end = -1;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens.get(at);
    if (token === undefined) break;
    if (token.kind === "operator") run = token.start === end ? run + token.end - token.start : token.end - token.start;
    else run = token.kind === "comment" && text[token.start] === "/" ? signsIn(text, token) : 0;
    end = token.end;
    if (run > most) most = run;
  }
  return most;
}

const signs = new Set(Array.from("+-*/<>=~!@#%^&|`?", (sign) => sign.charCodeAt(0)));

function signsIn(text: string, { start, end }: Span): number {
  let most = 0;
  let run = 0;
  for (let at = start; at < end; at++) {
    run = signs.has(text.charCodeAt(at)) ? run + 1 : 0;
    if (run > most) most = run;
  }
  return most;
}
