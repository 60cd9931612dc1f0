import { columnList } from "./columnList";
import { lastPart, type Name, readName } from "./names";
import { follows, type Source, skipAny, skipGroup } from "./source";
import { addExpression, frameOf, type Scan, type Visibility } from "./state";

/** `WITH a (x) AS (…), b AS (…)`: makes the names known where they are; the bodies are scanned as they come. */
export function withClause(scan: Scan, at: number): number {
  const { source } = scan;
  const recursive = source.words[at + 1] === "recursive";
  const postgres = source.dialect === "postgresql";
  const frame = frameOf(scan);
  const until =
    frame.first === 0 ? Number.POSITIVE_INFINITY : (source.closing[frame.first - 1] ?? Number.POSITIVE_INFINITY);
  if (source.refused && at >= scan.readAhead) readUnbalanced(scan, at);
  let next = recursive ? at + 2 : skipNamespaces(source, at + 1);
  for (let header = readExpressionHeader(scan, next); header !== null; header = readExpressionHeader(scan, next)) {
    const visibleFrom = recursive ? at : postgres ? header.end : header.body;
    const expression = addExpression(scan, lastPart(header.name).name, { from: visibleFrom, until });
    if (!postgres) addBody(scan, header.body, expression);
    next = skipCycle(scan, header.end);
    scan.mainStart = next;
    frame.expectsItem = frame.inList = false;
    if (source.words[next] !== ",") break;
    next++;
  }
  return at + 1;
}

function addBody(scan: Scan, open: number, expression: Visibility): void {
  scan.bodies ??= new Map();
  scan.bodies.set(open, expression);
}

/**
 * The parentheses of a refused statement may not match. Each `, a as (select` of it begins an expression wherever it stands, whose name is
 * known from its end on, or from where the next one begins.
 */
function readUnbalanced(scan: Scan, at: number): void {
  const { source } = scan;
  let last: { readonly key: string; readonly from: number } | null = null;
  const add = (before: number) => {
    if (last !== null)
      addExpression(scan, last.key, { from: Math.min(last.from, before), until: Number.POSITIVE_INFINITY });
  };
  let next = at + 1;
  for (; next < source.tokens.length && source.words[next] !== ";"; next++) {
    if (!beforeExpression.has(source.words[next - 1] ?? "")) continue;
    const header = readExpressionHeader(scan, next);
    if (header === null || !beginsQuery.has(source.words[header.body + 1] ?? "")) continue;
    add(next);
    last = { key: lastPart(header.name).name, from: header.end };
    next = header.body;
  }
  add(Number.POSITIVE_INFINITY);
  scan.readAhead = next;
}

/** The comma between two of them may be what is missing. */
const beforeExpression: ReadonlySet<string> = new Set([",", ")", "with", "recursive"]);
/** Whether the name of an expression of WITH stands here, where a parenthesis that isn't closed makes it look like one of a FROM list. */
export function namesExpression({ source }: Scan, { parts, next }: Name): boolean {
  const body = skipAny(source, next + 1, ["not", "materialized"]);
  const isNamed = source.refused && parts.length === 1 && source.words[next] === "as" && source.words[body] === "(";
  return isNamed && beginsQuery.has(source.words[body + 1] ?? "");
}

const beginsQuery: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "merge", "values", "with"]);

/** SQL Server: `WITH XMLNAMESPACES ('…' AS ns), a AS (…)`, and `WITH CHANGE_TRACKING_CONTEXT (@who), a AS (…)`. */
function skipNamespaces(source: Source, at: number): number {
  const isHead = follows(source, at, "xmlnamespaces", "(") || follows(source, at, "change_tracking_context", "(");
  return isHead ? skipAny(source, skipGroup(source, at + 1), [","]) : at;
}

function readExpressionHeader(scan: Scan, at: number): { name: Name; body: number; end: number } | null {
  const { source } = scan;
  const name = readName(source, at);
  if (name === null || name.parts.length > 1) return null;
  // What stands after TOP (1) WITH TIES may be a query.
  const lacksAs = follows(source, name.next, "(", "select") && source.words[at] !== "ties";
  const as = lacksAs ? name.next - 1 : source.words[name.next] === "(" ? columnList(source, name.next).next : name.next;
  if (!lacksAs && source.words[as] !== "as") return null;
  const body = skipAny(source, as + 1, ["not", "materialized"]);
  if (source.words[body] === "(") return { name, body, end: skipGroup(source, body) };
  return source.dialect === "postgresql" && source.words[body] === "select" ? { name, body, end: body } : null;
}

/** PostgreSQL's SEARCH and CYCLE clauses may follow the body of a recursive expression. */
function skipCycle(scan: Scan, at: number): number {
  const { words } = scan.source;
  let next = at;
  if (words[next] !== "search" && words[next] !== "cycle") return at;
  while (
    next < words.length &&
    !["select", "insert", "update", "delete", "merge", "values", "table", "(", ")", ";"].includes(words[next] ?? "")
  ) {
    const name = words[next] === "," ? readExpressionHeader(scan, next + 1) : null;
    if (name !== null) break;
    next++;
  }
  return next;
}
