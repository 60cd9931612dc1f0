import { follows, type Source } from "./source";

/**
 * SQL Server: whether a statement or a label begins here with a word that is not reserved, so that it might be read as an alias of the
 * statement before it, from which nothing parts it.
 */
export function beginsUnparted(source: Source, at: number): boolean {
  if (source.dialect !== "sqlserver" || source.tokens.kindAt(at) !== "word") return false;
  if (source.words[at + 1] === ":") return true;
  const before = source.words[at - 1] ?? "";
  const word = source.words[at] ?? "";
  if (beforeNames.has(before) || (word === "receive" && beforeColumns.includes(before))) return false;
  const rests = beginnings.get(word);
  return rests?.some((words) => follows(source, at + 1, ...words)) ?? false;
}

/** After these the word is the name of a table. */
const beforeNames: ReadonlySet<string> = new Set(["from", "join", "into", "update", "table"]);

/** After these RECEIVE is the name of a column. */
export const beforeColumns: readonly string[] = "select distinct where and or not by having when set = ( ,".split(" ");

/** The first word, and what comes after it. */
const beginnings: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["throw", [[]]],
  ["sp_executesql", [[]]],
  ["receive", [[]]],
  ["send", [["on", "conversation"]]],
  ["get", [["conversation"]]],
  ["move", [["conversation"]]],
  ["enable", [["trigger"]]],
  ["disable", [["trigger"]]],
  ["copy", [["into"]]],
  ["rename", [["object"]]],
  [
    "add",
    [
      ["sensitivity", "classification"],
      ["signature", "to"],
    ],
  ],
]);
