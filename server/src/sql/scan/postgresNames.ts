import type { TableUse } from "../facts";
import { hide } from "./changes";
import { beginDefinition, listOfTables, typeName } from "./definition";
import type { Kind } from "./kinds";
import { lastPart, type Name, readAnyName, readName } from "./names";
import { argumentTypes, listOfObjects } from "./objectLists";
import { follows, type Source, skipAny, skipGroup } from "./source";
import { addObject, addSchema, addSchemaOf, addTable, type Scan } from "./state";

/** Reads the names of schemas with commas between them; gives the index after the last. */
export function listOfSchemas(scan: Scan, at: number): number {
  for (let next = at; ; next++) {
    const name = readName(scan.source, next);
    if (name === null) return next;
    addSchema(scan, lastPart(name));
    next = name.next;
    if (scan.source.words[next] !== ",") return next;
  }
}

export function namedSchema(scan: Scan, name: Name, use: TableUse): void {
  addObject(scan, { ...name, parts: [lastPart(name)] }, "schema", use);
  addSchema(scan, lastPart(name));
}

/** Reads the names that a command is about, by what their kind says that they are; gives the index after them. */
export function namedList(scan: Scan, kind: Kind, at: number, use: "alter" | "drop" | "reference"): number {
  if (kind.names === "table") return listOfTables(scan, at, use);
  if (kind.names === "nothing" || kind.names === "on table" || kind.names === "column") return at;
  if (kind.phrase === "operator") return skipArguments(scan, operatorName(scan, at));
  if (kind.names !== "schema") return listOfObjects(scan, at, kind.names, use);
  for (let next = at; ; next++) {
    const name = readName(scan.source, next);
    if (name === null) return next;
    namedSchema(scan, name, use);
    next = name.next;
    if (scan.source.words[next] !== ",") return next;
  }
}

/** A trigger, rule, policy or constraint: the table stands after ON, a rule's after TO; transition tables get their names. */
export function onTable(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  while (next < source.tokens.length && source.words[next] !== "on" && source.words[next] !== ";")
    next = Math.max(next + 1, skipGroup(source, next));
  if (source.words[next] !== "on") return withoutOn(scan, at);
  const isRule = (source.words[next - 1] === "as" && source.words[next - 2] !== undefined) || lacksAs(source, next + 1);
  const target = skipAny(source, next + 1, isRule ? ruleWords : ["domain"]);
  const name = readName(source, target);
  if (name === null) return target;
  if (target > next + 1 && !isRule) addObject(scan, name, "type", "alter");
  else addTable(scan, name, "alter");
  transitionTables(scan, name.next);
  return name.next;
}

/** `create rule r on insert to orders`. */
function lacksAs(source: Source, at: number): boolean {
  return source.refused && ruleWords.includes(source.words[at] ?? "") && source.words[at + 1] === "to";
}

/** The event of a rule, and the TO after it, of which one may be missing. */
const ruleWords: readonly string[] = ["select", "insert", "update", "delete", "to"];

/** ON is what is missing: `DROP TRIGGER t orders`, `CREATE TRIGGER t AFTER INSERT orders FOR EACH ROW …`. */
function withoutOn(scan: Scan, at: number): number {
  const { source } = scan;
  const own = scan.source.refused ? readName(source, at) : null;
  if (own === null) return at;
  const table = readName(source, skipAny(source, own.next, events));
  if (table === null || noTables.has(source.words[table.first] ?? "")) return at;
  addTable(scan, table, "alter");
  transitionTables(scan, table.next);
  return table.next;
}

const events: readonly string[] = [
  ...["before", "after", "instead", "of", "insert", "update", "delete", "truncate", "or", "as"],
];
const noTables: ReadonlySet<string> = new Set(["execute", "cascade", "restrict", "rename", "is"]);

function transitionTables(scan: Scan, at: number): void {
  const { source } = scan;
  for (
    let next = at;
    next < source.tokens.length && source.words[next] !== ";" && source.words[next] !== "execute";
    next++
  ) {
    if (source.words[next] !== "table" || !["old", "new"].includes(source.words[next - 1] ?? "")) continue;
    const name = readName(source, skipAny(source, next + 1, ["as"]));
    if (name !== null) hide(scan, lastPart(name));
  }
}

export function oneTable(scan: Scan, at: number, use: TableUse): number {
  const name = readName(scan.source, at);
  if (name === null) return at;
  addTable(scan, name, use);
  return name.next;
}

/** `prototype.+`: an operator with its schema, or without. */
export function operatorName(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  if (name === null || scan.source.words[name.next] !== ".") return at + 1;
  addSchema(scan, lastPart(name));
  return name.next + 2;
}

export function skipArguments(scan: Scan, at: number): number {
  return scan.source.words[at] === "(" ? argumentTypes(scan, at) : at;
}

/** How many tokens a type's name may have; a parenthesis that isn't closed would reach to the end of the text. */
const longestType = 30;

/** `(source as target) with function f (source)`. */
export function castTypes(scan: Scan, at: number): number {
  const { source } = scan;
  if (source.words[at] !== "(") return at;
  let as = typeName(scan, at + 1);
  const end = Math.min(source.closing[at] ?? as, at + longestType);
  while (as < end && source.words[as] !== "as") as++;
  typeName(scan, as + 1);
  const next = skipGroup(source, at);
  return follows(source, next, "with", "function") ? listOfObjects(scan, next + 2, "function", "reference") : next;
}

/**
 * What is left of a statement that defines an operator, an aggregate, a text search and the like: `(sfunc = s.f, stype = s.t)`, `from s.f`,
 * `operator 1 s.<`. Each name with its schema is of a routine, a type or an operator, and of no table.
 */
export function definedParts(scan: Scan, at: number): number {
  const { source } = scan;
  for (let next = at; next < source.tokens.length && source.words[next] !== ";"; ) {
    const word = source.words[next];
    if (word === "type" || word === "storage") typeName(scan, next + 1);
    const part = source.words[next + 1] === "=" ? parts.get(word ?? "") : undefined;
    if (part === "type") typeName(scan, next + 2);
    else if (part !== undefined) oneObject(scan, next + 2, part);
    if (word === "function" && source.tokens.kindAt(next + 1) === "number")
      oneObject(scan, skipArguments(scan, next + 2), "function");
    const name = readAnyName(source, next);
    if (name !== null && source.words[name.next] === ".") addSchema(scan, lastPart(name));
    else if (name !== null) addSchemaOf(scan, name);
    next = name?.next ?? next + 1;
  }
  return inert(scan, at);
}

/** What is given to a definition by the words in front of the sign. */
const parts: ReadonlyMap<string, "function" | "type" | "other"> = new Map([
  ...kindOf(
    "function",
    "sfunc sfunc1 finalfunc combinefunc serialfunc deserialfunc msfunc minvfunc mfinalfunc function procedure restrict join",
  ),
  ...kindOf("function", "input output receive send typmod_in typmod_out analyze subscript canonical subtype_diff"),
  ...kindOf("type", "stype stype1 mstype basetype leftarg rightarg subtype like element"),
  ...kindOf("other", "collation copy parser template"),
]);

function kindOf<Kind extends string>(kind: Kind, words: string): (readonly [string, Kind])[] {
  return words.split(" ").map((word) => [word, kind]);
}

function oneObject(scan: Scan, at: number, kind: "function" | "other"): void {
  const name = readName(scan.source, at);
  if (name === null) return;
  addObject(scan, name, kind, "reference");
  if (kind === "function") skipArguments(scan, name.next);
}

export function inert(scan: Scan, at: number): number {
  scan.inert = true;
  return at;
}

export function begins(scan: Scan, at: number): number {
  scan.atStart = true;
  return at;
}

/** The actions of ALTER TABLE follow. */
export function alterTable(scan: Scan, name: Name): number {
  addTable(scan, name, "alter");
  beginDefinition(scan, name, true);
  scan.atElement = true;
  return skipAny(scan.source, name.next, ["*"]);
}
