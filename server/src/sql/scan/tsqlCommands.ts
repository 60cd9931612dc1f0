import type { Span } from "../span";
import { listOfTables, openElements } from "./definition";
import { readLiteral } from "./literal";
import { addUnread, nameInLiteral } from "./literals";
import { readName } from "./names";
import { queryWord } from "./query";
import { follows, isVariable, skipAny, skipGroup, tokenText } from "./source";
import { addObject, frameOf, type Scan, type WordHandler } from "./state";
import { inert, securable } from "./tsqlNames";
import { startsSqlServerStatement } from "./words";

export function permissions(scan: Scan, at: number): number {
  const { source } = scan;
  let on = at + 1;
  while (on < source.tokens.length && !["on", "to", "from", ";"].includes(source.words[on] ?? ""))
    on = Math.max(on + 1, skipGroup(source, on));
  return inert(scan, source.words[on] === "on" ? securable(scan, on + 1) : on);
}

export function updateStatistics(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] !== "statistics") return queryWord(scan, "update")?.(scan, at) ?? null;
  return listOfTables(scan, at + 2, "alter", 1);
}

export function bulkInsert(scan: Scan, at: number): number | null {
  return scan.source.words[at + 1] === "insert" ? inert(scan, listOfTables(scan, at + 2, "write", 1)) : null;
}

/** DBCC CHECKIDENT ('s.t') and its like take a table's name as a string, which may also stand in double quotes. */
export function consistencyCheck(scan: Scan, at: number): number {
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
