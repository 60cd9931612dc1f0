import { lastPart, type Name } from "./names";
import { addObject, addSchemaOf, namesVariable, type Scan } from "./state";
import { isNoFunction } from "./words";

/** Reports a function that is called, unless what stands in front of the parenthesis is something else. */
export function call(scan: Scan, name: Name, word: string): void {
  const postgres = scan.source.dialect === "postgresql";
  if (name.parts.length === 1) {
    if (!postgres || (word !== "" && isNoFunction(word)) || namesOther(scan, name)) return;
    addObject(scan, name, "function", "read");
    return;
  }
  if (!postgres && sqlServerMethods.test(lastPart(name).name)) {
    // `schema.table.column.nodes(…)`.
    if (name.parts.length === 4) addSchemaOf(scan, { ...name, parts: name.parts.slice(0, 2) });
    return;
  }
  addObject(scan, name, "function", "read");
}

/** An alias with columns, an index's or a sample's method, a prepared statement, a cursor. */
function namesOther(scan: Scan, name: Name): boolean {
  const { words } = scan.source;
  const before = words[name.first - 1] ?? "";
  if (before === "execute") return scan.language === "sql";
  if (before === ")" || before === "as" || before === "tablesample") return true;
  const key = lastPart(name).name;
  return scan.expressions?.has(key) === true || (scan.language === "plpgsql" && namesVariable(scan, key));
}

/** What columns of XML, of places and of hierarchies are asked, in the case that the server demands. */
const sqlServerMethods =
  /^(value|query|nodes|exist|modify|ST(?:[XY]|[A-Z][a-z]\w*)|ToString|Parse|Get(?:Ancestor|Descendant|Level|ReparentedValue|Root)|IsDescendantOf|Reduce|MakeValid|write)$/;
