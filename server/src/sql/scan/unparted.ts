import { follows, type Source } from "./source";

/**
 * SQL Server: whether a statement or a label begins here with a word that is not reserved, so that it might be read as an alias of the
 * statement before it, from which nothing parts it.
 */
export function beginsUnparted(source: Source, at: number): boolean {
  if (source.dialect !== "sqlserver" || source.tokens[at]?.kind !== "word") return false;
  if (source.words[at + 1] === ":") return true;
  return beginnings.some((words) => follows(source, at, ...words));
}

const beginnings: readonly (readonly string[])[] = [
  ["throw"],
  ["receive"],
  ["send", "on", "conversation"],
  ["get", "conversation"],
  ["move", "conversation"],
  ["enable", "trigger"],
  ["disable", "trigger"],
  ["copy", "into"],
  ["rename", "object"],
  ["add", "sensitivity", "classification"],
  ["add", "signature", "to"],
];
