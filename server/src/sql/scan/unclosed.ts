import type { SyntaxFault } from "../facts";
import type { Token } from "../token";
import type { TokenList } from "../tokenList";
import type { Source } from "./source";

/**
 * SQL Server: what no server takes, whatever else stands in the statement: a literal, a quoted name or a comment that never ends, and
 * parentheses that don't match. Where templates are filled in later, nobody can tell.
 * @param tokens the statement's own, comments included
 */
export function unclosed(source: Source, tokens: TokenList): SyntaxFault | null {
  if (tokens.some((kind) => kind === "template")) return null;
  const last = tokens.last;
  if (last !== undefined && !last.terminated) return { start: last.start, end: last.start + 1, message: endless(last) };
  const { words, closing } = source;
  const place = (at: number) => ({ start: source.tokens.get(at)?.start ?? 0, end: source.tokens.get(at)?.end ?? 0 });
  const open = closing.lastIndexOf(words.length);
  if (open >= 0) return { ...place(open), message: "this parenthesis is never closed" };
  let depth = 0;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === "(") depth++;
    else if (words[at] === ")" && --depth < 0)
      return { ...place(at), message: "nothing opens what this parenthesis closes" };
  }
  return null;
}

function endless({ kind }: Token): string {
  if (kind === "comment") return "this comment never ends";
  return kind === "string" ? "this literal never ends" : "this name never ends";
}
