import { listOfTables } from "./definition";
import { type Kind, readKind } from "./kinds";
import { type Name, readName, withoutLast } from "./names";
import { follows, skipGroup, skipWords } from "./source";
import { addObject, addTable, type Scan } from "./state";
import { classification } from "./tsqlCommands";
import { inert, namedSchema } from "./tsqlNames";

export function drop(scan: Scan, at: number): number | null {
  const { source } = scan;
  const kind = readKind(source, at + 1);
  if (kind === null) return classification(scan, at) ?? withoutKind(scan, at + 1);
  // The name is missing where IF EXISTS begins a condition.
  const next = source.words[kind.next + 2] === "(" ? kind.next : skipWords(source, kind.next, "if", "exists");
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "table") return inert(scan, listOfTables(scan, next, "drop"));
  if (source.words[next] === "on")
    return inert(scan, kind.phrase === "fulltext index" ? listOfTables(scan, next + 1, "alter", 1) : next);
  return inert(scan, droppedList(scan, kind, next));
}

/** TABLE is only missing: `DROP IF EXISTS t`, `DROP s.t`. */
function withoutKind(scan: Scan, at: number): number | null {
  const { source } = scan;
  const next = skipWords(source, at, "if", "exists");
  const name = readName(source, next);
  if (name === null || (next === at && name.parts.length === 1)) return null;
  return inert(scan, listOfTables(scan, next, "drop"));
}

function droppedList(scan: Scan, kind: Kind, at: number): number {
  const { source } = scan;
  for (let next = at; ; next++) {
    const name = readName(source, next);
    if (name === null) return next;
    next = dropped(scan, kind, name);
    if (follows(source, next, "with", "(")) next = skipGroup(source, next + 1);
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
