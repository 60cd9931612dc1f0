import type { TableUse } from "../facts";
import { foreignKeyColumns, references } from "./foreignKeys";
import { elementsOfIndex, indexElements } from "./indexElements";
import { lastPart, type Name, readAnyName, readName, schemaPart } from "./names";
import { type Source, skipAny, skipGroup, skipWords } from "./source";
import { addObject, addTable, type Definition, frameOf, newFrame, type Scan, type WordHandler } from "./state";
import { addType, typeOf } from "./types";

/** Begins the definition of a table: what follows, to the statement's end, belongs to it. */
export function beginDefinition(scan: Scan, name: Name, alters: boolean): Definition {
  const owner = { schema: schemaPart(name)?.name ?? null, name: lastPart(name).name };
  const definition = { owner, alters, adds: false, constraint: null, columns: null, column: null, notValid: false };
  scan.definition = definition;
  return definition;
}

/** Opens the parentheses around columns and constraints where they stand here; gives the index inside, or the same. */
export function openElements(scan: Scan, at: number): number {
  if (scan.source.words[at] !== "(") return at;
  const frame = newFrame("", at + 1);
  frame.elements = true;
  scan.frames.push(frame);
  scan.atElement = true;
  return at + 1;
}

/** The beginning of a column, a constraint or an action of ALTER TABLE; gives the index to go on from. */
export function element(scan: Scan, at: number): number {
  const { definition, source } = scan;
  if (definition !== null) {
    definition.constraint = null;
    definition.columns = null;
    definition.column = null;
    if (definition.alters) return action(scan, definition, at);
  }
  if (source.words[at] === "like") return listOfTables(scan, at + 1, "reference", 1);
  return column(scan, at);
}

/** Words that mean something in a table's definition and nowhere else. */
export const definitionWords: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["constraint", constraint],
  ["foreign", foreignKeyColumns],
  ["references", references],
  ["inherits", inherits],
  ["owned", (scan, at) => (scan.source.words[at + 1] === "by" ? columnsTable(scan, at + 2) : null)],
  ["connection", edges],
  ["sequence", identitySequence],
  ["attribute", attributeType],
  ["exclude", (scan, at) => elementsOfIndex(scan, at + 1)],
  ["conflict", (scan, at) => indexElements(scan, at + 1)],
  [
    "partition",
    (scan, at) => (scan.source.words[at + 1] === "by" && scan.definition !== null ? indexElements(scan, at + 3) : null),
  ],
  ["ledger_view", ledgerView],
  // The server makes the history, or takes what is there for no other table.
  ["history_table", (scan, at) => (scan.source.words[at + 1] === "=" ? listOfTables(scan, at + 2, "alter", 1) : null)],
]);

/** `LEDGER_VIEW = s.v`, which the server makes beside the table. */
function ledgerView(scan: Scan, at: number): number | null {
  const name = scan.source.words[at + 1] === "=" ? readName(scan.source, at + 2) : null;
  if (name !== null) addObject(scan, name, "other", "create");
  return name?.next ?? null;
}

/** `GENERATED … AS IDENTITY (SEQUENCE NAME s.sq)`. */
function identitySequence(scan: Scan, at: number): number | null {
  const name = scan.source.words[at + 1] === "name" ? readName(scan.source, at + 2) : null;
  if (name !== null) addObject(scan, name, "sequence", "create");
  return name?.next ?? null;
}

/** ADD ATTRIBUTE and ALTER ATTRIBUTE … TYPE of a composite type. */
function attributeType(scan: Scan, at: number): number | null {
  const { source } = scan;
  const verb = source.words[at - 1] ?? "";
  const name = verb === "add" || verb === "alter" ? readAnyName(source, at + 1) : null;
  if (name === null) return null;
  const type = skipWords(source, name.next, "set", "data");
  if (verb === "add") return typeName(scan, name.next);
  return source.words[type] === "type" ? typeName(scan, type + 1) : null;
}

/** Reads names of tables with commas between them; gives the index after the last. */
export function listOfTables(scan: Scan, at: number, use: TableUse, most = Number.POSITIVE_INFINITY): number {
  const { source } = scan;
  let next = at;
  for (let count = 0; count < most; count++) {
    next = skipAny(source, next, ["only"]);
    const wrapped = source.words[next] === "(";
    const name = readName(source, wrapped ? next + 1 : next);
    if (name === null || (scan.source.refused && isBehavior(source, name))) return next;
    addTable(scan, name, use);
    next = skipAny(source, name.next, ["*", "."]);
    next = wrapped ? skipAny(source, next, [")"]) : skipGroup(source, next);
    const lacksComma = scan.source.refused && use === "drop" && source.words[next] !== ",";
    if ((source.words[next] !== "," && !lacksComma) || count + 1 === most) return next;
    if (!lacksComma) next++;
  }
  return next;
}

/** CASCADE or RESTRICT at the end of a DROP, whose last name is missing. */
function isBehavior({ words }: Source, { parts, first, next }: Name): boolean {
  const isWord = parts.length === 1 && (words[first] === "cascade" || words[first] === "restrict");
  return isWord && (words[next] ?? ";") === ";";
}

/** SQL Server's `CONNECTION (person TO item, item TO item)`, which says what an edge may connect. */
function edges(scan: Scan, at: number): number | null {
  const { source, definition } = scan;
  if (source.dialect !== "sqlserver" || definition === null || source.words[at + 1] !== "(") return null;
  let next = at + 1;
  do {
    next = listOfTables(scan, next + 1, "reference", 1);
  } while (source.words[next] === "to" || source.words[next] === ",");
  return next;
}

function inherits(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] === "(") return parents(scan, at + 2);
  return scan.source.refused && scan.frames.length === 1 ? parents(scan, at + 1) : null;
}

/** The tables that a table inherits from, from inside of the parentheses on. */
export function parents(scan: Scan, at: number): number {
  const first = scan.source.refused ? skipAny(scan.source, at, [","]) : at;
  return skipAny(scan.source, listOfTables(scan, first, "reference"), [")"]);
}

/** Reads a type where one stands; gives the index after its name. */
export function typeName(scan: Scan, at: number): number {
  const start = skipAny(scan.source, at, ["setof"]);
  const name = readName(scan.source, start);
  if (name === null) return start;
  if (scan.source.words[name.next] === "%") return typeOf(scan, name);
  addType(scan, name);
  return name.next;
}

function column(scan: Scan, at: number): number {
  const { source } = scan;
  if (constraintWords.has(source.words[at] ?? "")) return at;
  const name = source.dialect === "sqlserver" ? readName(source, at) : readAnyName(source, at);
  if (name === null || name.parts.length > 1) return at;
  if (scan.definition !== null) scan.definition.column = lastPart(name).name;
  if (source.words[name.next] === "as") return name.next;
  const next = typeName(scan, name.next);
  const target = scan.source.refused ? readName(source, skipGroup(source, next)) : null;
  return target !== null && target.parts.length > 1 ? references(scan, target.first - 1) : next;
}

const constraintWords: ReadonlySet<string> = new Set([
  ...[
    "constraint",
    "primary",
    "unique",
    "check",
    "exclude",
    "foreign",
    "index",
    "period",
    "default",
    "like",
    "references",
    "edge",
  ],
]);

function action(scan: Scan, definition: Definition, at: number): number {
  const { source } = scan;
  const word = source.words[at] ?? "";
  const next = skipAny(source, at + 1, ["column", "if", "not", "exists"]);
  if (word === "with" && source.words[at + 1] === "nocheck") definition.notValid = true;
  if (word === "with" && source.words[at + 2] === "add") return action(scan, definition, at + 2);
  if (word === "add") {
    definition.adds = true;
    return column(scan, next);
  }
  if (word === "alter") {
    definition.adds = false;
    return alterColumn(scan, next);
  }
  const partition = source.dialect === "postgresql" ? partitionTable(source, word, at + 1) : null;
  if (partition !== null) return listOfTables(scan, partition.at, partition.use, 1);
  if (word === "of") return typeName(scan, at + 1);
  if (word === "switch") return listOfTables(scan, toWord(source, at, "to"), "write", 1);
  const isAdded = !otherActions.has(word) || (word === "check" && source.words[at + 1] !== "constraint");
  if (source.dialect === "sqlserver" && definition.adds && isAdded) return column(scan, at);
  definition.adds = false;
  return word === "drop" || word === "check" || word === "nocheck" ? next : at;
}

/** Where ATTACH or DETACH PARTITION and [NO] INHERIT name a table; null for any other action. */
function partitionTable(source: Source, word: string, at: number): { at: number; use: TableUse } | null {
  if (word === "inherit") return { at, use: "reference" };
  if (word === "no" && source.words[at] === "inherit") return { at: at + 1, use: "reference" };
  const isPartition = (word === "attach" || word === "detach") && source.words[at] === "partition";
  return isPartition ? { at: at + 1, use: "alter" } : null;
}

const otherActions: ReadonlySet<string> = new Set(["drop", "enable", "disable", "rebuild", "set", "check", "nocheck"]);

function alterColumn(scan: Scan, at: number): number {
  const { source } = scan;
  if (source.dialect === "sqlserver") return typeName(scan, readName(source, at)?.next ?? at);
  const name = readAnyName(source, at);
  if (name === null) return at;
  const type = skipWords(source, name.next, "set", "data");
  return source.words[type] === "type" ? typeName(scan, type + 1) : name.next;
}

/** The index after a word that stands within the next few tokens, or the same index. */
function toWord(source: Source, at: number, word: string): number {
  for (let next = at; next < at + 10; next++) if (source.words[next] === word) return next + 1;
  return at + 1;
}

function constraint(scan: Scan, at: number): number | null {
  if (scan.definition === null) return null;
  const name = readName(scan.source, at + 1);
  if (name === null) return at + 1;
  scan.definition.constraint = lastPart(name).name;
  return name.next;
}

/** `OWNED BY orders.id`: a column's table. */
function columnsTable(scan: Scan, at: number): number {
  const name = readName(scan.source, at);
  if (name === null) return at;
  if (name.parts.length > 1) addTable(scan, { ...name, parts: name.parts.slice(0, -1) }, "reference");
  return name.next;
}

/** Whether the frame's commas part columns, constraints or actions. */
export function partsElements(scan: Scan): boolean {
  const frame = frameOf(scan);
  return frame.elements || (scan.frames.length === 1 && scan.definition?.alters === true);
}
