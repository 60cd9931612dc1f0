import { readAlias } from "./alias";
import { references } from "./foreignKeys";
import { fromItem } from "./fromList";
import { call } from "./functionCall";
import { type Name, readAnyName, withoutLast } from "./names";
import { recoverFrom } from "./recoverFrom";
import { follows } from "./source";
import { addObject, addSchemaOf, addTable, frameOf, lookupKey, namesVariable, type Scan } from "./state";
import { addType, isTypePlace, typeOf } from "./types";
import { isReserved } from "./words";

/** An identifier that is no word of the grammar: an item of a FROM list, a function, a type, a column. */
export function identifier(scan: Scan, at: number): number {
  if (frameOf(scan).expectsItem) return fromItem(scan, at);
  const { words, dialect } = scan.source;
  const word = words[at] ?? "";
  const mayBeReserved = word !== "" && isReserved(word, dialect);
  if (mayBeReserved && words[at + 1] !== "." && scan.source.tokens.kindAt(at + 1) !== "template") return at + 1;
  const name = readAnyName(scan.source, at);
  if (name === null || (mayBeReserved && name.parts.length === 1)) return at + 1;
  const after = words[name.next];
  if (name.parts.length > 1 && after !== "(" && namesVariable(scan, lookupKey(scan, name.parts[0]?.name ?? "")))
    return name.next;
  if (searchedTables.has(frameOf(scan).call) && frameOf(scan).first === at) addTable(scan, name, "read");
  else if (after === "%" && (words[name.next + 1] === "type" || words[name.next + 1] === "rowtype"))
    return typeOf(scan, name);
  else if (isTypePlace(scan, name)) addType(scan, name);
  else if (lacksReferences(scan, name)) return references(scan, at - 1);
  else if (after === "(") call(scan, name, word);
  else if (recoverFrom(scan, name)) return readAlias(scan, name.next);
  else addColumnSchema(scan, name, after === "." && words[name.next + 1] === "*");
  return name.next;
}

/** A name with its schema after a column's constraint: `id int not null s.other (id)`. */
function lacksReferences(scan: Scan, name: Name): boolean {
  if (!scan.source.refused || scan.definition === null || name.parts.length < 2 || !frameOf(scan).elements)
    return false;
  const { words } = scan.source;
  return ["null", "key", "unique"].includes(words[name.first - 1] ?? "") || words[name.first - 2] === "constraint";
}

/** SQL Server's functions that search the table which is their first argument. */
const searchedTables: ReadonlySet<string> = new Set([
  "containstable",
  "freetexttable",
  "semantickeyphrasetable",
  "semanticsimilaritytable",
  "semanticsimilaritydetailstable",
]);

/**
 * `schema.table.column`, `schema.table.*` and SQL Server's `TABLE HINT (schema.table, …)` name a schema without naming a table to be looked
 * up; `xml(schema.collection)` names what an XML column holds.
 */
function addColumnSchema(scan: Scan, name: Name, star: boolean): void {
  const { words } = scan.source;
  if (follows(scan.source, name.first - 3, "next", "value", "for")) {
    addObject(scan, name, "sequence", "read");
    return;
  }
  const { call } = frameOf(scan);
  if ((call === "xml" || call === "[xml]") && name.parts.length > 1) return addObject(scan, name, "other", "reference");
  const table = star || call === "hint" ? name : withoutLast(name);
  if (table === null || table.parts.length < 2) {
    // SQL Server's collations lie in no schema.
    const isCollation = words[name.first - 1] === "collate" && scan.source.dialect === "postgresql";
    if (isCollation) addObject(scan, name, "other", "reference");
    return;
  }
  addSchemaOf(scan, table);
}
