import { type Name, readName } from "./names";
import type { Source } from "./source";
import { addTable, frameOf, type Scan } from "./state";
import { isReserved } from "./words";

/**
 * A name with its schema right after an expression of the select list, with no FROM in the rest of the query: FROM is what is missing in
 * front of it. Tells whether it was.
 */
export function recoverFrom(scan: Scan, name: Name): boolean {
  const frame = frameOf(scan);
  if (!scan.found.refused || frame.query !== "select" || frame.inList || frame.hasFrom) return false;
  if (!endsOperand(scan.source, name.first - 1) || hasFrom(scan.source, name.next)) return false;
  if (!goesOn.has(scan.source.words[name.next] ?? ";") && readName(scan.source, name.next) === null) return false;
  addTable(scan, name, "read");
  frame.hasFrom = frame.inList = true;
  return true;
}

/** Whether a name is all that has been typed of FROM so far. */
export function mayBeFrom(name: Name): boolean {
  return name.parts.length === 1 && "from".startsWith(name.parts[0]?.name ?? "");
}

const goesOn: ReadonlySet<string> = new Set([
  ...[";", ")", ",", "as", "where", "join", "left", "right", "inner", "full", "cross", "natural", "group", "order"],
  ...["limit", "union", "except", "intersect"],
]);

function endsOperand({ words, tokens, dialect }: Source, at: number): boolean {
  const word = words[at] ?? "";
  const kind = tokens[at]?.kind;
  if (kind === "word") return !isReserved(word, dialect);
  return word === ")" || kind === "number" || kind === "string" || kind === "quoted-identifier";
}

/** Looks a few lines ahead: it is about text that is being typed. */
const farthest = 300;

function hasFrom(source: Source, at: number): boolean {
  for (let next = at; next < Math.min(at + farthest, source.tokens.length); next++) {
    const word = source.words[next];
    if (word === "from") return true;
    if (word === ")" || word === ";") return false;
    if (word === "(") next = Math.max(next, source.closing[next] ?? next);
  }
  return false;
}
