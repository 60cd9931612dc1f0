import type { Span } from "../span";
import { readQueue, waitedQueue } from "./broker";
import { sqlServerProcedureCall } from "./calls";
import { hide, isReaction } from "./changes";
import { beginDefinition, listOfTables, openElements, typeName } from "./definition";
import { createModifiers, type Kind, readKind } from "./kinds";
import { readLiteral } from "./literal";
import { addUnread, nameInLiteral } from "./literals";
import { isCutOff, lastPart, type Name, readAnyName, readName, withoutLast } from "./names";
import { queryWord, type WordHandler } from "./query";
import { follows, isVariable, type Source, skipAny, skipGroup, skipWords, tokenText } from "./source";
import { addObject, addSchema, addTable, frameOf, type Scan } from "./state";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/** Whether a statement begins at this token, though nothing need part it from the one before. */
export function startsHere(scan: Scan, at: number): boolean {
  const { words } = scan.source;
  const word = words[at] ?? "";
  if (scan.definition === null && scan.frames.length === 1 && beginsUnparted(scan.source, at)) return true;
  if (!startsSqlServerStatement(word)) return false;
  if (scan.frames.length > 1 && !neverInside.has(word) && !(beginsChange.has(word) && isUnclosed(scan))) return false;
  const before = words[at - 1] ?? "";
  if (before === "." && !isCutOff(scan.source, at)) return false;
  if (word === "exec" || word === "execute") return words[at + 1] !== "as" || (before !== "with" && before !== ",");
  if (noStart.get(word)?.includes(before) && !(before === "," && isFlush(scan.source, at))) return false;
  if (isReaction(scan.source, at)) return false;
  if (word === "select") return !frameOf(scan).awaitsSource && at !== scan.mainStart;
  if (word === "drop" || word === "alter") return scan.definition === null || readKind(scan.source, at + 1) !== null;
  if (word === "if") return words[at - 1] !== "column" && words[at - 1] !== "constraint";
  return !(word === "merge" && words[at + 1] === "join");
}

/** How a statement of SQL Server begins; null where it is read as a query. Ends the statement before it. */
export function sqlServerStatement(scan: Scan, at: number, endStatement: () => void): number | null {
  const word = scan.source.words[at] ?? "";
  if (at !== scan.mainStart && !continues.has(word)) endStatement();
  return statements.get(word)?.(scan, at) ?? null;
}

/** Words that name tables, types and schemas in SQL Server's commands, wherever they stand. */
export const serverWords: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["set", identityInsert],
  ["receive", waitedQueue],
  ["get", waitedQueue],
  ["changes", changeTable],
  ["version", changeTable],
]);

/** Inside parentheses these mean that the parentheses were never closed. */
const neverInside: ReadonlySet<string> = new Set([
  "create",
  "declare",
  "exec",
  "execute",
  "truncate",
  "grant",
  "print",
  "while",
]);

/** These end what an unclosed parenthesis holds. */
const beginsChange: ReadonlySet<string> = new Set(["alter", "drop", "insert", "update", "delete", "merge", "if"]);

function isUnclosed(scan: Scan): boolean {
  return scan.source.closing[frameOf(scan).first - 1] === scan.source.tokens.length;
}

/** Whether a word stands in a line's first column, where people begin a statement even after a comma that is left over. */
function isFlush({ text, tokens }: Source, at: number): boolean {
  return /[\r\n]/.test(text[(tokens[at]?.start ?? 0) - 1] ?? "");
}

/** ELSE and END also belong to CASE, which ends nothing. */
const continues: ReadonlySet<string> = new Set(["else", "end"]);

const dataEvents = ["then", "for", "after", "of", ",", "bulk"];

const noStart: ReadonlyMap<string, readonly string[]> = new Map([
  ["insert", dataEvents],
  ["update", dataEvents],
  ["delete", dataEvents],
  ["select", ["union", "all", "except", "intersect", "for", "("]],
  ["fetch", ["rows", "row"]],
  ["grant", ["with"]],
  ["alter", ["or"]],
  ["begin", []],
]);

function inert(scan: Scan, at: number): number {
  scan.inert = true;
  return at;
}

function identityInsert(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "identity_insert" ? listOfTables(scan, at + 2, "alter", 1) : null;
}

function schemaName(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  if (name === null) return at;
  addSchema(scan, lastPart(name));
  return name.next;
}

/** A user's options may name a schema; all else are names of users, logins and keys. */
function user(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  while (next < source.tokens.length && !startsHere(scan, next) && source.words[next] !== ";") {
    if (follows(source, next, "default_schema", "=")) next = Math.max(next + 2, schemaName(scan, next + 2));
    else next++;
  }
  return inert(scan, next);
}

function changeTable(scan: Scan, at: number): number | null {
  if (frameOf(scan).call !== "changetable") return null;
  return listOfTables(scan, at + 1, "read", 1);
}

function create(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at + 1] === "alter") return null;
  const kind = readKind(source, skipAny(source, at + 1, createModifiers("sqlserver")));
  if (kind === null) return null;
  const use = source.words[at] === "create" ? "create" : "alter";
  const next = kind.next;
  if (kind.phrase === "user") return user(scan, next);
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "schema") return use === "create" ? createSchema(scan, next) : transfer(scan, next);
  if (kind.names === "on table") return onTable(scan, kind, next, use);
  const name = readName(source, next);
  if (name === null) return next;
  if (kind.names === "table") return createTable(scan, kind, name, use);
  if (kind.names === "column") return next;
  addObject(scan, name, kind.names, use);
  return createObject(scan, kind, name);
}

function createTable(scan: Scan, kind: Kind, name: Name, use: "create" | "alter"): number {
  addTable(scan, name, use);
  if (lastPart(name).name.startsWith("#")) hide(scan, lastPart(name));
  if (kind.phrase === "view") return toBody(scan, name.next);
  beginDefinition(scan, name, use === "alter");
  if (use === "create") return openElements(scan, name.next);
  scan.atElement = true;
  return name.next;
}

function createObject(scan: Scan, kind: Kind, name: Name): number {
  const { source } = scan;
  if (kind.phrase === "synonym" && source.words[name.next] === "for")
    return listOfTables(scan, name.next + 1, "reference", 1);
  if (kind.phrase === "type" && source.words[name.next] === "from") return typeName(scan, name.next + 1);
  if (kind.phrase === "type" && follows(source, name.next, "as", "table")) return openElements(scan, name.next + 2);
  if (kind.phrase === "security policy") return securityPolicy(scan, name.next);
  if (kind.names === "function") scan.atStart = false;
  return name.next;
}

/** `ADD FILTER PREDICATE s.f(a) ON s.t, DROP BLOCK PREDICATE ON s.u AFTER INSERT`. */
function securityPolicy(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  for (;;) {
    next = skipAny(source, next, policyWords);
    if (source.words[next - 1] !== "predicate") return next;
    const predicate = source.words[next] === "on" ? null : readName(source, next);
    if (predicate !== null) addObject(scan, predicate, "function", "read");
    const on = predicate === null ? next : skipGroup(source, predicate.next);
    if (source.words[on] !== "on") return on;
    next = listOfTables(scan, on + 1, "alter", 1);
  }
}

const policyWords: readonly string[] = [
  ...["add", "alter", "drop", "filter", "block", "predicate", ",", "after", "before", "insert", "update", "delete"],
];

/** A view's query stands after AS, and may begin with WITH. */
function toBody(scan: Scan, at: number): number {
  const { source } = scan;
  let next = skipGroup(source, at);
  while (next < source.tokens.length && source.words[next] !== "as" && source.words[next] !== ";") {
    if (breaksOff(source, next)) return next;
    next++;
  }
  return next;
}

function createSchema(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  if (name === null) return at;
  namedSchema(scan, name, "create");
  return inert(scan, name.next);
}

function namedSchema(scan: Scan, name: Name, use: "create" | "alter" | "drop"): void {
  addObject(scan, { ...name, parts: [lastPart(name)] }, "schema", use);
  addSchema(scan, lastPart(name));
}

/** ALTER SCHEMA s TRANSFER [class ::] name. */
function transfer(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readName(source, at);
  if (name === null) return at;
  namedSchema(scan, name, "alter");
  if (source.words[name.next] !== "transfer") return name.next;
  return securable(scan, name.next + 1);
}

/** `OBJECT::s.t`, `SCHEMA::s`, `TYPE::s.t` or a bare name. */
function securable(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  while (next < at + 4 && source.words[next] !== "::" && source.words[next] !== ":") next++;
  if (next === at + 4) return listOfTables(scan, at, "alter", 1);
  const target = skipAny(source, next, ["::", ":"]);
  const name = readName(source, target);
  if (name === null) return target;
  const what = source.words[at] ?? "";
  if (what === "schema") namedSchema(scan, name, "alter");
  else if (what === "object") addTable(scan, name, "alter");
  else if (what === "type") addObject(scan, name, "type", "alter");
  else if (what === "xml") addObject(scan, name, "other", "alter");
  return name.next;
}

function onTable(scan: Scan, kind: Kind, at: number, use: "create" | "alter"): number {
  const { source } = scan;
  const trigger = kind.phrase === "trigger";
  const name = source.words[at] === "all" ? readAnyName(source, at) : readName(source, at);
  if (name !== null) addObject(scan, name, trigger ? "trigger" : "index", use);
  const on = name?.next ?? at;
  if (source.words[on] !== "on") return on;
  if (trigger && (follows(source, on + 1, "all", "server") || source.words[on + 1] === "database"))
    return triggerBody(scan, on + 2);
  const next = listOfTables(scan, on + 1, "alter", 1);
  return trigger ? triggerBody(scan, next) : next;
}

/** After the events of a trigger, which are words of data changes, AS begins its body. */
function triggerBody(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  for (; next < source.tokens.length; next++) {
    const isBody = source.words[next] === "as" && !["exec", "execute"].includes(source.words[next - 1] ?? "");
    if (isBody) return next + 1;
    if (breaksOff(source, next)) return next;
  }
  return next;
}

/** Whether what began before is left unfinished, and a line begins another statement. */
function breaksOff(source: Source, at: number): boolean {
  const word = source.words[at] ?? "";
  if (!startsSqlServerStatement(word) || !isFlush(source, at)) return false;
  return !noStart.get(word)?.includes(source.words[at - 1] ?? "");
}

function alter(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at + 1] === "authorization") return inert(scan, securable(scan, at + 3));
  if (follows(source, at + 1, "database") || follows(source, at + 1, "role")) return inert(scan, at + 2);
  return create(scan, at);
}

function drop(scan: Scan, at: number): number | null {
  const { source } = scan;
  const kind = readKind(source, at + 1);
  if (kind === null) return null;
  const next = skipWords(source, kind.next, "if", "exists");
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "table") return inert(scan, listOfTables(scan, next, "drop"));
  if (source.words[next] === "on")
    return inert(scan, kind.phrase === "fulltext index" ? listOfTables(scan, next + 1, "alter", 1) : next);
  return inert(scan, droppedList(scan, kind, next));
}

function droppedList(scan: Scan, kind: Kind, at: number): number {
  const { source } = scan;
  for (let next = at; ; next++) {
    const name = readName(source, next);
    if (name === null) return next;
    next = dropped(scan, kind, name);
    if (source.words[next] !== ",") return next;
  }
}

function dropped(scan: Scan, kind: Kind, name: Name): number {
  if (kind.names === "schema") namedSchema(scan, name, "drop");
  else if (kind.phrase === "trigger") addObject(scan, name, "trigger", "drop");
  else if (kind.names === "on table") {
    const table = withoutLast(name);
    if (scan.source.words[name.next] === "on") return listOfTables(scan, name.next + 1, "alter", 1);
    if (table !== null) addTable(scan, table, "alter");
  } else if (kind.names !== "table" && kind.names !== "column" && kind.names !== "nothing") {
    addObject(scan, name, kind.names, "drop");
  }
  return name.next;
}

function permissions(scan: Scan, at: number): number {
  const { source } = scan;
  let on = at + 1;
  while (on < source.tokens.length && !["on", "to", "from", ";"].includes(source.words[on] ?? ""))
    on = Math.max(on + 1, skipGroup(source, on));
  return inert(scan, source.words[on] === "on" ? securable(scan, on + 1) : on);
}

function updateStatistics(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] !== "statistics") return queryWord(scan, "update")?.(scan, at) ?? null;
  return listOfTables(scan, at + 2, "alter", 1);
}

function bulkInsert(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "insert" ? inert(scan, listOfTables(scan, at + 2, "write", 1)) : null;
}

/** DBCC CHECKIDENT ('s.t') and its like take a table's name as a string, which may also stand in double quotes. */
function consistencyCheck(scan: Scan, at: number): number {
  const { source } = scan;
  if (source.words[at + 2] !== "(") return inert(scan, at + 1);
  const found = readLiteral(source, at + 3);
  if (found !== null) nameInLiteral(scan, found, "other");
  else if (tokenText(source, at + 3).startsWith('"')) addQuotedText(scan, at + 3);
  else if (readName(source, at + 3) !== null) listOfTables(scan, at + 3, "alter", 1);
  return inert(scan, at + 1);
}

/** Text in double quotes isn't looked into, but it is told that it may name something. */
function addQuotedText(scan: Scan, at: number): void {
  const { start = 0, end = 0 } = scan.source.tokens[at] ?? {};
  const content = scan.source.text.slice(start + 1, end - 1);
  const place = (span: Span) => ({ start: start + 1 + span.start, end: start + 1 + span.end });
  addUnread(scan, { content, opening: '"', place });
}

function triggerSwitch(scan: Scan, at: number): number {
  const { source } = scan;
  let on = at + 2;
  while (on < source.tokens.length && source.words[on] !== "on" && source.words[on] !== ";") {
    if (startsSqlServerStatement(source.words[on] ?? "")) return on;
    const name = source.words[on] === "," || source.words[on] === "all" ? null : readName(source, on);
    if (name !== null) addObject(scan, name, "trigger", "alter");
    on = name?.next ?? on + 1;
  }
  if (follows(source, on + 1, "all") || source.words[on + 1] === "database") return inert(scan, on + 1);
  return inert(scan, listOfTables(scan, on + 1, "alter", 1));
}

function declare(scan: Scan, at: number): number {
  const { source } = scan;
  const table = skipAny(source, at + 2, ["as"]);
  return source.words[table] === "table" && isVariable(source, at + 1) ? openElements(scan, table + 1) : at + 1;
}

/** BEGIN DIALOG … FROM SERVICE and END CONVERSATION, which name services; all other blocks go on. */
function conversation(scan: Scan, at: number): number | null {
  return ["dialog", "conversation"].includes(scan.source.words[at + 1] ?? "") ? inert(scan, at + 1) : null;
}

/** Commands that name cursors, databases and files only; FETCH and USE among them. */
const rest: WordHandler = (scan, at) => inert(scan, at + 1);

const statements: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["create", create],
  ["alter", alter],
  ["drop", drop],
  ["truncate", (scan, at) => inert(scan, listOfTables(scan, skipAny(scan.source, at + 1, ["table"]), "write", 1))],
  ["grant", permissions],
  ["deny", permissions],
  ["revoke", permissions],
  ["update", updateStatistics],
  ["bulk", bulkInsert],
  ["dbcc", consistencyCheck],
  ["enable", triggerSwitch],
  ["disable", triggerSwitch],
  ["declare", declare],
  ["receive", readQueue],
  ["get", readQueue],
  ["send", rest],
  ["begin", conversation],
  ["end", conversation],
  ["exec", sqlServerProcedureCall],
  ["execute", sqlServerProcedureCall],
  ...[
    "fetch",
    "open",
    "close",
    "deallocate",
    "use",
    "backup",
    "restore",
    "kill",
    "checkpoint",
    "commit",
    "rollback",
    "save",
  ].map((word) => [word, rest] as const),
]);
