import type { TableUse } from "../facts";
import type { Span } from "../span";
import { listOfTables, openElements } from "./definition";
import { readLiteral } from "./literal";
import { addUnread, nameInLiteral } from "./literals";
import { type Name, readName, withoutLast } from "./names";
import { queryWord } from "./query";
import { follows, isVariable, type Source, skipAny, skipGroup, tokenText } from "./source";
import { addObject, addTable, frameOf, type Scan, type WordHandler } from "./state";
import { inert, securable } from "./tsqlNames";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

export function permissions(scan: Scan, at: number): number {
  const { source } = scan;
  let on = at + 1;
  while (on < source.tokens.length && !["on", "to", "from", ";"].includes(source.words[on] ?? ""))
    on = Math.max(on + 1, skipGroup(source, on));
  return inert(scan, source.words[on] === "on" ? securable(scan, on + 1, permitted(source, at + 1, on)) : on);
}

/** What permissions are about: those on rows are a table's, EXECUTE is a routine's, and the others may be of either. */
function permitted({ words }: Source, from: number, to: number): "table" | "function" | "other" {
  const permissions = words.slice(from, to);
  const isOfTable =
    permissions.some((word) => rowPermissions.has(word)) || permissions.join(" ") === "view change tracking";
  if (isOfTable) return "table";
  return permissions.some((word) => word === "execute" || word === "exec") ? "function" : "other";
}

const rowPermissions: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "references", "all"]);

export function updateStatistics(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] !== "statistics") return queryWord(scan, "update")?.(scan, at) ?? null;
  return listOfTables(scan, at + 2, "alter", 1);
}

/** READTEXT, WRITETEXT and UPDATETEXT name a column of a table. */
export function textOf(use: TableUse): WordHandler {
  return (scan, at) => {
    const { source } = scan;
    const name = readName(source, skipAny(source, at + 1, ["bulk"]));
    addColumnsTable(scan, name, use);
    // UPDATETEXT may copy from another column.
    for (let next = name?.next ?? at + 1; source.words[at] === "updatetext"; next++) {
      const word = source.words[next];
      if (word === undefined || word === ";" || startsSqlServerStatement(word) || beginsUnparted(source, next)) break;
      const from = word === "timestamp" || word === "log" ? null : readName(source, next);
      if (from === null) continue;
      addColumnsTable(scan, from, "read");
      return inert(scan, from.next);
    }
    return inert(scan, name?.next ?? at + 1);
  };
}

/** The table of a column. */
function addColumnsTable(scan: Scan, column: Name | null, use: TableUse): void {
  const table = column === null ? null : withoutLast(column);
  if (table !== null) addTable(scan, table, use);
}

/** `ADD SENSITIVITY CLASSIFICATION …`, and `ADD SIGNATURE TO s.p`. */
export function addition(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (follows(source, at + 1, "signature", "to")) return inert(scan, securable(scan, at + 3, "function"));
  return classification(scan, at);
}

/** `ADD SENSITIVITY CLASSIFICATION TO s.t.column, …`, and `DROP SENSITIVITY CLASSIFICATION FROM s.t.column, …`. */
export function classification(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (!follows(source, at + 1, "sensitivity", "classification")) return null;
  let next = at + 4;
  for (let name = readName(source, next); name !== null; name = readName(source, next)) {
    addColumnsTable(scan, name, "alter");
    next = skipAny(source, name.next, [","]);
    if (next === name.next) break;
  }
  return inert(scan, next);
}

/** `CREATE DATABASE AUDIT SPECIFICATION a FOR SERVER AUDIT b ADD (SELECT, INSERT ON s.t BY c), DROP (…)`. */
export function auditSpecification(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  for (; next < source.tokens.length; next = Math.max(next + 1, skipGroup(source, next))) {
    const word = source.words[next] ?? "";
    const isAction = (word === "add" || word === "drop") && source.words[next + 1] === "(";
    if (isAction) permissions(scan, next + 1);
    else if (word === ";" || startsSqlServerStatement(word) || beginsUnparted(source, next)) break;
  }
  return inert(scan, next);
}

/** A queue's `PROCEDURE_NAME = s.p`. */
export function activation(scan: Scan, at: number): number | null {
  const name = scan.source.words[at + 1] === "=" ? readName(scan.source, at + 2) : null;
  if (name !== null) addObject(scan, name, "function", "reference");
  return name?.next ?? null;
}

/** `EXEC s.p WITH RESULT SETS (AS OBJECT s.t, AS TYPE s.u)`. */
export function resultOf(scan: Scan, at: number): number | null {
  const { source } = scan;
  const name = source.words[at - 1] === "as" && frameOf(scan).call === "sets" ? readName(source, at + 1) : null;
  if (name === null) return null;
  if (source.words[at] === "type") addObject(scan, name, "type", "reference");
  else addTable(scan, name, "reference");
  return name.next;
}

/** `RENAME OBJECT s.t TO other`. */
export function rename(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] !== "object") return null;
  return inert(scan, listOfTables(scan, skipAny(scan.source, at + 2, ["::", ":"]), "alter", 1));
}

export function copyInto(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "into" ? inert(scan, listOfTables(scan, at + 2, "write", 1)) : null;
}

export function bulkInsert(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "insert" ? inert(scan, listOfTables(scan, at + 2, "write", 1)) : null;
}

/** DBCC CHECKIDENT ('s.t') and its like take a table's name as a string, which may also stand in double quotes. */
export function consistencyCheck(scan: Scan, at: number): number {
  const { source } = scan;
  const argument = tableArguments.get(source.words[at + 1] ?? "");
  if (argument === undefined || source.words[at + 2] !== "(") return inert(scan, at + 1);
  let table = at + 3;
  for (let commas = 0; commas < argument && source.words[table] !== ")" && table < source.tokens.length; table++)
    if (source.words[table] === ",") commas++;
  const found = readLiteral(source, table);
  const changes = changing.has(source.words[at + 1] ?? "") && source.words[table + 2] !== "noreseed";
  if (found !== null) nameInLiteral(scan, found, "other", changes ? "alter" : "reference");
  else if (tokenText(source, table).startsWith('"')) addQuotedText(scan, table);
  else if (readName(source, table) !== null) listOfTables(scan, table, "alter", 1);
  return inert(scan, at + 1);
}

/** The commands of DBCC that name a table, and which of their arguments it is; all others name databases, files and sessions. */
const tableArguments: ReadonlyMap<string, number> = new Map([
  ...["checkconstraints", "checkident", "checktable", "dbreindex", "pintable", "show_statistics", "showcontig"].map(
    (command) => [command, 0] as const,
  ),
  ...["cleantable", "indexdefrag", "unpintable", "updateusage"].map((command) => [command, 1] as const),
]);

/** The commands among them that change more than they tell of. */
const changing: ReadonlySet<string> = new Set(["checkident", "cleantable", "dbreindex", "indexdefrag", "updateusage"]);

/** Text in double quotes isn't looked into, but it is told that it may name something. */
function addQuotedText(scan: Scan, at: number): void {
  const { start = 0, end = 0 } = scan.source.tokens.get(at) ?? {};
  const content = scan.source.text.slice(start + 1, end - 1);
  const place = (span: Span) => ({ start: start + 1 + span.start, end: start + 1 + span.end });
  addUnread(scan, { content, opening: '"', place });
}

export function triggerSwitch(scan: Scan, at: number): number {
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

export function declare(scan: Scan, at: number): number {
  const { source } = scan;
  const table = skipAny(source, at + 2, ["as"]);
  return source.words[table] === "table" && isVariable(source, at + 1) ? openElements(scan, table + 1) : at + 1;
}

/** `RETURNS @rows TABLE (a s.t)`, and `RETURNS TABLE (a s.t)` of a function outside of SQL. */
export function returnedTable(scan: Scan, at: number): number | null {
  const { source } = scan;
  const table = isVariable(source, at + 1) ? at + 2 : at + 1;
  return source.words[table] === "table" ? openElements(scan, table + 1) : null;
}

/** BEGIN DIALOG … FROM SERVICE and END CONVERSATION, which name services; all other blocks go on. */
export function conversation(scan: Scan, at: number): number | null {
  return ["dialog", "conversation"].includes(scan.source.words[at + 1] ?? "") ? inert(scan, at + 1) : null;
}

/** Commands that name cursors, databases and files only; FETCH and USE among them. */
export const rest: WordHandler = (scan, at) => inert(scan, at + 1);

export function identityInsert(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "identity_insert" ? listOfTables(scan, at + 2, "alter", 1) : null;
}

export function changeTable(scan: Scan, at: number): number | null {
  if (frameOf(scan).call !== "changetable") return null;
  return listOfTables(scan, at + 1, "read", 1);
}

/** What OPENXML gives may have the form of a table: `OPENXML (@h, '/a') WITH s.t`. */
export function formOfTable(scan: Scan, at: number): null {
  const end = skipGroup(scan.source, at + 1);
  if (scan.source.words[end] === "with" && scan.source.words[end + 1] !== "(") listOfTables(scan, end + 1, "read", 1);
  return null;
}

/** `PREDICT (MODEL = @m, DATA = s.t AS d)` and `VECTOR_SEARCH (TABLE = s.t AS d, …)`. */
export function tableGiven(scan: Scan, at: number): number | null {
  const { call } = frameOf(scan);
  const isGiven = call === "predict" || call === "vector_search";
  return isGiven && scan.source.words[at + 1] === "=" ? listOfTables(scan, at + 2, "read", 1) : null;
}
