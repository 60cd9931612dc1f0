import { readAlias } from "./alias";
import { typeName } from "./definition";
import { namesExpression } from "./expressions";
import { call } from "./functionCall";
import { opensHints } from "./hints";
import { lastPart, readAnyName, readName, schemaPart } from "./names";
import { mayBe } from "./recoverFrom";
import { follows, skipAny, skipDataSource, skipGroup, tokenText } from "./source";
import { addObject, addTable, frameOf, lookupKey, type Scan, tableOfExpression } from "./state";

export function fromItem(scan: Scan, at: number): number {
  const { source } = scan;
  const frame = frameOf(scan);
  if (source.words[at] === "lateral" || source.words[at] === "only") return at + 1;
  if (follows(source, at, "rows", "from", "(")) return at + 1;
  // ODBC's way to write an outer join.
  if (source.words[at] === "oj" && tokenText(source, at - 1) === "{") return at + 1;
  frame.expectsItem = false;
  const name = readName(source, skipDataSource(source, at));
  // After LATERAL stands a function or a query, or what is to become one.
  if (name === null || (source.words[at - 1] === "lateral" && source.words[name.next] !== "("))
    return name?.next ?? at + 1;
  if (namesExpression(scan, name)) return name.next;
  frame.items++;
  frame.item = -1;
  if (source.words[name.next] === "(" && !opensHints(scan, name.next)) {
    // SQL Server calls a table's function without a schema here, and a scalar one nowhere.
    if (source.dialect === "sqlserver" && name.parts.length === 1) addObject(scan, name, "function", "read");
    else call(scan, name, source.words[at] ?? "");
    const after = skipGroup(source, name.next);
    if (source.dialect === "sqlserver") rememberCallAlias(scan, after);
    else recordTypes(scan, after);
    return name.next;
  }
  const table = scan.found.tables.length;
  addTable(scan, name, "read");
  const key = lookupKey(scan, lastPart(name).name);
  frame.item = scan.found.tables.length > table ? table : tableOfExpression(scan, name);
  const end = readAlias(scan, skipAny(source, name.next, ["*"]), frame.item);
  if (key === "schemas" && schemaPart(name)?.name.toLowerCase() === "sys") rememberSchemaList(scan, end);
  return end;
}

/** PostgreSQL: `as r (id int, kind mood)` after a function that gives records says of which types their columns are. */
function recordTypes(scan: Scan, at: number): void {
  const { source } = scan;
  const start = skipAny(source, at, ["as"]);
  const open = readName(source, start)?.next ?? start;
  if (source.words[open] !== "(") return;
  const close = skipGroup(source, open) - 1;
  for (let next = open + 1; next < close; next++) {
    const column = readAnyName(source, next);
    if (column === null || [",", ")"].includes(source.words[column.next] ?? "")) return;
    next = typeName(scan, column.next);
    while (next < close && source.words[next] !== ",") next = Math.max(next + 1, skipGroup(source, next));
  }
}

/** A function's alias, which UPDATE and DELETE may name as their target in SQL Server; the arguments are still to be read. */
function rememberCallAlias(scan: Scan, at: number): void {
  const { source } = scan;
  const columns = source.words[at] === "with" ? skipGroup(source, at + 1) : at;
  const start = skipAny(source, columns, ["as"]);
  const alias = readName(source, start);
  if (alias === null || alias.parts.length > 1) return;
  const frame = frameOf(scan);
  frame.aliases ??= new Map();
  frame.aliases.set(lookupKey(scan, lastPart(alias).name), -1);
}

/** SQL Server: a table variable as an item of a FROM list, or the method of an XML variable. */
export function variableItem(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.expectsItem = false;
  frame.items++;
  frame.item = -1;
  return scan.source.words[at + 1] === "." ? at + 3 : readAlias(scan, at + 1);
}

function rememberSchemaList(scan: Scan, end: number): void {
  const frame = frameOf(scan);
  frame.schemaLists ??= new Set([""]);
  frame.schemaLists.add("schemas");
  const alias = readAnyName(scan.source, end - 1);
  if (alias !== null) frame.schemaLists.add(lookupKey(scan, lastPart(alias).name));
}

export function from(scan: Scan, at: number): number {
  const { words } = scan.source;
  const frame = frameOf(scan);
  const before = words[at - 1];
  if (frame.query === "none" && fromCalls.has(frame.call)) return at + 1;
  if (before === "distinct" && (words[at - 2] === "is" || words[at - 2] === "not")) return at + 1;
  if (before === "values" || words[at + 1] === "stdin") return at + 1;
  frame.expectsItem = frame.inList = frame.hasFrom = true;
  return at + 1;
}

const fromCalls: ReadonlySet<string> = new Set([
  "extract",
  "substring",
  "trim",
  "overlay",
  "position",
  "ltrim",
  "rtrim",
  "btrim",
]);

export function join(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  // SQL Server's `OPTION (HASH JOIN, MAXDOP 2)`.
  if (frame.call === "option") return at + 1;
  frame.joins++;
  frame.expectsItem = frame.inList = true;
  return at + 1;
}

export function using(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  if (frame.awaitsUsing) {
    frame.expectsItem = frame.inList = true;
    frame.joins = 1;
  }
  frame.awaitsUsing = false;
  return at + 1;
}

/** LEFT, FULL and their kin with a table after them: JOIN is missing. */
export function joinKind(scan: Scan, at: number): number | null {
  if (
    scan.source.dialect === "sqlserver" &&
    joinHints.has(scan.source.words[skipAny(scan.source, at + 1, ["outer", "local"])] ?? "")
  )
    return null;
  if (!frameOf(scan).inList || readName(scan.source, at + 1) === null) return null;
  return join(scan, at);
}

const joinHints: ReadonlySet<string> = new Set(["loop", "hash", "merge", "remote"]);

export function on(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.expectsItem = false;
  // With no JOIN before it, what was taken for an alias is the table that the missing JOIN names.
  if (frame.joins === 0 && frame.alias?.next === at && frame.inList) addTable(scan, frame.alias, "read");
  frame.joins = Math.max(0, frame.joins - 1);
  return at + 1;
}

/** `select * orders where …`: FROM is missing. */
export function star(scan: Scan, at: number): void {
  const { source } = scan;
  const frame = frameOf(scan);
  if (frame.query !== "select" || !["select", ".", ","].includes(source.words[at - 1] ?? "")) return;
  const name = readName(source, at + 1);
  if (name === null) return;
  const after = source.words[name.next] ?? ";";
  const isLast = scan.source.refused && (after === ";" || after === ")") && !mayBe("from", name);
  if (name.parts.length > 1 || isLast || fromGoesOn.has(after)) frame.expectsItem = frame.inList = true;
}

/** Nothing less than one of these, or a dot: a name alone may be FROM itself, half-typed. */
const fromGoesOn: ReadonlySet<string> = new Set(
  "where join left right inner full cross natural group order limit union except intersect with option".split(" "),
);
