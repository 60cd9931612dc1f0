import { columnList } from "./columnList";
import { lastPart, readName } from "./names";
import { follows, type Source, skipAny } from "./source";
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
  const { names, next } = columnList(source, open);
  definition.columns = names;
  // REFERENCES is only missing where a name with columns follows.
  const target = readName(source, next);
  return target !== null && source.words[target.next] === "(" ? references(scan, next - 1) : next;
}

export function references(scan: Scan, at: number): number {
  const { source, definition } = scan;
  const name = readName(source, skipAny(source, at + 1, ["only"]));
  if (name === null) return at + 1;
  const columns = source.words[name.next] === "(" ? columnList(source, name.next) : { names: [], next: name.next };
  // A temporary table's key may lead to itself.
  if (name.parts.length > 1 || scan.made?.name !== lastPart(name).name) addTable(scan, name, "reference");
  if (definition !== null) {
    // SQL Server passes over the foreign keys of a temporary table.
    const isKept = source.dialect === "postgresql" || !definition.owner.name.startsWith("#");
    if (isKept && !isUnfinished(scan, name))
      scan.found.foreignKeys.push({
        constraint: definition.constraint,
        from: definition.owner,
        columns: definition.columns ?? (definition.column === null ? [] : [definition.column]),
        to: reference(scan, name),
        targetColumns: columns.names,
        notValid: definition.notValid || isNotValid(source, columns.next),
      });
    definition.constraint = null;
    definition.columns = null;
  }
  return columns.next;
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
