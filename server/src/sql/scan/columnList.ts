import { lastPart, readAnyName, readName } from "./names";
import type { Source } from "./source";

/** The columns between a key's or an expression's parentheses, and the index after them, or where they go on without a `)`. */
export function columnList(source: Source, open: number): { readonly names: readonly string[]; readonly next: number } {
  const names: string[] = [];
  const isOpen = (source.closing[open] ?? 0) >= source.tokens.length;
  const read = isOpen ? readName : readAnyName;
  let at = open + 1;
  for (;;) {
    const name = read(source, isPeriod(source, at) ? at + 1 : at);
    if (name === null) break;
    names.push(lastPart(name).name);
    at = name.next;
    if (source.words[at] !== ",") break;
    at++;
  }
  return { names, next: source.words[at] === ")" ? at + 1 : at };
}

/** The last column of a key over time: `(id, PERIOD valid_at)`. */
function isPeriod({ words }: Source, at: number): boolean {
  return words[at] === "period" && words[at + 1] !== "," && words[at + 1] !== ")";
}
