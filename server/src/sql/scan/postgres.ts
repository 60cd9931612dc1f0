import { listOfTables } from "./definition";
import { type Kind, readKind } from "./kinds";
import { schemaList } from "./literals";
import { type Name, readName, withoutLast } from "./names";
import { listOfObjects } from "./objectLists";
import { create } from "./postgresCreate";
import {
  alterTable,
  begins,
  castTypes,
  definedParts,
  inert,
  listOfSchemas,
  namedList,
  namedSchema,
  oneTable,
  onTable,
  operatorName,
  skipArguments,
} from "./postgresNames";
import { lacksTable, recoverStatement } from "./recover";
import { doBlock } from "./routine";
import { follows, isLiteral, type Source, skipAny, skipGroup, skipWords } from "./source";
import { addObject, addTable, reference, type Scan, type WordHandler } from "./state";

/** How a statement of PostgreSQL begins; null where no command is known, and the text is read as a query. */
export function postgresStatement(scan: Scan, at: number): number | null {
  const handler = statements.get(scan.source.words[at] ?? "");
  return handler?.(scan, at) ?? recoverStatement(scan, at);
}

/** Words of PostgreSQL's commands that name schemas or tables, or begin another command, wherever they stand. */
export const commandWords: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["set", setting],
  ["in", (scan, at) => (scan.source.words[at + 1] === "schema" ? listOfSchemas(scan, at + 2) : null)],
  ["do", (scan, at) => begins(scan, skipAny(scan.source, at + 1, ["also", "instead"]))],
  ["table", publicationTables],
  ["create", (scan, at) => (scan.frames.length === 1 ? create(scan, at) : null)],
  ["grant", (scan, at) => (isElementOfSchema(scan) ? grant(scan, at) : null)],
]);

/** CREATE SCHEMA goes on with statements that nothing parts. */
function isElementOfSchema({ source, frames }: Scan): boolean {
  return frames.length === 1 && follows(source, 0, "create", "schema");
}

function setting(scan: Scan, at: number): number | null {
  const { source } = scan;
  const next = skipAny(source, at + 1, ["local", "session"]);
  if (follows(source, next, "search_path") && ["to", "="].includes(source.words[next + 1] ?? "")) {
    schemaList(scan, next + 2);
    return next + 2;
  }
  if (source.words[next] !== "schema" || source.words[next + 1] === "=") return null;
  schemaList(scan, next + 1);
  return next + 2;
}

function alter(scan: Scan, at: number): number | null {
  const { source } = scan;
  const kind = readKind(source, at + 1);
  if (kind === null) return null;
  const next = skipAny(source, kind.next, ["if", "exists", "only"]);
  if (kind.phrase === "default privileges") return defaultPrivileges(scan, next);
  if (kind.phrase === "extension") return alterExtension(scan, next);
  if (["publication", "role", "user", "database"].includes(kind.phrase)) return next;
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "on table") return onTable(scan, next);
  if (kind.phrase === "operator") return definedParts(scan, skipArguments(scan, operatorName(scan, next)));
  const isUnnamed = source.refused && kind.phrase === "sequence" && follows(source, next, "owned", "by");
  const name = isUnnamed ? null : readName(source, next);
  if (name === null) return next;
  if (kind.names === "schema") {
    namedSchema(scan, name, "alter");
    const renamed = follows(source, name.next, "rename", "to") ? readName(source, name.next + 2) : null;
    if (renamed !== null) namedSchema(scan, renamed, "create");
    return inert(scan, renamed?.next ?? name.next);
  }
  if (kind.names !== "table") return alterObject(scan, name, kind);
  return lacksTable(source, name) ? next : alterTable(scan, name);
}

function alterObject(scan: Scan, name: Name, kind: Kind): number {
  if (kind.names === "column" || kind.names === "table" || kind.names === "on table") return name.next;
  if (kind.names === "schema" || kind.names === "nothing") return name.next;
  addObject(scan, name, kind.names, "alter");
  if (kind.phrase.startsWith("operator ") || kind.phrase.startsWith("text search"))
    return definedParts(scan, name.next);
  if (follows(scan.source, name.next, "attach", "partition"))
    return listOfObjects(scan, name.next + 2, "index", "alter");
  return kind.names === "function" ? skipArguments(scan, name.next) : name.next;
}

/** Anything but a member that is added or taken out is left to the words that follow. */
function alterExtension(scan: Scan, at: number): number {
  const { source } = scan;
  const verb = readName(source, at)?.next ?? at;
  if (source.words[verb] !== "add" && source.words[verb] !== "drop") return verb;
  const kind = readKind(source, verb + 1);
  // What kind of object it is is missing: most are tables.
  if (kind === null) return source.refused ? inert(scan, oneTable(scan, verb + 1, "reference")) : verb + 1;
  return inert(
    scan,
    kind.phrase === "cast" ? castTypes(scan, kind.next) : namedList(scan, kind, kind.next, "reference"),
  );
}

function defaultPrivileges(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  while (next < source.tokens.length && source.words[next] !== ";" && !follows(source, next, "in", "schema")) next++;
  if (follows(source, next, "in", "schema")) listOfSchemas(scan, next + 2);
  return inert(scan, at);
}

function drop(scan: Scan, at: number): number | null {
  const { source } = scan;
  const kind = readKind(source, at + 1);
  if (kind === null) return null;
  const next = skipAny(source, kind.next, ["concurrently", "if", "exists"]);
  if (kind.phrase === "cast") return inert(scan, castTypes(scan, next));
  if (kind.names === "nothing") return inert(scan, next);
  if (kind.names === "on table") return onTable(scan, next);
  return inert(scan, namedList(scan, kind, next, "drop"));
}

/** COMMENT ON and SECURITY LABEL ON: one object, then a text. */
function comment(scan: Scan, at: number): number {
  const { source } = scan;
  const label = skipWords(source, at + 1, "label");
  const start = skipWords(source, source.words[label] === "for" ? label + 2 : label, "on");
  const kind = readKind(source, start);
  if (kind === null) return inert(scan, withoutKind(scan, start));
  if (kind.names === "on table") return inert(scan, onTable(scan, kind.next));
  if (kind.phrase === "cast") return inert(scan, castTypes(scan, kind.next));
  if (kind.names !== "column") return inert(scan, namedList(scan, kind, kind.next, "alter"));
  return inert(scan, ofColumn(scan, kind.next));
}

/** What the comment is on is what is missing: a column, which has its table's name, a table, or what is on one. */
function withoutKind(scan: Scan, at: number): number {
  const { source } = scan;
  const name = scan.source.refused ? readName(source, at) : null;
  if (name === null) return at;
  if (source.words[name.next] === "on") return onTable(scan, at);
  if (source.words[name.next] !== "is") return at;
  if (name.parts.length > 1) return ofColumn(scan, at);
  addTable(scan, name, "alter");
  return name.next;
}

function ofColumn(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readName(source, at);
  if (name === null) return at;
  // The column is not typed yet; of two dots the table is what is missing between them.
  const isCut = source.words[name.next] === "." || (source.refused && name.parts.length === 1);
  const table = !isCut ? withoutLast(name) : source.words[name.next + 1] === "." ? null : { ...name, next: at };
  if (table === null) return name.next;
  addTable(scan, table, "alter");
  // The column may be missing, or the word COLUMN: what stands before the dot is a schema then.
  const isKnown = source.words[at - 1] === "column" && name.next < source.tokens.length;
  if (source.refused && table.parts.length === 1 && (isCut || !isKnown))
    scan.found.unfinished = {
      start: reference(scan, table).start,
      instead: isCut ? null : { ...reference(scan, name), use: "alter" },
    };
  return skipAny(source, name.next, ["."]);
}

function grant(scan: Scan, at: number): number {
  const { source } = scan;
  let on = at + 1;
  while (on < source.tokens.length && !["on", "to", "from", ";"].includes(source.words[on] ?? ""))
    on = Math.max(on + 1, skipGroup(source, on));
  if (source.words[on] !== "on") {
    const table = skipPrivileges(scan, at + 1);
    return inert(scan, table === null ? on : listOfTables(scan, table, "alter"));
  }
  if (source.words[on + 1] === "all") {
    const listed = skipWords(source, on + 3, "in", "schema");
    return inert(scan, listed > on + 3 ? listOfSchemas(scan, listed) : on + 3);
  }
  const kind = readKind(source, on + 1);
  return inert(scan, kind === null ? listOfTables(scan, on + 1, "alter") : namedList(scan, kind, kind.next, "alter"));
}

/** The index after the privileges of a GRANT that lacks its ON; null where there are none, as where a role is granted. */
function skipPrivileges(scan: Scan, at: number): number | null {
  const { source } = scan;
  let next = skipWords(source, at, "grant", "option", "for");
  const start = next;
  while (privileges.has(source.words[next] ?? "")) next = skipGroup(source, next + 1);
  // Columns whose parenthesis isn't closed.
  if (source.words[next - 1] === "(") return null;
  return scan.source.refused && next > start ? skipWords(source, next, "table") : null;
}

const privileges: ReadonlySet<string> = new Set(
  "select insert update delete truncate references trigger usage execute create all privileges maintain ,".split(" "),
);

function publicationTables(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (!["for", "add", "set", "drop"].includes(source.words[at - 1] ?? "")) return null;
  for (let next = at + 1; ; next++) {
    next = skipAny(source, next, ["table", "only"]);
    const name = follows(source, next, "tables", "in") ? null : readName(source, next);
    if (name === null) return next;
    addTable(scan, name, "reference");
    next = skipGroup(source, skipAny(source, name.next, ["*"]));
    if (source.words[next] === "where") next = skipGroup(source, next + 1);
    if (source.words[next] !== ",") return next;
  }
}

function tablesThen(use: "read" | "write" | "alter"): WordHandler {
  return (scan, at) => {
    const { source } = scan;
    const next = skipAny(source, skipGroup(source, skipAny(source, at + 1, upkeepWords)), upkeepWords);
    return inert(scan, listOfTables(scan, source.refused ? skipOptions(source, next) : next, use));
  };
}

const upkeepWords: readonly string[] = [
  ...["verbose", "full", "freeze", "analyze", "concurrently", "materialized", "view", "table"],
];

/** The index after options of which a parenthesis is missing. */
function skipOptions(source: Source, at: number): number {
  let next = skipAny(source, at, ["("]);
  if (next === at && !upkeepOptions.has(source.words[at] ?? "")) return at;
  for (let word = source.words[next]; word !== undefined; word = source.words[next]) {
    const isValue = source.tokens.kindAt(next) === "number" || ["on", "off", "true", "false", ",", ")"].includes(word);
    if (!isValue && !upkeepOptions.has(word) && !upkeepWords.includes(word)) break;
    next++;
  }
  return next;
}

const upkeepOptions: ReadonlySet<string> = new Set([
  ...["parallel", "disable_page_skipping", "skip_locked", "index_cleanup", "process_main", "process_toast"],
  ...["buffer_usage_limit", "skip_database_stats", "only_database_stats"],
]);

function reindex(scan: Scan, at: number): number {
  const next = skipGroup(scan.source, at + 1);
  const kind = readKind(scan.source, next);
  return inert(
    scan,
    kind === null ? next : namedList(scan, kind, skipAny(scan.source, kind.next, ["concurrently"]), "alter"),
  );
}

function copy(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readName(source, skipWords(source, at + 1, "binary"));
  if (name === null) return source.words[at + 1] === "(" ? at + 1 : inert(scan, at + 1);
  const direction = skipGroup(source, name.next);
  addTable(scan, name, source.words[direction] === "to" ? "read" : "write");
  return inert(scan, name.next);
}

function explain(scan: Scan, at: number): number {
  return begins(scan, skipAny(scan.source, skipGroup(scan.source, at + 1), ["analyze", "analyse", "verbose"]));
}

/** PREPARE … AS and DECLARE … CURSOR FOR: another statement follows. */
function after(word: string): WordHandler {
  return (scan, at) => {
    const { source } = scan;
    let next = at + 1;
    while (next < source.tokens.length && source.words[next] !== word && !endsHeader.has(source.words[next] ?? ""))
      next++;
    return begins(scan, source.words[next] === word ? next + 1 : next);
  };
}

/** A statement begins here, though the word in front of it is missing. */
const endsHeader: ReadonlySet<string> = new Set([";", "select", "insert", "update", "delete", "merge", "values"]);

function importSchema(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (!follows(source, at + 1, "foreign", "schema")) return null;
  let next = at + 3;
  while (next < source.tokens.length && source.words[next] !== "into" && source.words[next] !== ";") next++;
  return inert(scan, source.words[next] === "into" ? listOfSchemas(scan, next + 1) : next);
}

/** CLUSTER [table [USING index]], and as it was written of old, CLUSTER index ON table. */
function cluster(scan: Scan, at: number): number {
  const { source } = scan;
  const next = skipAny(source, skipGroup(source, at + 1), ["verbose"]);
  const name = readName(source, next);
  // Of `CLUSTER index ON table` either may be missing, or ON.
  const on = name?.next ?? next;
  const table = skipWords(source, on, "on");
  if (table === on && !(source.refused && name !== null && readName(source, on) !== null))
    return inert(scan, listOfTables(scan, next, "alter", 1));
  if (name !== null) addObject(scan, name, "index", "read");
  return inert(scan, oneTable(scan, table, "alter"));
}

function startsSetting(scan: Scan, at: number): number {
  const constraints =
    scan.source.words[at + 1] === "constraints" ? listOfObjects(scan, at + 2, "constraint", "alter") : null;
  return inert(scan, constraints ?? setting(scan, at) ?? at + 1);
}

const rest: WordHandler = (scan, at) =>
  scan.source.words[at + 1] === "." || isLiteral(scan.source, at + 1) ? null : inert(scan, at + 1);

/** A prepared statement's arguments are expressions. */
const execute: WordHandler = (scan, at) => readName(scan.source, at + 1)?.next ?? rest(scan, at);

const statements: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["create", create],
  ["alter", alter],
  ["drop", drop],
  ["comment", comment],
  ["security", comment],
  ["grant", grant],
  ["revoke", grant],
  ["truncate", tablesThen("write")],
  ["lock", tablesThen("read")],
  ["vacuum", tablesThen("alter")],
  ["analyze", tablesThen("alter")],
  ["analyse", tablesThen("alter")],
  ["cluster", cluster],
  ["refresh", tablesThen("write")],
  ["reindex", reindex],
  ["copy", copy],
  ["explain", explain],
  ["prepare", after("as")],
  ["declare", after("for")],
  ["import", importSchema],
  ["do", doBlock],
  ["execute", execute],
  ["set", startsSetting],
  ...[
    "reset",
    "show",
    "fetch",
    "move",
    "close",
    "listen",
    "notify",
    "unlisten",
    "begin",
    "start",
    "commit",
    "rollback",
    "savepoint",
  ].map((word) => [word, rest] as const),
  ...["release", "end", "abort", "discard", "deallocate", "load", "checkpoint", "reassign"].map(
    (word) => [word, rest] as const,
  ),
]);
