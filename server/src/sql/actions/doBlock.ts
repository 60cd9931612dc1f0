import { openLiteral, readLiteral } from "../scan/literal";
import { isLiteral, type Source } from "../scan/source";
import { after } from "./reading";
import type { StatementPart } from "./serverParts";

/** The statements that a DO block would run, whatever its conditions say. */
export function partsOfBlock(outer: Source): StatementPart[] {
  const body = outer.words.findIndex((_, at) => isLiteral(outer, at) && outer.words[at - 1] !== "language");
  const literal = readLiteral(outer, body);
  const source = literal && openLiteral(outer, literal);
  return source === null ? [] : partsBetween(source);
}

/** The statements of a text, one after the other or inside of blocks. */
export function partsBetween(source: Source): StatementPart[] {
  const parts: StatementPart[] = [];
  let from = -1;
  for (let at = 0; at < source.tokens.length; at = after(source, at)) {
    const word = source.words[at] ?? "";
    if (word === ";") {
      if (from >= 0) parts.push({ source, from, to: at });
      from = -1;
    } else if (from < 0 && verbs.has(word) && begins.has(source.words[at - 1] ?? ";")) from = at;
  }
  if (from >= 0) parts.push({ source, from, to: source.tokens.length });
  return parts;
}

const verbs: ReadonlySet<string> = new Set(
  "create alter drop truncate update delete insert merge with lock cluster reindex refresh execute".split(" "),
);
const begins: ReadonlySet<string> = new Set([";", "begin", "then", "else", "loop"]);
