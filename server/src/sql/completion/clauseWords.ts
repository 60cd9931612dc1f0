import { readKind } from "../scan/kinds";
import { skipAny } from "../scan/source";
import { begin, frameOf, isCalculated, newFrame, type Reader, set } from "./reader";

/** What a word says of what comes next; null for one that says nothing. */
export function clauseWord(reader: Reader, at: number, word: string): number | null {
  return clauseWords.get(word)?.(reader, at) ?? null;
}

/** Reads a word. @returns the index to go on from, or null where it says nothing here */
type WordReader = (reader: Reader, at: number) => number | null;

/** A word after which the next one is read, whatever it says. */
function one(read: (reader: Reader, at: number) => void): WordReader {
  return (reader, at) => {
    read(reader, at);
    return at + 1;
  };
}

function all(words: string, read: WordReader): (readonly [string, WordReader])[] {
  return words.split(" ").map((word) => [word, read]);
}

const clauseWords: ReadonlyMap<string, WordReader> = new Map<string, WordReader>([
  ["from", one(from)],
  ...all("join apply", one(tables)),
  ["using", one(using)],
  ["on", on],
  ["by", one(by)],
  ...all("where having when elsif return", one(condition)),
  ...all("and or not between in ilike similar case then else distinct any all", one(operand)),
  ["like", one(like)],
  ["set", assignments],
  ["values", one(values)],
  ...all("returning output", one(changedRows)),
  ["into", one(into)],
  ["as", one(as)],
  ...all("references inherits", one(reference)),
  ...all("inherit transfer", one(alteredReference)),
  ["of", one(of)],
  ["partition", one(partition)],
  ["to", one(to)],
  ...all("drop alter rename column", alteredColumn),
  ["add", one(nothing)],
  ...all("key unique include check", one(constraint)),
  ...all("union except intersect", one(nextQuery)),
  ...all("clustered nonclustered only lateral concurrently", (_, at) => at + 1),
  ["if", ({ source }, at) => skipAny(source, at + 1, ["not", "exists"])],
  ["table", one(tableOfWord)],
  ["with", common],
]);

function wordBefore({ source }: Reader, at: number): string {
  return source.words[at - 1] ?? "";
}

function isAltered({ head, frames }: Reader): boolean {
  return head === "alter" && frames.length === 1 && frames[0]?.verb === "";
}

function from(reader: Reader, at: number): void {
  const frame = frameOf(reader);
  const { verb } = frame;
  const { head, object, source } = reader;
  const isComparison = wordBefore(reader, at) === "distinct" && ["is", "not"].includes(source.words[at - 2] ?? "");
  if (isComparison) frame.expects = "operand";
  else if (verb === "delete" && frame.target === null) set(frame, "tables", "table");
  else if (["select", "delete", "update"].includes(verb)) tables(reader);
  else if (head === "create" && (object === "statistics" || object === "trigger")) table(reader, "source", false);
  else frame.expects = frame.clause === "expression" && reader.frames.length > 1 ? "operand" : "nothing";
}

function tables(reader: Reader): void {
  table(reader, "source", true);
}

function reference(reader: Reader): void {
  table(reader, "reference", false);
}

function nothing(reader: Reader): void {
  frameOf(reader).expects = "nothing";
}

function condition(reader: Reader): void {
  set(frameOf(reader), "expression", "operand");
}

function operand(reader: Reader, at: number): void {
  const isQuery = betweenQueries.has(wordBefore(reader, at));
  frameOf(reader).expects = isQuery ? "start" : operandIn(reader);
}

const betweenQueries: ReadonlySet<string> = new Set(["union", "except", "intersect"]);

function nextQuery(reader: Reader): void {
  frameOf(reader).expects = "start";
}

function like(reader: Reader, at: number): void {
  const frame = frameOf(reader);
  if (frame.clause === "definition" && ["(", ","].includes(wordBefore(reader, at))) reference(reader);
  else frame.expects = operandIn(reader);
}

function assignments(reader: Reader, at: number): number {
  const frame = frameOf(reader);
  if (reader.source.words[at + 1] === "identity_insert") {
    table(reader, "source", false);
    return at + 2;
  }
  frame.next = null;
  if (["update", "merge", "insert"].includes(frame.verb)) set(frame, "assignments", "target");
  else set(frame, "none", "nothing");
  return at + 1;
}

function values(reader: Reader): void {
  const frame = frameOf(reader);
  if (frame.verb === "insert") frame.scope = { ...frame.scope, sources: [] };
  set(frame, "expression", "nothing");
  frame.next = null;
}

function changedRows(reader: Reader): void {
  targetScope(reader);
  condition(reader);
}

function into(reader: Reader): void {
  const frame = frameOf(reader);
  const isChange = frame.target === null && (frame.verb === "insert" || frame.verb === "merge");
  frame.expects = isChange ? "table" : "nothing";
}

function alteredReference(reader: Reader): void {
  if (isAltered(reader)) reference(reader);
}

function of(reader: Reader, at: number): void {
  const before = wordBefore(reader, at);
  if (before === "partition") reference(reader);
  else if (before === "update" && reader.object === "trigger") set(frameOf(reader), "names", "target");
  else nothing(reader);
}

function partition(reader: Reader, at: number): void {
  if (["attach", "detach"].includes(wordBefore(reader, at))) reference(reader);
  else nothing(reader);
}

function to(reader: Reader): void {
  if (reader.object === "rule" && reader.head === "create") table(reader, "target", false);
  else nothing(reader);
}

function alteredColumn(reader: Reader, at: number): number | null {
  if (!isAltered(reader) || reader.object !== "table") return null;
  frameOf(reader).expects = wordBefore(reader, at) === "add" ? "nothing" : "target";
  return at + 1;
}

function constraint(reader: Reader, at: number): void {
  const frame = frameOf(reader);
  frame.next = { clause: reader.source.words[at] === "check" ? "expression" : "names", target: frame.target };
  frame.expects = "nothing";
}

/** `CREATE PUBLICATION … FOR TABLE`, `GRANT … ON TABLE`, `ALTER PUBLICATION … ADD TABLE`. */
function tableOfWord(reader: Reader, at: number): void {
  if (["for", "on", "add"].includes(wordBefore(reader, at))) tables(reader);
}

function common(reader: Reader, at: number): number | null {
  const frame = frameOf(reader);
  if (frame.expects !== "start" && frame.verb !== "insert") return null;
  set(frame, "common", "nothing");
  frame.isRecursive = reader.source.dialect === "sqlserver" || reader.source.words[at + 1] === "recursive";
  return skipAny(reader.source, at + 1, ["recursive"]);
}

function table(reader: Reader, role: "target" | "source" | "reference", isList: boolean): void {
  const frame = frameOf(reader);
  frame.role = role;
  frame.expects = "table";
  frame.next = null;
  if (isList) frame.clause = "tables";
}

function operandIn(reader: Reader): "operand" | "nothing" {
  return isCalculated(frameOf(reader)) ? "operand" : "nothing";
}

/** The tables to DELETE by and MERGE from; what a JOIN's tables have in common; an index's method; a policy's condition; what a column becomes. */
function using(reader: Reader, at: number): void {
  const isParenthesised = reader.source.words[at + 1] === "(";
  const frame = frameOf(reader);
  const { verb, scope, target } = frame;
  const isJoin = isParenthesised && (verb === "select" || verb === "update" || scope.sources.length > 1);
  if ((verb === "delete" || verb === "merge") && !isJoin) return tables(reader);
  frame.expects = "nothing";
  if (isAltered(reader) && reader.object === "table") condition(reader);
  else if (verb === "") frame.next = { clause: reader.object === "index" ? "names" : "expression", target };
  else if (isJoin) frame.next = { clause: "joined", target: null };
}

function on(reader: Reader, at: number): number {
  const { source, head, object } = reader;
  const after = source.words[at + 1] ?? "";
  const frame = frameOf(reader);
  if (source.words[at - 1] === "distinct") {
    frame.next = { clause: "expression", target: null };
    frame.expects = "nothing";
  } else if (after === "conflict") {
    targetScope(reader);
    frame.next = { clause: "names", target: frame.target };
    frame.expects = "nothing";
    return at + 2;
  } else if (frame.verb !== "") set(frame, "join-condition", "operand");
  else if (["grant", "revoke", "deny", "comment"].includes(head) && frame.expects !== "alias") {
    const kind = readKind(source, at + 1);
    if (kind === null || kind.names === "table") table(reader, "source", head !== "comment");
    else frame.expects = kind.names === "column" ? "column-path" : "nothing";
    return kind?.next ?? at + 1;
  } else if (
    (frame.clause === "none" || frame.clause === "names") &&
    object !== "table" &&
    object !== "rule" &&
    reader.frames.length === 1
  ) {
    table(reader, "target", false);
  } else frame.expects = "nothing";
  return at + 1;
}

function by(reader: Reader, at: number): void {
  const before = wordBefore(reader, at);
  const frame = frameOf(reader);
  if (before === "owned") frame.expects = "column-path";
  else if (frame.verb !== "" || frame.clause === "expression") set(frame, "expression", "operand");
  else {
    frame.expects = "nothing";
    if (before === "partition") frame.next = { clause: "expression", target: frame.target };
  }
}

/** A body, a query that makes a table, or an alias. */
function as(reader: Reader): void {
  const frame = frameOf(reader);
  const isOwn = reader.frames.length === 1 && frame.verb === "";
  if (isOwn && ((holders.has(reader.object) && reader.head !== "drop") || reader.head === "prepare")) {
    const trigger = reader.object === "trigger" ? frame.target : null;
    begin(reader);
    reader.trigger = trigger;
  } else frame.expects = frame.clause === "tables" || frame.expects === "alias" ? "alias" : "nothing";
}

const holders: ReadonlySet<string> = new Set([
  "table",
  "view",
  "materialized view",
  "function",
  "procedure",
  "proc",
  "trigger",
]);

/** What is said of a change after the query that it takes its rows from is about its target again. */
function targetScope(reader: Reader): void {
  const frame = frameOf(reader);
  const { target, scope, outer, common } = frame;
  if (target === null || scope.sources.includes(target)) return;
  frame.scope = { ...newFrame(outer, "none", "nothing", common).scope, sources: [target] };
}
