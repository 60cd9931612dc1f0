import { type Name, readName } from "./names";
import type { Source } from "./source";
import { addTable, type Frame, frameOf, type Scan } from "./state";
import { isReserved } from "./words";

/**
 * A name with its schema or with an alias right after an expression of the select list, with no FROM in the rest of the query: FROM is what
 * is missing in front of it. Tells whether it was.
 */
export function recoverFrom(scan: Scan, name: Name): boolean {
  const frame = frameOf(scan);
  const { source } = scan;
  if (!source.refused || frame.query !== "select" || frame.inList || frame.hasFrom) return false;
  if (!endsOperand(source, name.first - 1) || source.words[name.first] === "by") return false;
  const alias = readName(source, name.next);
  const after = source.words[name.parts.length > 1 ? name.next : (alias?.next ?? name.next)] ?? ";";
  if (!goesOn.has(after) && (alias === null || name.parts.length === 1)) return false;
  if (name.parts.length === 1 && (alias === null || alias.parts.length > 1)) return false;
  if (hasFrom(scan, name.next) || endsDistinct(source.words, name.first - 1)) return false;
  addTable(scan, name, "read");
  frame.hasFrom = frame.inList = true;
  return true;
}

/** Whether a name is all that has been typed of a word so far. */
export function mayBe(word: "from" | "into", name: Name): boolean {
  return name.parts.length === 1 && word.startsWith(name.parts[0]?.name ?? "");
}

const goesOn: ReadonlySet<string> = new Set([
  ...[";", ")", ",", "as", "where", "join", "left", "right", "inner", "full", "cross", "natural", "group", "order"],
  ...["limit", "union", "except", "intersect"],
]);

function endsOperand({ words, tokens, dialect }: Source, at: number): boolean {
  const word = words[at] ?? "";
  const kind = tokens.kindAt(at);
  if (kind === "word") return !isReserved(word, dialect);
  return word === ")" || kind === "number" || kind === "string" || kind === "quoted-identifier";
}

/** Whether the columns of a DISTINCT ON end here, after which the list only begins. */
function endsDistinct(words: Source["words"], at: number): boolean {
  if (words[at] !== ")") return false;
  let depth = 0;
  for (let before = at; before > Math.max(1, at - farthest); before--) {
    if (words[before] === ")") depth++;
    if (words[before] === "(") depth--;
    if (depth === 0) return words[before - 1] === "on" && words[before - 2] === "distinct";
  }
  return false;
}

/** Looks a few lines back: it is about text that is being typed. */
const farthest = 300;

/** Whether FROM comes in the rest of the query; what was found out holds up to there. */
function hasFrom(scan: Scan, at: number): boolean {
  const frame = frameOf(scan);
  if (frame.ahead === null || frame.ahead.until < at)
    frame.ahead = lookAhead(scan.source, at, scan.frames.length === 1);
  return frame.ahead.hasFrom;
}

function lookAhead({ words, closing, tokens }: Source, at: number, isOutermost: boolean): NonNullable<Frame["ahead"]> {
  for (let until = at; until < tokens.length; until++) {
    const word = words[until] ?? "";
    if (word === "from" || endsSelectList.has(word)) return { until, hasFrom: word === "from" };
    if (word === ")" && !isOutermost) return { until, hasFrom: false };
    if (word === "(") until = Math.max(until, closing[until] ?? until);
  }
  return { until: tokens.length, hasFrom: false };
}

const endsSelectList: ReadonlySet<string> = new Set([
  ...[";", "select", "where", "join", "group", "having", "order", "limit", "union", "except", "intersect"],
]);
