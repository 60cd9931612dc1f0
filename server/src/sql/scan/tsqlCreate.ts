import { hide } from "./changes";
import { beginDefinition, listOfTables, openElements, typeName } from "./definition";
import { createModifiers, type Kind, readKind } from "./kinds";
import { lastPart, type Name, readAnyName, readName } from "./names";
import { follows, skipAny, skipGroup } from "./source";
import { addObject, addTable, type Scan } from "./state";
import { auditSpecification } from "./tsqlCommands";
import { inert, namedSchema, schemaName, securable, transfer } from "./tsqlNames";
import { breaksOff, startsHere } from "./tsqlStart";

export function create(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at + 1] === "alter") return null;
  const kind = readKind(source, skipAny(source, at + 1, createModifiers("sqlserver")));
  if (kind === null) return withoutKind(scan, at);
  const use = source.words[at] === "create" ? "create" : "alter";
  const next = kind.next;
  if (kind.phrase === "user") return user(scan, next);
  if (kind.phrase === "database audit specification") return auditSpecification(scan, next);
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

/** TABLE is only missing: `ALTER s.t ADD …`, `CREATE s.t (a int)`. */
function withoutKind(scan: Scan, at: number): number | null {
  const { source } = scan;
  const use = source.words[at] === "create" ? "create" : "alter";
  const name = readName(source, at + 1);
  if (name === null) return null;
  const after = source.words[name.next] ?? "";
  const isTable = use === "alter" ? tableActions.has(after) : after === "(";
  return isTable ? createTable(scan, { phrase: "table", names: "table", next: name.first }, name, use) : null;
}

const tableActions: ReadonlySet<string> = new Set(
  "add drop alter switch rebuild set enable disable check nocheck with".split(" "),
);

export function alter(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at + 1] === "authorization") return inert(scan, securable(scan, at + 3));
  if (follows(source, at + 1, "database", "audit")) return create(scan, at);
  if (source.words[at + 1] === "database" || source.words[at + 1] === "role") return inert(scan, at + 2);
  return create(scan, at);
}

function createTable(scan: Scan, kind: Kind, name: Name, use: "create" | "alter"): number {
  const { source } = scan;
  addTable(scan, name, use);
  if (lastPart(name).name.startsWith("#")) hide(scan, lastPart(name));
  if (kind.phrase.endsWith("view")) return toBody(scan, name.next);
  beginDefinition(scan, name, use === "alter");
  if (follows(source, name.next, "as", "clone", "of")) return listOfTables(scan, name.next + 3, "reference", 1);
  if (use === "create") return openElements(scan, name.next);
  scan.atElement = true;
  return name.next;
}

function createObject(scan: Scan, kind: Kind, name: Name): number {
  const { source } = scan;
  if (kind.phrase === "synonym" && source.words[name.next] === "for")
    return listOfTables(scan, name.next + 1, "reference", 1);
  if (kind.phrase === "type" && source.words[name.next] === "from") return typeName(scan, name.next + 1);
  if (kind.phrase === "sequence" && source.words[name.next] === "as") return typeName(scan, name.next + 1);
  if (kind.phrase === "type" && follows(source, name.next, "as", "table")) return openElements(scan, name.next + 2);
  if (kind.phrase === "security policy") return securityPolicy(scan, name.next);
  if (kind.names === "function") scan.atStart = false;
  return name.next;
}

/** `ADD FILTER PREDICATE s.f(a) ON s.t, DROP BLOCK PREDICATE ON s.u AFTER INSERT`. */
function securityPolicy(scan: Scan, at: number): number {
  const { source } = scan;
  for (let next = at; ; next++) {
    next = skipAny(source, next, predicateWords);
    if (source.words[next - 1] !== "predicate") return next;
    const predicate = source.words[next] === "on" ? null : readName(source, next);
    if (predicate !== null) addObject(scan, predicate, "function", "read");
    const on = predicate === null ? next : skipGroup(source, predicate.next);
    if (source.words[on] !== "on") return on;
    next = listOfTables(scan, on + 1, "alter", 1);
    if (source.words[next] === "after" || source.words[next] === "before") next += 2;
    // What comes without a comma is the next statement.
    if (source.words[next] !== ",") return next;
  }
}

const predicateWords: readonly string[] = ["add", "alter", "drop", "filter", "block", "predicate"];

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

function onTable(scan: Scan, kind: Kind, at: number, use: "create" | "alter"): number {
  const { source } = scan;
  const trigger = kind.phrase === "trigger";
  const name = source.words[at] === "all" ? readAnyName(source, at) : readName(source, at);
  if (name !== null) addObject(scan, name, trigger ? "trigger" : "index", use);
  const on = name?.next ?? at;
  if (source.words[on] !== "on")
    // ALTER TABLE may rebuild an index of the table that it names.
    return trigger || name === null || source.words[on] === "rebuild" ? on : listOfTables(scan, on, "alter", 1);
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
