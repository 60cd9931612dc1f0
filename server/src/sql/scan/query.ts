import { isWindow, readAlias } from "./alias";
import { endList, insert, into, merge, remove, update } from "./changes";
import { withClause } from "./expressions";
import { from, join, joinKind, on, using } from "./fromList";
import { lastPart, readAnyName, readName } from "./names";
import { skipAny } from "./source";
import { addSchema, addTable, frameOf, type Scan, type WordHandler } from "./state";

/** The words of queries and data changes, wherever they stand. */
export function queryWord(scan: Scan, word: string): WordHandler | undefined {
  return scan.source.dialect === "postgresql" ? postgresWords.get(word) : sqlServerWords.get(word);
}

function select(scan: Scan, at: number): number {
  const frame = frameOf(scan);
  frame.query = "select";
  frame.hasFrom = false;
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

function setClause(scan: Scan, at: number): number {
  frameOf(scan).awaitsSet = false;
  return clause(scan, at);
}

/** What MERGE does, and no part of a CASE in the condition of a join, after which the FROM list goes on. */
function whenClause(scan: Scan, at: number): number | null {
  return scan.source.words[skipAny(scan.source, at + 1, ["not"])] === "matched" ? clause(scan, at) : null;
}

/** `CROSS APPLY` and `OUTER APPLY`; alone it is a column's name. */
function apply(scan: Scan, at: number): number | null {
  const before = scan.source.words[at - 1];
  return before === "cross" || before === "outer" ? join(scan, at) : null;
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
  ["set", setClause],
  ["when", whenClause],
  ...["where", "group", "having", "order", "union", "except", "intersect"].map((word) => [word, clause] as const),
];

const postgresWords: ReadonlyMap<string, WordHandler> = new Map([
  ...sharedWords,
  ...["limit", "offset", "fetch", "window", "returning"].map((word) => [word, clause] as const),
  ["operator", operatorName],
  ["by", (scan, at) => (scan.source.refused && frameOf(scan).inList ? clause(scan, at) : null)],
]);

const sqlServerWords: ReadonlyMap<string, WordHandler> = new Map([
  ...sharedWords,
  ["apply", apply],
  ["window", window],
  ...["output", "option"].map((word) => [word, clause] as const),
]);
