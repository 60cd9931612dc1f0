import { readKind } from "../scan/kinds";
import { skipAny, skipGroup } from "../scan/source";
import { startsSqlServerStatement } from "../scan/words";
import { clauseWord } from "./clauseWords";
import { definition, isDefinition } from "./definitions";
import { begin, frameOf, query, type Reader, set } from "./reader";

/** Reads a word of the grammar. @returns the index after it */
export function keyword(reader: Reader, at: number, word: string): number {
  const { dialect } = reader.source;
  const frame = frameOf(reader);
  const isChange = changes.has(word);
  const isEventOf = isChange && isEvent(reader, at, word);
  if (isChange && !isEventOf) return verb(reader, at, word);
  if (word === "perform" && frame.expects === "start") return verb(reader, at, "select");
  if (frame.expects === "start" && isDefinition(word, dialect)) return definition(reader, at, word);
  if (!isEventOf && startsUnparted(reader, at, word)) {
    begin(reader);
    return isDefinition(word, dialect) ? definition(reader, at, word) : at + 1;
  }
  if (beginsBlock(reader, word)) {
    begin(reader);
    return at + 1;
  }
  if (frame.expects === "start" && reader.frames.length === 1 && reader.head === "") reader.head = word;
  const next = clauseWord(reader, at, word);
  if (next !== null) return next;
  frame.expects = "nothing";
  return at + 1;
}

const changes: ReadonlySet<string> = new Set(["select", "insert", "update", "delete", "merge"]);

/** Whether the word says upon what a trigger, rule or policy acts, what is granted, or how rows are locked. */
function isEvent({ source: { words }, head, object, frames }: Reader, at: number, word: string): boolean {
  const before = words[at - 1] ?? "";
  if (["grant", "revoke", "deny"].includes(head) || before === "or" || before === "of") return true;
  if (["on", "after", "before", "instead"].includes(before)) return word !== "select" || object === "rule";
  if (before === "for") return word !== "select" || object === "policy";
  return before === "," && object === "trigger" && frames.length === 1;
}

/** SQL Server: statements need nothing between them. */
function startsUnparted({ source, head, object, frames }: Reader, at: number, word: string): boolean {
  if (source.dialect !== "sqlserver" || frames.length > 1 || !startsSqlServerStatement(word)) return false;
  const before = source.words[at - 1] ?? "";
  if (before === "with" || before === "or" || before === "for" || before === "on") return false;
  if (word === "else" || word === "begin" || word === "end" || word === "fetch") return false;
  if (word === "if" && ["exists", "not"].includes(source.words[at + 1] ?? "") && kindWords.has(before)) return false;
  const isPart = head === "alter" && object === "table" && (word === "alter" || word === "drop");
  if (!isPart) return true;
  const kind = readKind(source, at + 1);
  return kind !== null && kind.names !== "column" && kind.phrase !== "constraint";
}

const kindWords: ReadonlySet<string> = new Set([
  "table",
  "view",
  "procedure",
  "proc",
  "function",
  "trigger",
  "index",
  "column",
  "constraint",
]);

/** Whether a statement of a body may begin after the word; CASE has some of the same words. */
function beginsBlock(reader: Reader, word: string): boolean {
  if (word === "begin" || word === "loop" || word === "declare") return true;
  const { verb } = frameOf(reader);
  return (word === "then" || word === "else") && verb === "" && reader.frames.length === 1;
}

function verb(reader: Reader, at: number, word: string): number {
  const { words, dialect } = reader.source;
  const before = words[at - 1] ?? "";
  const own = frameOf(reader);
  if (own.verb === "merge" && before === "then") {
    own.next = word === "insert" ? { clause: "names", target: own.target } : null;
    set(own, "none", "nothing");
    return at + 1;
  }
  if (word === "update" && before === "do") return at + 1;
  if (reader.head === "" && reader.frames.length === 1) reader.head = word;
  const frame = query(reader, word);
  if (word === "select") {
    set(frame, "expression", "operand");
    return afterTop(reader, at + 1);
  }
  frame.role = "target";
  const isServer = dialect === "sqlserver";
  set(frame, "none", word === "update" || isServer ? "table" : "nothing");
  if (word === "update" && words[at + 1] === "statistics") return at + 2;
  return isServer ? afterTop(reader, at + 1) : at + 1;
}

/** SQL Server's TOP, with its number. */
function afterTop({ source }: Reader, first: number): number {
  const at = skipAny(source, first, ["distinct", "all"]);
  if (source.dialect !== "sqlserver" || source.words[at] !== "top") return first;
  const number = source.words[at + 1] === "(" ? skipGroup(source, at + 1) : at + 2;
  const percent = skipAny(source, number, ["percent"]);
  return source.words[percent] === "with" && source.words[percent + 1] === "ties" ? percent + 2 : percent;
}
