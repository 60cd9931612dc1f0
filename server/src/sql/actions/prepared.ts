import { type Source, skipAny, skipGroup } from "../scan/source";
import { findWords, itemsBetween } from "./reading";

/** Where the statement begins that EXPLAIN carries out, as it does with ANALYZE alone; the end where it carries out none. */
export function explainedAt(source: Source, from: number, to: number): number {
  const { words } = source;
  if (words[from + 1] !== "(") {
    const at = skipAny(source, from + 1, ["analyze", "analyse", "verbose"]);
    return words.slice(from, at).some((word) => analyze.has(word)) ? at : to;
  }
  const close = skipGroup(source, from + 1);
  const options = itemsBetween(source, from + 2, close - 1);
  const isOn = options.some(
    (option) => analyze.has(words[option.from] ?? "") && !off.has(words[option.from + 1] ?? ""),
  );
  return isOn ? close : to;
}

/** Where the statement begins that PREPARE is for: it is carried out as it stands, only later. */
export function preparedAt(source: Source, from: number, to: number): number {
  const as = findWords(source, from, to, "as");
  return as < 0 ? to : as + 1;
}

const analyze: ReadonlySet<string> = new Set(["analyze", "analyse"]);
const off: ReadonlySet<string> = new Set(["false", "off", "0"]);
