import { lastPart, type Name, withoutLast } from "./names";
import { isVariable, type Source } from "./source";
import { addObject, frameOf, namesVariable, type Scan } from "./state";
import { isBuiltInType } from "./words";

/** Reports a type that is no type of the server's own. */
export function addType(scan: Scan, name: Name): void {
  if (name.parts.length > 1 || !isBuiltInType(lastPart(name).name, scan.source.dialect))
    addObject(scan, name, "type", "reference");
}

/** Reads `orders%rowtype` and `orders.id%type`, which name a table; gives the index after them. */
export function typeOf(scan: Scan, name: Name): number {
  const table = scan.source.words[name.next + 1] === "type" ? withoutLast(name) : name;
  const known = table !== null && table.parts.length === 1 && namesVariable(scan, lastPart(table).name);
  if (table !== null && !known) addObject(scan, table, "relation", "reference");
  return name.next + 2;
}

/** Whether a type stands here, or, where it has no schema, can't but stand here. */
export function isTypePlace(scan: Scan, { first, parts }: Name): boolean {
  const { words, dialect } = scan.source;
  const before = words[first - 1];
  if (before === "::" || (before === ":" && words[first - 2] === ":")) return dialect === "postgresql";
  if (before === "setof") return true;
  // A column may be called `returns`, too; that of a routine stands after its parameters.
  if (before === "returns") return words[first - 2] === ")";
  const variable = before === "as" ? first - 2 : first - 1;
  // Without a schema what follows a variable may be an alias, or a word such as OUTPUT.
  if (isVariable(scan.source, variable))
    return parts.length > 1 || words[variable - 1] === "(" || isDeclared(scan.source, variable);
  const frame = frameOf(scan);
  if (before === "as") return frame.call === "cast" || frame.call === "try_cast";
  return before === "(" && dialect === "sqlserver" && (frame.call === "convert" || frame.call === "try_convert");
}

/** Whether a variable stands in the list of DECLARE, or of a routine's parameters. */
function isDeclared(source: Source, at: number): boolean {
  const { words } = source;
  for (let before = at - 1; before >= 0 && before > at - longestList; before--) {
    const word = words[before] ?? "";
    if (begins.has(word)) return true;
    if (ends.has(word) && !(word === "as" && isVariable(source, before - 1))) return false;
  }
  return false;
}

/** How many tokens of a list are looked at: nobody declares more at once. */
const longestList = 1000;
const begins: ReadonlySet<string> = new Set(["declare", "procedure", "proc", "function"]);
const ends: ReadonlySet<string> = new Set(
  "as begin end else exec execute fetch from if into on print raiserror return select set throw values where while ;".split(
    " ",
  ),
);
