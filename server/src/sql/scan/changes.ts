import type { TableUse } from "../facts";
import { partsElements } from "./definition";
import { opensHints } from "./hints";
import { lastPart, type Part, readName } from "./names";
import { mayBe } from "./recoverFrom";
import { isVariable, type Source, skipAny, skipDataSource, skipGroup, skipWords } from "./source";
import { addHidden, addObject, addTable, type Frame, frameOf, lookupKey, type Scan, tableOfExpression } from "./state";

/** Reads the name of a table that a data change writes to, and what may follow it. */
export function changeTarget(scan: Scan, at: number, use: TableUse): number | null {
  const { source } = scan;
  let start = skipAny(source, at, ["only"]);
  if (source.words[start] === "(" && start > at) start++;
  const name = readName(source, skipDataSource(source, start));
  if (name === null) return isVariable(source, start) ? variableTarget(scan, start) : null;
  if (
    source.dialect === "postgresql" &&
    ["set", "values"].includes(source.words[start] ?? "") &&
    name.parts.length === 1
  ) {
    return null;
  }
  const frame = frameOf(scan);
  releaseTarget(scan, frame);
  frame.query = "change";
  frame.expectsItem = frame.inList = false;
  if (source.dialect === "sqlserver" && name.parts.length === 1) frame.target = { name, use };
  else addTable(scan, name, use);
  return name.next;
}

/** SQL Server: a table variable, which is no table of any schema. */
function variableTarget(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  releaseTarget(scan, frame);
  frame.query = "change";
  endList(scan);
  return at + 1;
}

/**
 * Reports the target that was held back. Where the FROM list has shown it to be an alias, or it is a common table expression, the table of that
 * name, or that its query is about, is what is written to.
 */
export function releaseTarget(scan: Scan, frame: Frame): void {
  const { target } = frame;
  frame.target = null;
  if (target === null) return;
  const aliased = frame.aliases?.get(lookupKey(scan, lastPart(target.name).name));
  if (aliased === undefined) addTable(scan, target.name, target.use);
  const index = aliased ?? tableOfExpression(scan, target.name);
  const table = scan.found.tables[index];
  if (table !== undefined) scan.found.tables[index] = { ...table, use: target.use };
}

/** SQL Server: the rows of a function are changed, as in `DELETE app.open_orders (5)`. */
function calledTarget(scan: Scan, at: number): number | null {
  const { source } = scan;
  const name = source.dialect === "sqlserver" ? readName(source, at) : null;
  if (name === null || source.words[name.next] !== "(" || opensHints(scan, name.next)) return null;
  addObject(scan, name, "function", "read");
  endList(scan);
  return name.next;
}

/** Leaves the FROM list. */
export function endList(scan: Scan): void {
  const frame = frameOf(scan);
  frame.expectsItem = frame.inList = false;
}

export function into(scan: Scan, at: number): number {
  const { source } = scan;
  const frame = frameOf(scan);
  endList(scan);
  if (scan.language === "plpgsql") return at + 1;
  if (scan.language === "tsql") {
    const name = readName(source, at + 1);
    if (name === null) return at + 1;
    addTable(scan, name, frame.query === "change" ? "write" : "create");
    return name.next;
  }
  if (frame.query !== "select") return at + 1;
  const start = skipAny(source, at + 1, ["local", "global", "temp", "temporary", "unlogged", "table"]);
  const name = readName(source, start);
  if (name === null) {
    // One of the words is the table's own name.
    const own = start > at + 1 ? readName(source, start - 1) : null;
    if (own !== null) addTable(scan, own, "create");
    return start;
  }
  if (source.words.slice(at + 1, start).some((word) => word.startsWith("temp"))) hideAfter(scan, lastPart(name));
  else addTable(scan, name, "create");
  return name.next;
}

/** Remembers the name of a temporary or transition table: from here on it hides tables of that name. */
export function hide(scan: Scan, part: Part): void {
  addHidden(scan, part.name);
  scan.found.transient.push(part.name);
}

/** The same from the statement's end on: what a temporary table is made of may be a lasting one of the same name. */
export function hideAfter(scan: Scan, part: Part): void {
  scan.made = part;
  scan.found.transient.push(part.name);
}

export function insert(scan: Scan, at: number): number | null {
  const { source } = scan;
  const server = source.dialect === "sqlserver";
  const start = server ? skipTop(scan, skipAny(source, at + 1, ["bulk"])) : at + 1;
  const target = skipWords(source, start, "into");
  if (target === start && !(server ? isServerTarget(scan, at, start) : lacksWord(scan, at, "into", insertGoesOn)))
    return null;
  const next = changeTarget(scan, target, "write");
  if (next === null) return target;
  frameOf(scan).awaitsSource = source.words[at + 1] !== "bulk";
  return skipAlias(scan, next);
}

export function merge(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at + 1] === "join") return null;
  const server = source.dialect === "sqlserver";
  const start = server ? skipTop(scan, at + 1) : at + 1;
  const target = skipWords(source, start, "into");
  if (target === start && !(server ? isServerTarget(scan, at, start) : mergesInto(source, at + 1))) return null;
  const next = changeTarget(scan, target, "write");
  if (next === null) return target;
  frameOf(scan).awaitsUsing = true;
  return skipAlias(scan, next);
}

/** PostgreSQL: `MERGE orders o USING …`, which lacks its INTO. */
function mergesInto(source: Source, at: number): boolean {
  const name = source.refused ? readName(source, skipAny(source, at, ["only"])) : null;
  if (name === null) return false;
  const alias = skipAny(source, name.next, ["as"]);
  return [name.next, alias + 1].some((next) => source.words[next] === "using");
}

export function remove(scan: Scan, at: number): number | null {
  const { source } = scan;
  const server = source.dialect === "sqlserver";
  const start = server ? skipTop(scan, at + 1) : at + 1;
  const target = skipWords(source, start, "from");
  if (target === start && !(server ? isServerTarget(scan, at, start) : lacksWord(scan, at, "from", deleteGoesOn)))
    return null;
  const called = calledTarget(scan, target);
  if (called !== null) return called;
  const next = changeTarget(scan, target, "write");
  if (next === null) return target;
  if (!server) frameOf(scan).awaitsUsing = true;
  return next;
}

export function update(scan: Scan, at: number): number | null {
  const { source } = scan;
  const server = source.dialect === "sqlserver";
  const before = source.words[at - 1] ?? "";
  // SQL Server's statements need no separator: after a comma or a dot that is left over there may be another one.
  const isLeftOver = server && (before === "," || before === ".");
  if ((isNoUpdate(before, server) && !isLeftOver) || isReaction(source, at)) return null;
  // Of a key's reaction only ON is missing.
  if (!server && partsElements(scan)) return null;
  const start = server ? skipTop(scan, at + 1) : at + 1;
  if (["of", "(", "statistics", "or"].includes(source.words[start] ?? "") && start === at + 1) return null;
  const next = calledTarget(scan, start) ?? changeTarget(scan, start, "write");
  frameOf(scan).awaitsSet = next !== null;
  return next;
}

/** PostgreSQL's `FOR NO KEY UPDATE`; SQL Server's key ends a column. */
function isNoUpdate(before: string, server: boolean): boolean {
  return noUpdateAfter.has(before) || (before === "key" && !server);
}

const noUpdateAfter: ReadonlySet<string> = new Set(["for", "of", "or", "before", "after", ",", "."]);

/** PostgreSQL: whether the statement's second word, INTO or FROM, is only missing. */
function lacksWord(scan: Scan, at: number, second: "into" | "from", goesOn: readonly string[]): boolean {
  const { source } = scan;
  const name = partsElements(scan) ? null : readName(source, at + 1);
  if (name === null) return false;
  const after = source.words[name.next] ?? ";";
  return goesOn.includes(after) && (after !== ";" || (scan.source.refused && !mayBe(second, name)));
}

const insertGoesOn: readonly string[] = ["(", "values", "select", "default", "overriding", "with", ";"];
const deleteGoesOn: readonly string[] = ["where", "using", "returning", ";"];

function isServerTarget(scan: Scan, at: number, start: number): boolean {
  const before = scan.source.words[at - 1] ?? "";
  // An action of MERGE, and not what follows a CASE that breaks off.
  if (before === "then" && frameOf(scan).query !== "none") return false;
  if (["for", "after", "of"].includes(before) || isReaction(scan.source, at)) return false;
  return readName(scan.source, skipDataSource(scan.source, start)) !== null || isVariable(scan.source, start);
}

/** ON DELETE and ON UPDATE of a foreign key, a rule or a trigger; SQL Server's SET … ON ends in front of a statement. */
export function isReaction(source: Source, at: number): boolean {
  if (source.words[at - 1] !== "on") return false;
  return source.dialect === "postgresql" || ["cascade", "no", "set", "restrict"].includes(source.words[at + 1] ?? "");
}

function skipTop(scan: Scan, at: number): number {
  if (scan.source.words[at] !== "top") return at;
  const next = scan.source.words[at + 1] === "(" ? skipGroup(scan.source, at + 1) : at + 2;
  return skipWords(scan.source, next, "percent");
}

/** An alias after a target, which no FROM list may claim as its own. */
function skipAlias(scan: Scan, at: number): number {
  return scan.source.words[at] === "as" ? at + 2 : at;
}
