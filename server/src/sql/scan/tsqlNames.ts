import { lastPart, type Name, readName } from "./names";
import { skipAny } from "./source";
import { addObject, addSchema, addTable, type Scan } from "./state";

export function inert(scan: Scan, at: number): number {
  scan.inert = true;
  return at;
}

export function schemaName(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  if (name === null) return at;
  addSchema(scan, lastPart(name));
  return name.next;
}

export function namedSchema(scan: Scan, name: Name, use: "create" | "alter" | "drop"): void {
  addObject(scan, { ...name, parts: [lastPart(name)] }, "schema", use);
  addSchema(scan, lastPart(name));
}

/** ALTER SCHEMA s TRANSFER [class ::] name. */
export function transfer(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readName(source, at);
  if (name === null) return at;
  namedSchema(scan, name, "alter");
  if (source.words[name.next] !== "transfer") return name.next;
  return securable(scan, name.next + 1);
}

/**
 * `OBJECT::s.t`, `SCHEMA::s`, `TYPE::s.t` or a bare name.
 * @param object what an object is here, which the grammar doesn't say: a table, a routine, or any of them
 */
export function securable(scan: Scan, at: number, object: "table" | "function" | "other" = "table"): number {
  const { source } = scan;
  let next = at;
  while (next < at + 4 && source.words[next] !== "::" && source.words[next] !== ":") next++;
  const isBare = next === at + 4;
  const target = isBare ? at : skipAny(source, next, ["::", ":"]);
  const name = readName(source, target);
  if (name === null) return target;
  const what = isBare || next === at ? "object" : (source.words[at] ?? "");
  if (what === "schema") namedSchema(scan, name, "alter");
  else if (what === "object") {
    if (object === "table") addTable(scan, name, "alter");
    else addObject(scan, name, object, "alter");
  } else if (what === "type") addObject(scan, name, "type", "alter");
  else if (what === "xml") addObject(scan, name, "other", "alter");
  return name.next;
}
