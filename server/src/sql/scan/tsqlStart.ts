import { isReaction } from "./changes";
import { readKind } from "./kinds";
import { isCutOff } from "./names";
import type { Source } from "./source";
import { frameOf, type Scan } from "./state";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/** Whether a statement begins at this token, though nothing need part it from the one before. */
export function startsHere(scan: Scan, at: number): boolean {
  const { words } = scan.source;
  const word = words[at] ?? "";
  if (scan.definition === null && scan.frames.length === 1 && beginsUnparted(scan.source, at)) return true;
  if (!startsSqlServerStatement(word)) return false;
  const before = words[at - 1] ?? "";
  if (scan.frames.length > 1 && !neverInside.has(word)) {
    const isFree = beginsChange.has(word) || (isFlush(scan.source, at) && before !== "(");
    if (!isFree || !isUnclosed(scan)) return false;
  }
  if (before === "." && !isCutOff(scan.source, at)) return false;
  if (word === "exec" || word === "execute") return words[at + 1] !== "as" || (before !== "with" && before !== ",");
  if (noStart.get(word)?.includes(before) && !(before === "," && isFlush(scan.source, at))) return false;
  if (isReaction(scan.source, at)) return false;
  if (word === "select") return !frameOf(scan).awaitsSource && at !== scan.mainStart;
  if (word === "drop" || word === "alter") return scan.definition === null || readKind(scan.source, at + 1) !== null;
  if (word === "if") return words[at - 1] !== "column" && words[at - 1] !== "constraint";
  return !(word === "merge" && words[at + 1] === "join");
}

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

/** These end what an unclosed parenthesis holds. */
const beginsChange: ReadonlySet<string> = new Set(["alter", "drop", "insert", "update", "delete", "merge", "if"]);

function isUnclosed(scan: Scan): boolean {
  return scan.source.closing[frameOf(scan).first - 1] === scan.source.tokens.length;
}

/** Whether a word stands in a line's first column, where people begin a statement even after a comma that is left over. */
function isFlush({ text, tokens }: Source, at: number): boolean {
  return /[\r\n]/.test(text[(tokens[at]?.start ?? 0) - 1] ?? "");
}

const dataEvents = ["then", "for", "after", "of", ",", "bulk"];

const noStart: ReadonlyMap<string, readonly string[]> = new Map([
  ["insert", dataEvents],
  ["update", dataEvents],
  ["delete", dataEvents],
  ["select", ["union", "all", "except", "intersect", "for", "("]],
  ["fetch", ["rows", "row"]],
  ["grant", ["with"]],
  ["alter", ["or"]],
  ["begin", []],
]);

/** Whether what began before is left unfinished, and a line begins another statement. */
export function breaksOff(source: Source, at: number): boolean {
  const word = source.words[at] ?? "";
  if (!startsSqlServerStatement(word) || !isFlush(source, at)) return false;
  return !noStart.get(word)?.includes(source.words[at - 1] ?? "");
}
