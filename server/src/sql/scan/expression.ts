import { closeParenthesis, comma, openParenthesis } from "./frames";
import { identifier } from "./identifier";
import { literal } from "./literals";
import { isLiteral } from "./source";
import { frameOf, type Scan } from "./state";

/** Reads one expression that can hold no query, up to the comma after it or to the given token; gives the index of that. */
export function expression(scan: Scan, at: number, until: number): number {
  const outer = frameOf(scan);
  let next = at;
  while (next < until && !(scan.source.words[next] === "," && frameOf(scan) === outer))
    next = Math.max(next + 1, part(scan, next));
  while (frameOf(scan) !== outer) closeParenthesis(scan, until);
  return Math.min(next, until);
}

function part(scan: Scan, at: number): number {
  const word = scan.source.words[at];
  if (isLiteral(scan.source, at)) return literal(scan, at);
  if (word === "(") return openParenthesis(scan, at);
  if (word === ")") return closeParenthesis(scan, at);
  if (word === ",") return comma(scan, at);
  const kind = scan.source.tokens.kindAt(at);
  return kind === "word" || kind === "quoted-identifier" ? identifier(scan, at) : at + 1;
}
