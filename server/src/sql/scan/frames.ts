import { readAlias } from "./alias";
import { releaseTarget } from "./changes";
import { parents } from "./definition";
import { tokenText } from "./source";
import { type Frame, frameOf, newFrame, type Scan } from "./state";

export function openParenthesis(scan: Scan, at: number): number {
  const outer = frameOf(scan);
  if (scan.frames.length >= deepestFrame) {
    scan.excess++;
    return at + 1;
  }
  // INHERITS is missing between a table's elements and its parents.
  if (scan.source.refused && scan.definition?.alters === false && scan.frames.length === 1) {
    if (scan.source.words[at - 1] === ")") return parents(scan, at + 1);
  }
  const before = scan.source.tokens.get(at - 1);
  const named = before?.kind === "word" || before?.kind === "quoted-identifier";
  const frame = newFrame(named ? tokenText(scan.source, at - 1).toLowerCase() : "", at + 1);
  if (outer.expectsItem && lacksSelect(scan, at)) frame.query = "select";
  else if (outer.expectsItem) frame.expectsItem = frame.inList = true;
  outer.expectsItem = false;
  scan.frames.push(frame);
  return at + 1;
}

/** Whether a FROM stands in a parenthesis of a FROM list before anything that a query begins with: `from (id, total from orders)`. */
function lacksSelect({ source }: Scan, at: number): boolean {
  if (!source.refused) return false;
  const end = Math.min(source.closing[at] ?? at, at + farthest);
  for (let next = at + 1; next < end; next++) {
    const word = source.words[next] ?? "";
    if (word === "(") next = Math.max(next, source.closing[next] ?? next);
    else if (word === "from") return true;
    else if (word === ";" || word === "join" || beginsQuery.has(word)) return false;
  }
  return false;
}

/** Looks a few lines ahead: it is about text that is being typed. */
const farthest = 300;

/** Frames nested deeper than this are only counted. */
const deepestFrame = 1000;

export function closeParenthesis(scan: Scan, at: number): number {
  if (scan.excess > 0) {
    scan.excess--;
    return at + 1;
  }
  if (scan.frames.length === 1) return at + 1;
  const inner = frameOf(scan);
  releaseTarget(scan, inner);
  scan.frames.pop();
  const outer = frameOf(scan);
  if (inner.query === "none" && inner.aliases !== null) {
    if (outer.aliases === null) outer.aliases = inner.aliases;
    else for (const [alias, table] of inner.aliases) outer.aliases.set(alias, table);
  }
  const table = inner.query === "select" && inner.items === 1 ? inner.item : -1;
  const expression = scan.bodies?.get(inner.first - 1);
  if (expression !== undefined) expression.table = table;
  if (!outer.inList || !isItem(scan, inner)) return at + 1;
  outer.items++;
  outer.item = table;
  return readAlias(scan, at + 1, table);
}

/** Whether what stood in the parentheses is an item of a FROM list, which an alias may follow. */
function isItem({ source }: Scan, { call, first }: Frame): boolean {
  if (call === "using") return beginsQuery.has(source.words[first] ?? "");
  return call === "" || beforeItems.has(call);
}

const beforeItems: ReadonlySet<string> = new Set(["from", "join", "apply", "lateral"]);
const beginsQuery: ReadonlySet<string> = new Set(["select", "values", "with", "table", "("]);

export function comma(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.argument++;
  frame.expectsItem = frame.inList;
  return at + 1;
}
