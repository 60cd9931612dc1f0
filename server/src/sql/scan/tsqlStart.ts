import { isReaction } from "./changes";
import { readKind } from "./kinds";
import { isCutOff, readName } from "./names";
import { follows, isVariable, type Source, skipGroup } from "./source";
import { frameOf, type Scan } from "./state";
import { beforeColumns, beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/** Whether a statement begins at this token, though nothing need part it from the one before. */
export function startsHere(scan: Scan, at: number): boolean {
  const { words } = scan.source;
  const word = words[at] ?? "";
  if (isOfCase(scan, word, words[at - 1] === ".")) return false;
  // What begins an element is the name of a column, or an action of ALTER TABLE.
  if (!scan.atElement && scan.frames.length === 1 && beginsUnparted(scan.source, at)) return true;
  if (word === "set") return startsSet(scan, at);
  if (word === "with") return startsWith(scan, at);
  if (!startsSqlServerStatement(word)) return false;
  const before = words[at - 1] ?? "";
  if (scan.frames.length > 1 && !neverInside.has(word)) {
    const isFree = endsUnclosed(word) || (isFlush(scan.source, at) && before !== "(");
    if (!isFree || !isUnclosed(scan)) return false;
  }
  if (before === "." && !isCutOff(scan.source, at)) return false;
  if (word === "exec" || word === "execute") return words[at + 1] !== "as" || (before !== "with" && before !== ",");
  if (goesOn(scan, at)) return false;
  if (isReaction(scan.source, at)) return false;
  if ((word === "update" && words[at + 1] === "(") || (word === "grant" && words[at + 1] === "option")) return false;
  if (word === "select") return !frameOf(scan).awaitsSource && at !== scan.mainStart;
  if (word === "drop" || word === "alter")
    return scan.definition === null || words[at + 1] === "authorization" || readKind(scan.source, at + 1) !== null;
  if (word === "if") return words[at - 1] !== "column" && words[at - 1] !== "constraint";
  // Besides the statement, MERGE is a way to join and an action on a partition function.
  return !(word === "merge" && (words[at + 1] === "join" || follows(scan.source, at + 1, "range", "(")));
}

/** Whether the word belongs to what stands before it, as in `UNION SELECT` and `FOR UPDATE`. */
function goesOn({ source, cases }: Scan, at: number): boolean {
  const before = source.words[at - 1] ?? "";
  if (!noStart.get(source.words[at] ?? "")?.includes(before)) return false;
  if (before === ",") return !isFlush(source, at);
  return before !== "then" || cases === 0;
}

/** Whether what begins at this token is a statement of its own: not the main part of one that began with WITH, nor the EXEC that feeds an INSERT. */
export function isOwnStatement(scan: Scan, at: number): boolean {
  const word = scan.source.words[at];
  const feeds = frameOf(scan).awaitsSource && (word === "exec" || word === "execute");
  return at !== scan.mainStart && !feeds;
}

/** Whether the word is CASE or ends a part of it: its ELSE and END are those of no block. */
function isOfCase(scan: Scan, word: string, isColumn: boolean): boolean {
  if (isColumn) return false;
  if (word === "case") scan.cases++;
  else if (scan.cases > 0 && word === "end") scan.cases--;
  else return scan.cases > 0 && word === "else";
  return true;
}

/** SET also belongs to UPDATE, ALTER TABLE and ALTER DATABASE; a variable or an option of the session stands after its own statement's. */
function startsSet(scan: Scan, at: number): boolean {
  const { source } = scan;
  if (scan.frames.length > 1 || frameOf(scan).awaitsSet || source.words[at - 1] === "update") return false;
  return isVariable(source, at + 1) || sessionOptions.test(source.words[at + 1] ?? "");
}

const sessionOptions =
  /^(?:ansi_\w+|arithabort|arithignore|concat_null_yields_null|context_info|cursor_close_on_commit|datefirst|dateformat|deadlock_priority|fips_flagger|fmtonly|forceplan|identity_insert|implicit_transactions|language|lock_timeout|nocount|noexec|numeric_roundabort|offsets|parseonly|query_governor_cost_limit|quoted_identifier|remote_proc_transactions|rowcount|showplan_\w+|statistics|textsize|transaction|xact_abort)$/;

/** Common table expressions begin a statement; hints and options, in parentheses, belong to one. */
function startsWith(scan: Scan, at: number): boolean {
  const { words } = scan.source;
  if (scan.frames.length > 1 || noWith.has(words[at - 1] ?? "")) return false;
  if (["xmlnamespaces", "change_tracking_context"].includes(words[at + 1] ?? "")) return true;
  const name = readName(scan.source, at + 1);
  if (name === null || name.parts.length > 1) return false;
  return follows(scan.source, skipGroup(scan.source, name.next), "as", "(");
}

/** After these the query of a view, a routine or a cursor begins. */
const noWith: ReadonlySet<string> = new Set(["as", "for"]);

/** Inside parentheses these mean that the parentheses were never closed. */
const neverInside: ReadonlySet<string> = new Set([
  "create",
  "declare",
  "exec",
  "execute",
  "truncate",
  "grant",
  "print",
  "while",
]);

/** These end what an unclosed parenthesis holds: all but the words of queries, of CASE and of OPENROWSET. */
const endsUnclosed = (word: string) => !mayStandInside.has(word);
const mayStandInside: ReadonlySet<string> = new Set(["select", "else", "end", "bulk", "receive"]);

function isUnclosed(scan: Scan): boolean {
  return scan.source.closing[frameOf(scan).first - 1] === scan.source.tokens.length;
}

/** Whether a word stands in a line's first column, where people begin a statement even after a comma that is left over. */
function isFlush({ text, tokens }: Source, at: number): boolean {
  return /[\r\n]/.test(text[(tokens.get(at)?.start ?? 0) - 1] ?? "");
}

const dataEvents = ["then", "for", "after", "of", ",", "bulk"];

const noStart: ReadonlyMap<string, readonly string[]> = new Map([
  ["bulk", ["insert", "writetext", "updatetext"]],
  ["insert", dataEvents],
  ["update", dataEvents],
  ["delete", dataEvents],
  ["select", ["union", "all", "except", "intersect", "for", "("]],
  ["fetch", ["rows", "row"]],
  ["grant", ["with"]],
  ["alter", ["or"]],
  ["receive", ["from", "join", "into", "update", "delete", "insert", "table", ...beforeColumns]],
  ["end", ["row", "transaction_id", "sequence_number"]],
]);

/** Whether what began before is left unfinished, and a line begins another statement. */
export function breaksOff(source: Source, at: number): boolean {
  const word = source.words[at] ?? "";
  if (!startsSqlServerStatement(word) || !isFlush(source, at)) return false;
  return !noStart.get(word)?.includes(source.words[at - 1] ?? "");
}
