import { endList, insert, into, merge, releaseTarget, remove, update } from "./changes";
import { withClause } from "./expressions";
import { lastPart, type Name, readAnyName, readName, schemaPart, withoutLast } from "./names";
import { follows, isVariable, type Source, skipAny, skipGroup, tokenText } from "./source";
import {
  addObject,
  addSchema,
  addSchemaOf,
  addTable,
  type Frame,
  frameOf,
  lookupKey,
  newFrame,
  type Scan,
} from "./state";
import { beginsUnparted } from "./unparted";
import { isBuiltInType, isNoFunction, isReserved } from "./words";

/** What a word of a query means to the scan; gives the index to go on from, or null where the word is an ordinary name here. */
export type WordHandler = (scan: Scan, at: number) => number | null;

/** Frames nested deeper than this are only counted. */
const deepestFrame = 1000;

/** The words of queries and data changes, wherever they stand. */
export function queryWord(scan: Scan, word: string): WordHandler | undefined {
  return scan.source.dialect === "postgresql" ? postgresWords.get(word) : sqlServerWords.get(word);
}

export function openParenthesis(scan: Scan, at: number): number {
  const outer = frameOf(scan);
  if (scan.frames.length >= deepestFrame) {
    scan.excess++;
    return at + 1;
  }
  const before = scan.source.tokens[at - 1];
  const named = before?.kind === "word" || before?.kind === "quoted-identifier";
  const frame = newFrame(named ? tokenText(scan.source, at - 1).toLowerCase() : "", at + 1);
  if (outer.expectsItem) frame.expectsItem = frame.inList = true;
  outer.expectsItem = false;
  scan.frames.push(frame);
  return at + 1;
}

export function closeParenthesis(scan: Scan, at: number): number {
  if (scan.excess > 0) {
    scan.excess--;
    return at + 1;
  }
  if (scan.frames.length === 1) return at + 1;
  const inner = frameOf(scan);
  releaseTarget(scan, inner);
  scan.frames.pop();
  const outer = frameOf(scan);
  if (inner.query === "none" && inner.aliases !== null)
    outer.aliases = new Map([...(outer.aliases ?? []), ...inner.aliases]);
  return outer.inList && isItem(scan, inner) ? readAlias(scan, at + 1) : at + 1;
}

/** Whether what stood in the parentheses is an item of a FROM list, which an alias may follow. */
function isItem(scan: Scan, { call }: Frame): boolean {
  return call === "" || (scan.source.dialect === "sqlserver" && ["from", "join", "apply"].includes(call));
}

export function comma(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.argument++;
  frame.expectsItem = frame.inList;
  return at + 1;
}

/** An identifier that is no word of the grammar: an item of a FROM list, a function, a type, a column. */
export function identifier(scan: Scan, at: number): number {
  if (frameOf(scan).expectsItem) return fromItem(scan, at);
  const { words } = scan.source;
  const name = readAnyName(scan.source, at);
  if (name === null) return at + 1;
  const word = words[at] ?? "";
  if (name.parts.length === 1 && word !== "" && isReserved(word, scan.source.dialect)) return at + 1;
  const after = words[name.next];
  if (name.parts.length > 1 && after !== "(" && scan.variables.has(lookupKey(scan, name.parts[0]?.name ?? "")))
    return name.next;
  if (searchedTables.has(frameOf(scan).call) && frameOf(scan).first === at) addTable(scan, name, "read");
  else if (after === "%" && (words[name.next + 1] === "type" || words[name.next + 1] === "rowtype"))
    return typeOf(scan, name);
  else if (after === "(") call(scan, name, word);
  else if (isTypePlace(scan, at)) addType(scan, name);
  else addColumnSchema(scan, name, after === "." && words[name.next + 1] === "*");
  return name.next;
}

/** SQL Server's functions that search the table which is their first argument. */
const searchedTables: ReadonlySet<string> = new Set(["containstable", "freetexttable", "semantickeyphrasetable"]);

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

function fromItem(scan: Scan, at: number): number {
  const { source } = scan;
  const frame = frameOf(scan);
  if (source.words[at] === "lateral" || source.words[at] === "only") return at + 1;
  if (follows(source, at, "rows", "from", "(")) return at + 1;
  frame.expectsItem = false;
  const name = readName(source, at);
  if (name === null) return at + 1;
  if (source.words[name.next] === "(" && !opensHints(scan, name.next)) {
    call(scan, name, source.words[at] ?? "");
    rememberCallAlias(scan, skipGroup(source, name.next));
    return name.next;
  }
  const table = scan.found.tables.length;
  addTable(scan, name, "read");
  const key = lookupKey(scan, lastPart(name).name);
  const end = readAlias(scan, skipAny(source, name.next, ["*"]), scan.found.tables.length > table ? table : -1);
  if (key === "schemas" && schemaPart(name)?.name.toLowerCase() === "sys") rememberSchemaList(scan, end);
  return end;
}

/** A function's alias, which UPDATE and DELETE may name as their target in SQL Server; the arguments are still to be read. */
function rememberCallAlias(scan: Scan, at: number): void {
  const { source } = scan;
  const columns = source.words[at] === "with" ? skipGroup(source, at + 1) : at;
  const start = skipAny(source, columns, ["as"]);
  const alias = source.dialect === "sqlserver" ? readName(source, start) : null;
  if (alias === null || alias.parts.length > 1) return;
  const frame = frameOf(scan);
  frame.aliases ??= new Map();
  frame.aliases.set(lookupKey(scan, lastPart(alias).name), -1);
}

/** SQL Server: a table variable as an item of a FROM list, or the method of an XML variable. */
export function variableItem(scan: Scan, at: number): number {
  frameOf(scan).expectsItem = false;
  return scan.source.words[at + 1] === "." ? at + 3 : readAlias(scan, at + 1);
}

/** Reads an alias after an item of a FROM list and remembers it, with the index of the table found for the item; gives the index after it. */
function readAlias(scan: Scan, at: number, table = -1): number {
  const { source } = scan;
  const start = skipAny(source, at, ["as"]);
  const kind = source.tokens[start]?.kind;
  const word = source.words[start] ?? "";
  if ((kind !== "word" && kind !== "quoted-identifier") || (word !== "" && isReserved(word, source.dialect)))
    return start;
  if (source.dialect === "postgresql" && ["set", "values", "loop"].includes(word)) return start;
  if (isWindow(source, start) || (start === at && beginsUnparted(source, start))) return start;
  const frame = frameOf(scan);
  const alias = readAnyName(source, start);
  if (alias === null || alias.parts.length > 1) return start;
  frame.aliases ??= new Map();
  frame.aliases.set(lookupKey(scan, lastPart(alias).name), table);
  frame.alias = start === at ? alias : null;
  frame.expectsItem = lacksJoin(scan, frame, alias.next);
  return alias.next;
}

/** Another name can't follow an alias but after a JOIN or a comma that is missing. */
function lacksJoin(scan: Scan, frame: Frame, at: number): boolean {
  const { source } = scan;
  if (source.words[at] === "with" || beginsUnparted(source, at)) return false;
  const name = readName(source, at);
  if (name === null || isOperand(source, name)) return false;
  return !frame.aliases?.has(lookupKey(scan, name.parts[0]?.name ?? ""));
}

/** Whether an operator follows, so that the name is a column's: `from orders wher id = 1`. */
function isOperand({ words }: Source, name: Name): boolean {
  const after = words[name.next] ?? "";
  return /^[-=<>+*/|:~!%^&#@?]/.test(after) || comparisons.has(after);
}

const comparisons: ReadonlySet<string> = new Set("is in like ilike similar between not isnull notnull".split(" "));

function rememberSchemaList(scan: Scan, end: number): void {
  const frame = frameOf(scan);
  frame.schemaLists ??= new Set([""]);
  frame.schemaLists.add("schemas");
  const alias = readAnyName(scan.source, end - 1);
  if (alias !== null) frame.schemaLists.add(lookupKey(scan, lastPart(alias).name));
}

/** SQL Server's old way to write hints, `from orders (nolock)`. */
function opensHints(scan: Scan, at: number): boolean {
  return (
    scan.source.dialect === "sqlserver" &&
    tableHints.has(scan.source.words[at + 1] ?? "") &&
    scan.source.words[at + 2] !== "."
  );
}

const tableHints: ReadonlySet<string> = new Set(
  "nolock holdlock index readpast readuncommitted readcommitted repeatableread rowlock serializable snapshot tablock tablockx updlock xlock paglock nowait forceseek forcescan nowait noexpand".split(
    " ",
  ),
);

function call(scan: Scan, name: Name, word: string): void {
  const postgres = scan.source.dialect === "postgresql";
  if (name.parts.length === 1) {
    if (!postgres || (word !== "" && isNoFunction(word)) || scan.expressions.has(lastPart(name).name)) return;
    addObject(scan, name, "function", "read");
    return;
  }
  if (!postgres && sqlServerMethods.test(lastPart(name).name)) return;
  addObject(scan, name, "function", "read");
}

const sqlServerMethods =
  /^(value|query|nodes|exist|modify|ST[A-Z]\w*|ToString|Parse|Get[A-Z]\w*|IsDescendantOf|Reduce|MakeValid|write)$/;

function isTypePlace(scan: Scan, at: number): boolean {
  const { words, dialect } = scan.source;
  const before = words[at - 1];
  if (before === "::" || (before === ":" && words[at - 2] === ":")) return dialect === "postgresql";
  if (before === "setof" || before === "returns") return true;
  if (isVariable(scan.source, before === "as" ? at - 2 : at - 1)) return true;
  const frame = frameOf(scan);
  if (before === "as") return frame.call === "cast" || frame.call === "try_cast";
  return before === "(" && dialect === "sqlserver" && (frame.call === "convert" || frame.call === "try_convert");
}

/**
 * `schema.table.column`, `schema.table.*` and SQL Server's `TABLE HINT (schema.table, …)` name a schema without naming a table to be looked
 * up; `xml(schema.collection)` names what an XML column holds.
 */
function addColumnSchema(scan: Scan, name: Name, star: boolean): void {
  const { words } = scan.source;
  if (follows(scan.source, name.first - 3, "next", "value", "for")) {
    addObject(scan, name, "sequence", "read");
    return;
  }
  const { call } = frameOf(scan);
  if ((call === "xml" || call === "[xml]") && name.parts.length > 1) return addObject(scan, name, "other", "reference");
  const table = star || call === "hint" ? name : withoutLast(name);
  if (table === null || table.parts.length < 2) {
    if (words[name.first - 1] === "collate" && name.parts.length > 1) addObject(scan, name, "other", "reference");
    return;
  }
  addSchemaOf(scan, table);
}

function from(scan: Scan, at: number): number {
  const { words } = scan.source;
  const frame = frameOf(scan);
  const before = words[at - 1];
  if (frame.query === "none" && fromCalls.has(frame.call)) return at + 1;
  if (before === "distinct" && (words[at - 2] === "is" || words[at - 2] === "not")) return at + 1;
  if (before === "values" || words[at + 1] === "stdin") return at + 1;
  frame.expectsItem = frame.inList = true;
  return at + 1;
}

const fromCalls: ReadonlySet<string> = new Set([
  "extract",
  "substring",
  "trim",
  "overlay",
  "position",
  "ltrim",
  "rtrim",
  "btrim",
]);

function join(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.joins++;
  frame.expectsItem = frame.inList = true;
  return at + 1;
}

function using(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  if (frame.awaitsUsing) {
    frame.expectsItem = frame.inList = true;
    frame.joins = 1;
  }
  frame.awaitsUsing = false;
  return at + 1;
}

/** LEFT, FULL and their kin with a table after them: JOIN is missing. */
function joinKind(scan: Scan, at: number): number | null {
  if (
    scan.source.dialect === "sqlserver" &&
    joinHints.has(scan.source.words[skipAny(scan.source, at + 1, ["outer"])] ?? "")
  )
    return null;
  if (!frameOf(scan).inList || readName(scan.source, at + 1) === null) return null;
  return join(scan, at);
}

const joinHints: ReadonlySet<string> = new Set(["loop", "hash", "merge", "remote"]);

function select(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.query = "select";
  frame.awaitsSource = false;
  endList(scan);
  return at + 1;
}

function clause(scan: Scan, at: number): number {
  endList(scan);
  return at + 1;
}

function forClause(scan: Scan, at: number): number {
  if (scan.source.words[at + 1] === "system_time") return at + 2;
  // A graph table that SHORTEST_PATH passes through.
  if (scan.source.words[at + 1] === "path" && frameOf(scan).inList) return readAlias(scan, at + 2);
  return clause(scan, at);
}

function on(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.expectsItem = false;
  // With no JOIN before it, what was taken for an alias is the table that the missing JOIN names.
  if (frame.joins === 0 && frame.alias?.next === at && frame.inList) addTable(scan, frame.alias, "read");
  frame.joins = Math.max(0, frame.joins - 1);
  return at + 1;
}

/** `select * orders where …`: FROM is missing. */
export function star(scan: Scan, at: number): void {
  const { source } = scan;
  const frame = frameOf(scan);
  if (frame.query !== "select" || !["select", ".", ","].includes(source.words[at - 1] ?? "")) return;
  const name = readName(source, at + 1);
  if (name !== null && fromGoesOn.has(source.words[name.next] ?? "")) frame.expectsItem = frame.inList = true;
}

/** Nothing less than one of these: a name alone may be FROM itself, half-typed. */
const fromGoesOn: ReadonlySet<string> = new Set(
  "where join left right inner full cross natural group order limit union".split(" "),
);

/** SQL Server: WINDOW is no reserved word, but what follows it tells. */
function isWindow(source: Source, at: number): boolean {
  return source.words[at] === "window" && follows(source, at + 2, "as", "(");
}

function window(scan: Scan, at: number): number | null {
  return isWindow(scan.source, at) ? clause(scan, at) : null;
}

function values(scan: Scan, at: number): number {
  frameOf(scan).awaitsSource = false;
  return clause(scan, at);
}

function table(scan: Scan, at: number): number {
  const name =
    scan.source.dialect === "postgresql" ? readName(scan.source, skipAny(scan.source, at + 1, ["only"])) : null;
  if (name === null) return at + 1;
  addTable(scan, name, "read");
  return name.next;
}

function operatorName(scan: Scan, at: number): number | null {
  if (scan.source.words[at + 1] !== "(") return null;
  const name = readAnyName(scan.source, at + 2);
  if (name === null || scan.source.words[name.next] !== ".") return null;
  addSchema(scan, lastPart(name));
  return name.next;
}

const sharedWords: readonly (readonly [string, WordHandler])[] = [
  ["from", from],
  ["join", join],
  ...["left", "right", "full", "inner", "cross", "natural"].map((word) => [word, joinKind] as const),
  ["using", using],
  ["select", select],
  ["values", values],
  ["into", into],
  ["insert", insert],
  ["merge", merge],
  ["delete", remove],
  ["update", update],
  ["table", table],
  ["with", withClause],
  ["on", on],
  ["for", forClause],
  ...["where", "group", "having", "order", "union", "except", "intersect", "set", "when"].map(
    (word) => [word, clause] as const,
  ),
];

const postgresWords: ReadonlyMap<string, WordHandler> = new Map([
  ...sharedWords,
  ...["limit", "offset", "fetch", "window", "returning"].map((word) => [word, clause] as const),
  ["operator", operatorName],
]);

const sqlServerWords: ReadonlyMap<string, WordHandler> = new Map([
  ...sharedWords,
  ["apply", join],
  ["window", window],
  ...["output", "option"].map((word) => [word, clause] as const),
]);
