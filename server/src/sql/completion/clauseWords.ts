import { readKind } from "../scan/kinds";
import { skipAny } from "../scan/source";
import { begin, frameOf, newFrame, type Reader, set } from "./reader";

/** What a word says of what comes next; null for one that says nothing. */
export function clauseWord(reader: Reader, at: number, word: string): number | null {
  const { words } = reader.source;
  const before = words[at - 1] ?? "";
  const frame = frameOf(reader);
  const { verb } = frame;
  const { head, object } = reader;
  const isTop = reader.frames.length === 1;
  const isAltered = head === "alter" && verb === "" && isTop;
  switch (word) {
    case "from":
      if (before === "distinct" && (words[at - 2] === "is" || words[at - 2] === "not")) frame.expects = "operand";
      else if (verb === "delete" && frame.target === null) set(frame, "tables", "table");
      else if (["select", "delete", "update"].includes(verb)) table(reader, "source", true);
      else if (head === "create" && (object === "statistics" || object === "trigger")) table(reader, "source", false);
      else frame.expects = frame.clause === "expression" && !isTop ? "operand" : "nothing";
      return at + 1;
    case "join":
    case "apply":
      table(reader, "source", true);
      return at + 1;
    case "using":
      using(reader, words[at + 1] === "(");
      return at + 1;
    case "on":
      return on(reader, at);
    case "by":
      by(reader, before);
      return at + 1;
    case "where":
    case "having":
    case "when":
    case "elsif":
    case "return":
      set(frame, "expression", "operand");
      return at + 1;
    case "and":
    case "or":
    case "not":
    case "between":
    case "in":
    case "ilike":
    case "similar":
    case "case":
    case "then":
    case "else":
    case "distinct":
    case "any":
    case "all":
      frame.expects = before === "union" || before === "except" || before === "intersect" ? "start" : operandIn(reader);
      return at + 1;
    case "like":
      if (frame.clause === "definition" && (before === "(" || before === ",")) table(reader, "reference", false);
      else frame.expects = operandIn(reader);
      return at + 1;
    case "set":
      if (words[at + 1] === "identity_insert") table(reader, "source", false);
      else if (["update", "merge", "insert"].includes(verb)) set(frame, "assignments", "target");
      else set(frame, "none", "nothing");
      return words[at + 1] === "identity_insert" ? at + 2 : at + 1;
    case "values":
      if (verb === "insert") frame.scope = { ...frame.scope, sources: [] };
      set(frame, "expression", "nothing");
      frame.next = null;
      return at + 1;
    case "returning":
    case "output":
      targetScope(reader);
      set(frame, "expression", "operand");
      return at + 1;
    case "into":
      if (frame.target === null && (verb === "insert" || verb === "merge")) frame.expects = "table";
      else frame.expects = "nothing";
      return at + 1;
    case "as":
      as(reader);
      return at + 1;
    case "references":
    case "inherits":
      table(reader, "reference", false);
      return at + 1;
    case "inherit":
    case "transfer":
      if (isAltered) table(reader, "reference", false);
      return at + 1;
    case "of":
      if (before === "partition") table(reader, "reference", false);
      else if (before === "update" && object === "trigger") set(frame, "names", "target");
      else frame.expects = "nothing";
      return at + 1;
    case "partition":
      if (before === "attach" || before === "detach") table(reader, "reference", false);
      else frame.expects = "nothing";
      return at + 1;
    case "to":
      if (object === "rule" && head === "create") table(reader, "target", false);
      else frame.expects = "nothing";
      return at + 1;
    case "drop":
    case "alter":
    case "rename":
    case "column":
      if (!isAltered || object !== "table") return null;
      frame.expects = before === "add" ? "nothing" : "target";
      return at + 1;
    case "add":
      frame.expects = "nothing";
      return at + 1;
    case "key":
    case "unique":
    case "include":
    case "check":
      frame.next = { clause: word === "check" ? "expression" : "names", target: frame.target };
      frame.expects = "nothing";
      return at + 1;
    case "clustered":
    case "nonclustered":
      return at + 1;
    case "union":
    case "except":
    case "intersect":
      frame.expects = "start";
      return at + 1;
    case "only":
    case "lateral":
    case "concurrently":
      return at + 1;
    case "if":
      return skipAny(reader.source, at + 1, ["not", "exists"]);
    case "table":
      if (before === "for" || before === "on" || before === "add") table(reader, "source", true);
      return at + 1;
    case "with":
      if (frame.expects !== "start" && verb !== "insert") return null;
      set(frame, "common", "nothing");
      frame.isRecursive = reader.source.dialect === "sqlserver" || words[at + 1] === "recursive";
      return skipAny(reader.source, at + 1, ["recursive"]);
    default:
      return null;
  }
}

function table(reader: Reader, role: "target" | "source" | "reference", isList: boolean): void {
  const frame = frameOf(reader);
  frame.role = role;
  frame.expects = "table";
  if (isList) frame.clause = "tables";
}

function operandIn(reader: Reader): "operand" | "nothing" {
  const { clause } = frameOf(reader);
  return clause === "expression" || clause === "assignments" ? "operand" : "nothing";
}

/** The tables to DELETE by and MERGE from; what a JOIN's tables have in common; an index's method; a policy's condition. */
function using(reader: Reader, isParenthesised: boolean): void {
  const frame = frameOf(reader);
  const { verb, scope, target } = frame;
  const isJoin = isParenthesised && (verb === "select" || verb === "update" || scope.sources.length > 1);
  if ((verb === "delete" || verb === "merge") && !isJoin) return table(reader, "source", true);
  frame.expects = "nothing";
  if (verb === "") frame.next = { clause: reader.object === "index" ? "names" : "expression", target };
  else if (isJoin) frame.next = { clause: "expression", target: null };
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
  } else if (frame.verb !== "") set(frame, "expression", "operand");
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

function by(reader: Reader, before: string): void {
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
