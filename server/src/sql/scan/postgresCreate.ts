import { hide, hideAfter } from "./changes";
import { beginDefinition, openElements, typeName } from "./definition";
import { elementsOfIndex } from "./indexElements";
import { createModifiers, type Kind, readKind } from "./kinds";
import { lastPart, type Name, readName, schemaPart } from "./names";
import {
  begins,
  castTypes,
  definedParts,
  inert,
  listOfSchemas,
  namedSchema,
  oneTable,
  onTable,
  operatorName,
  skipArguments,
} from "./postgresNames";
import { routine, routineRest } from "./routine";
import { follows, type Source, skipAny, skipGroup, skipWords } from "./source";
import { addExpression, addObject, addTable, type Scan } from "./state";

export function create(scan: Scan, at: number): number | null {
  const { source } = scan;
  const modified = skipAny(source, at + 1, createModifiers("postgresql"));
  const kind = readKind(source, modified);
  if (kind === null) return null;
  const next = skipCondition(source, skipAny(source, kind.next, ["concurrently"]));
  const temporary = source.words.slice(at + 1, modified).some((word) => word.startsWith("temp"));
  if (kind.phrase === "publication") return next;
  if (kind.phrase === "cast") return castTypes(scan, next);
  if (kind.phrase === "extension") return inert(scan, extension(scan, next));
  if (kind.phrase === "event trigger") return eventFunction(scan, next);
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "schema") return createSchema(scan, next);
  if (kind.names === "index") return createIndex(scan, next);
  if (kind.names === "on table") return onTable(scan, next);
  if (kind.phrase === "statistics" && readName(source, next) === null) return next;
  if (kind.phrase === "operator") return definedParts(scan, operatorName(scan, next));
  const name = readName(source, next);
  if (name === null) return kind.names === "function" ? routineRest(scan, next) : next;
  const isTemporary = temporary || schemaPart(name)?.name === "pg_temp";
  if (kind.names === "table") return createTable(scan, name, kind, isTemporary);
  if (kind.names === "function" && kind.phrase !== "aggregate") return routine(scan, name);
  if (kind.names === "column") return name.next;
  if (isTemporary) hide(scan, lastPart(name));
  else addObject(scan, name, kind.names, "create");
  return createObject(scan, name, kind);
}

/** Of an event trigger only EXECUTE FUNCTION, at its end, names something that lies in a schema. */
function eventFunction(scan: Scan, at: number): number {
  const { words } = scan.source;
  let next = at;
  while (next < words.length && words[next] !== "execute" && words[next] !== ";") next++;
  return words[next] === "execute" ? next : inert(scan, at);
}

/** IF NOT EXISTS, also where one of the three words is missing. */
function skipCondition(source: Source, at: number): number {
  const next = skipAny(source, at, ["if", "not", "exists"]);
  return readName(source, next) === null && !source.refused ? at : next;
}

export function createTable(scan: Scan, name: Name, kind: Kind, temporary: boolean): number {
  const { source } = scan;
  // The name is missing: `CREATE TABLE PARTITION OF orders`.
  if (
    scan.source.refused &&
    name.parts.length === 1 &&
    source.words[name.first] === "partition" &&
    source.words[name.next] === "of"
  )
    return oneTable(scan, name.next + 1, "reference");
  if (temporary) hideAfter(scan, lastPart(name));
  else addTable(scan, name, "create");
  if (!kind.phrase.endsWith("table")) {
    if (source.words[name.first - 2] === "recursive")
      addExpression(scan, lastPart(name).name, { from: name.first, until: Number.POSITIVE_INFINITY });
    return skipGroup(source, name.next);
  }
  beginDefinition(scan, name, false);
  let next = skipAny(source, name.next, ["."]);
  const parent = skipWords(source, skipWords(source, next, "partition"), "of");
  if (parent > next && isPartition(source, next, parent)) next = oneTable(scan, parent, "reference");
  else if (source.words[next] === "of") next = typeName(scan, next + 1);
  return openElements(scan, next);
}

/** PARTITION OF, also where one of the two words is missing; OF alone names the type of a table. */
function isPartition(source: Source, at: number, parent: number): boolean {
  if (source.words[at] === "partition") return source.words[at + 1] !== "by";
  const after = readName(source, parent)?.next ?? parent;
  return source.words[after] === "for" || source.words[after] === "default";
}

function createObject(scan: Scan, name: Name, kind: Kind): number {
  const { source } = scan;
  if (kind.phrase === "domain") return typeName(scan, skipAny(source, name.next, ["as"]));
  if (kind.phrase === "type" && follows(source, name.next, "as", "(")) return openElements(scan, name.next + 1);
  if (kind.phrase === "sequence" || kind.phrase === "statistics") return name.next;
  // An aggregate's arguments stand in parentheses of their own, but where they are given as `basetype`.
  const hasArguments = kind.phrase === "aggregate" && source.words[skipGroup(source, name.next)] === "(";
  return definedParts(scan, hasArguments ? skipArguments(scan, name.next) : name.next);
}

function createSchema(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  const role = skipWords(scan.source, name?.next ?? at, "authorization");
  const isOwned = role > (name?.next ?? at);
  const owner = isOwned ? readName(scan.source, role) : null;
  if (name !== null) namedSchema(scan, name, "create");
  // A schema without a name is called as its owner is.
  else if (owner !== null) addObject(scan, owner, "schema", "create");
  return begins(scan, isOwned ? role + 1 : role);
}

export function createIndex(scan: Scan, at: number): number {
  const { source } = scan;
  const name = source.words[at] === "on" ? null : readName(source, at);
  if (name !== null) addObject(scan, name, "index", "create");
  const on = name?.next ?? at;
  const next = oneTable(scan, skipAny(source, on, ["on", "only"]), "alter");
  return elementsOfIndex(scan, next);
}

function extension(scan: Scan, at: number): number {
  const { source } = scan;
  for (let next = at; next < source.tokens.length && source.words[next] !== ";"; next++) {
    if (source.words[next] === "schema") listOfSchemas(scan, next + 1);
  }
  return at;
}
