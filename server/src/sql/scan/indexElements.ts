import { readAnyName, readName } from "./names";
import { skipGroup } from "./source";
import { addObject, type Scan } from "./state";

/** An index's elements and the method before them, which is called as a function would be. @returns the index after the method */
export function elementsOfIndex(scan: Scan, at: number): number {
  const { source } = scan;
  const method = source.dialect === "postgresql" && source.words[at] === "using" ? readName(source, at + 1) : null;
  const open = method?.next ?? at;
  indexElements(scan, open);
  return open;
}

/** PostgreSQL's elements of an index: a name with its schema that stands after a column or an expression is an operator class. */
export function indexElements(scan: Scan, open: number): null {
  const { source } = scan;
  if (source.dialect === "sqlserver" || source.words[open] !== "(") return null;
  const close = Math.min(source.closing[open] ?? open, source.tokens.length);
  for (let next = open + 1; next < close; ) {
    const before = source.words[next - 1] ?? "";
    const name = afterElement.has(before) ? null : readAnyName(source, next);
    if (name !== null && name.parts.length === 2 && source.words[name.next] !== "(")
      addObject(scan, name, "other", "reference");
    next = name?.next ?? Math.max(next + 1, skipGroup(source, next));
  }
  return null;
}

/** What an element begins after, or a collation. */
const afterElement: ReadonlySet<string> = new Set(["(", ",", "collate", "."]);
