import { lastPart, readAnyName, readName } from "./names";
import { follows, type Source, skipAny, skipGroup } from "./source";
import { addTable, isUnfinished, reference, type Scan } from "./state";

export function foreignKeyColumns(scan: Scan, at: number): number | null {
  const { source, definition } = scan;
  if (definition === null || source.words[at + 1] !== "key") return null;
  const open =
    source.words[at + 2] === "("
      ? at + 2
      : source.words[at + 3] === "(" && readName(source, at + 2) !== null
        ? at + 3
        : -1;
  if (open < 0) return at + 2;
  definition.columns = columnNames(source, open);
  const next = skipGroup(source, open);
  // REFERENCES is only missing where a name with columns follows.
  const target = readName(source, next);
  return target !== null && source.words[target.next] === "(" ? references(scan, next - 1) : next;
}

export function references(scan: Scan, at: number): number {
  const { source, definition } = scan;
  const name = readName(source, skipAny(source, at + 1, ["only"]));
  if (name === null) return at + 1;
  const open = source.words[name.next] === "(" ? name.next : -1;
  addTable(scan, name, "reference");
  if (definition !== null) {
    // SQL Server passes over the foreign keys of a temporary table.
    const isKept = source.dialect === "postgresql" || !definition.owner.name.startsWith("#");
    if (isKept && !isUnfinished(scan, name))
      scan.found.foreignKeys.push({
        constraint: definition.constraint,
        from: definition.owner,
        columns: definition.columns ?? (definition.column === null ? [] : [definition.column]),
        to: reference(scan, name),
        targetColumns: open < 0 ? [] : columnNames(source, open),
        notValid: definition.notValid || isNotValid(source, skipGroup(source, name.next)),
      });
    definition.constraint = null;
    definition.columns = null;
  }
  return open < 0 ? name.next : skipGroup(source, open);
}

function columnNames(source: Source, open: number): string[] {
  const close = source.closing[open] ?? open;
  const names: string[] = [];
  for (let at = open + 1; at < close; at++) {
    if (source.words[at - 1] !== "(" && source.words[at - 1] !== ",") continue;
    const name = readAnyName(source, isPeriod(source, at, close) ? at + 1 : at);
    if (name !== null) names.push(lastPart(name).name);
  }
  return names;
}

/** The last column of a key over time: `(id, PERIOD valid_at)`. */
function isPeriod(source: Source, at: number, close: number): boolean {
  return source.words[at] === "period" && at + 1 < close && source.words[at + 1] !== ",";
}

function isNotValid(source: Source, at: number): boolean {
  for (let next = at; keyOptions.has(source.words[next] ?? ""); next++)
    if (follows(source, next, "not", "valid")) return true;
  return false;
}

const keyOptions: ReadonlySet<string> = new Set(
  "match full partial simple on delete update set null default cascade restrict no action deferrable not initially immediate deferred enforced".split(
    " ",
  ),
);
