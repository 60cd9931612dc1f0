import { lastPart, type Name, withoutLast } from "./names";
import { isVariable } from "./source";
import { addObject, frameOf, type Scan } from "./state";
import { isBuiltInType } from "./words";

/** Reports a type that is no type of the server's own. */
export function addType(scan: Scan, name: Name): void {
  if (name.parts.length > 1) addObject(scan, name, "type", "reference");
  else if (scan.source.dialect === "postgresql" && !isBuiltInType(lastPart(name).name))
    addObject(scan, name, "type", "reference");
}

/** Reads `orders%rowtype` and `orders.id%type`, which name a table; gives the index after them. */
export function typeOf(scan: Scan, name: Name): number {
  const table = scan.source.words[name.next + 1] === "type" ? withoutLast(name) : name;
  const known = table !== null && table.parts.length === 1 && scan.variables.has(lastPart(table).name);
  if (table !== null && !known) addObject(scan, table, "type", "reference");
  return name.next + 2;
}

export function isTypePlace(scan: Scan, at: number): boolean {
  const { words, dialect } = scan.source;
  const before = words[at - 1];
  if (before === "::" || (before === ":" && words[at - 2] === ":")) return dialect === "postgresql";
  if (before === "setof" || before === "returns") return true;
  if (isVariable(scan.source, before === "as" ? at - 2 : at - 1)) return true;
  const frame = frameOf(scan);
  if (before === "as") return frame.call === "cast" || frame.call === "try_cast";
  return before === "(" && dialect === "sqlserver" && (frame.call === "convert" || frame.call === "try_convert");
}
