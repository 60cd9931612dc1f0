import type { TableUse } from "../facts";
import { typeName } from "./definition";
import { lastPart, readAnyName, readName } from "./names";
import { follows, type Source, skipAny, skipGroup } from "./source";
import { addObject, addVariable, type Scan } from "./state";

/** Reads names of objects with commas between them; gives the index after the last. */
export function listOfObjects(scan: Scan, at: number, kind: Parameters<typeof addObject>[2], use: TableUse): number {
  const { source } = scan;
  let next = at;
  for (;;) {
    const name = readName(source, next);
    if (name === null) return next;
    addObject(scan, name, kind, use);
    next = name.next;
    if (source.words[next] === "(") next = argumentTypes(scan, next);
    if (source.words[next] !== ",") return next;
    next++;
  }
}

/** Reads a routine's arguments: reports their types, remembers their names; gives the index after the parentheses. */
export function argumentTypes(scan: Scan, open: number): number {
  const { source } = scan;
  const close = Math.min(source.closing[open] ?? open, source.tokens.length);
  let next = open + 1;
  while (next < close) {
    next = skipAny(source, follows(source, next, "order", "by") ? next + 2 : next, modes);
    const first = readAnyName(source, next);
    if (first === null || first.next > close) return close + 1;
    // The mode may stand behind the name, too.
    const afterName = skipAny(source, first.next, modes);
    const isName =
      afterName > first.next || (isTypeStart(source, first.next, close) && !longTypes.has(lastPart(first).name));
    const named = first.parts.length === 1 && isName;
    if (named) addVariable(scan, lastPart(first).name);
    next = typeName(scan, named ? afterName : next);
    while (next < close && source.words[next] !== "," && source.words[next] !== "order")
      next = source.words[next] === "(" ? skipGroup(source, next) : next + 1;
    next = skipAny(source, next, [","]);
  }
  return Math.min(close + 1, source.tokens.length);
}

const modes: readonly string[] = ["in", "out", "inout", "variadic"];

function isTypeStart(source: Source, at: number, close: number): boolean {
  const word = source.words[at];
  return at < close && word !== "default" && (word === "setof" || readName(source, at) !== null);
}

const longTypes: ReadonlySet<string> = new Set([
  "double",
  "character",
  "char",
  "national",
  "bit",
  "timestamp",
  "time",
  "interval",
]);
