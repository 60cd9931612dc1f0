import { lastPart, type Name } from "./names";
import { addObject, type Scan } from "./state";
import { isNoFunction } from "./words";

export function call(scan: Scan, name: Name, word: string): void {
  const postgres = scan.source.dialect === "postgresql";
  if (name.parts.length === 1) {
    if (!postgres || (word !== "" && isNoFunction(word)) || scan.expressions.has(lastPart(name).name)) return;
    addObject(scan, name, "function", "read");
    return;
  }
  if (!postgres && sqlServerMethods.test(lastPart(name).name)) return;
  addObject(scan, name, "function", "read");
}

const sqlServerMethods =
  /^(value|query|nodes|exist|modify|ST[A-Z]\w*|ToString|Parse|Get[A-Z]\w*|IsDescendantOf|Reduce|MakeValid|write)$/;
