import { lastPart, readAnyName } from "./names";
import { isLiteral, type Source, skipWords } from "./source";
import { frameOf, lookupKey, type Scan } from "./state";

/**
 * Whether a literal is compared with a schema's name: `table_schema = 'x'`, `'x' = table_schema`, `nspname in ('x', 'y')`,
 * `schemaname = any (array['x'])`, `'x' in (select nspname …)`, `(schemaname, tablename) = ('x', 't')`.
 */
export function isComparedWithSchema(scan: Scan, at: number): boolean {
  const { source } = scan;
  const { words } = source;
  const frame = frameOf(scan);
  if (isComparison(words[at - 1])) return namesSchemaBefore(scan, at - 2);
  const after = skipCast(source, at + 1);
  if (isComparison(words[after])) return namesSchemaAfter(scan, skipQuery(source, skipAll(source, after + 1)));
  const listed = skipWords(source, after, "not");
  if (words[listed] === "in") return namesSchemaAfter(scan, skipQuery(source, listed + 1));
  const before = words[at - 1];
  if (before !== "(" && before !== "," && before !== "[") return false;
  if (frame.call === "in") return namesSchemaBefore(scan, beforeIn(words, frame.first - 2));
  if (frame.call === "any" || frame.call === "all" || frame.call === "some")
    // A literal alone holds a list: `any ('{x,y}')`.
    return before !== "(" && isComparison(words[frame.first - 3]) && namesSchemaBefore(scan, frame.first - 4);
  return isInRow(scan, after);
}

export function skipCast(source: Source, at: number): number {
  if (source.words[at] === "::") return at + 2;
  return source.words[at] === ":" && source.words[at + 1] === ":" ? at + 3 : at;
}

function isComparison(word: string | undefined): boolean {
  return word === "=" || word === "<>" || word === "!=";
}

/** The token before IN or NOT IN. */
function beforeIn(words: Source["words"], at: number): number {
  return words[at - 1] === "not" ? at - 2 : at - 1;
}

function skipAll(source: Source, at: number): number {
  return ["any", "all", "some"].includes(source.words[at] ?? "") ? at + 1 : at;
}

/** The first thing that a query in parentheses selects; the same index where none stands. */
function skipQuery(source: Source, at: number): number {
  const first = skipWords(source, at, "(", "select");
  return first === at ? at : skipWords(source, first, "distinct");
}

/** Whether a literal that ends before a token is the member of a row that is compared with a row whose member at the same place names a schema. */
function isInRow(scan: Scan, after: number): boolean {
  const { source } = scan;
  const { words, closing } = source;
  const { first, argument } = frameOf(scan);
  if (words[after] !== "," && words[after] !== ")") return false;
  const behind = (closing[first - 1] ?? after) + 1;
  if (isComparison(words[behind]) && words[behind + 1] === "(") {
    const member = memberOf(source, behind + 1, argument);
    return member !== null && namesSchemaBefore(scan, member);
  }
  const list = scan.frames.at(-2);
  const isListed = list?.call === "in" && (words[first - 2] === "(" || words[first - 2] === ",");
  const end = isListed ? beforeIn(words, list.first - 2) : isComparison(words[first - 2]) ? first - 3 : -1;
  const member = words[end] === ")" ? memberOf(source, openingOf(source, end), argument) : null;
  return member !== null && namesSchemaBefore(scan, member);
}

/** The parenthesis that is closed at a token near by, -1 where none is. */
function openingOf({ closing }: Source, end: number): number {
  for (let at = end - 1; at >= Math.max(0, end - longestRow); at--) if (closing[at] === end) return at;
  return -1;
}

const longestRow = 60;

/** The last token of a row's member. */
function memberOf({ words, closing }: Source, open: number, index: number): number | null {
  const close = closing[open] ?? -1;
  let member = 0;
  for (let at = open + 1; at <= Math.min(close, open + longestRow); at++) {
    if (words[at] === "(") at = closing[at] ?? at;
    else if (words[at] === "," || at === close) {
      if (member === index) return at - 1;
      member++;
    }
  }
  return null;
}

function namesSchemaAfter(scan: Scan, at: number): boolean {
  const name = readAnyName(scan.source, at);
  if (name === null) return false;
  return isSchemaColumn(scan, name.parts.at(-2)?.name ?? "", lastPart(name).name);
}

/** Whether the operand that ends at a token is a catalog's column, or a function, that gives a schema's name. */
function namesSchemaBefore(scan: Scan, last: number): boolean {
  const { source } = scan;
  const { words } = source;
  let at = last;
  if (words[at - 1] === "::") at -= 2;
  else if (words[at - 1] === ":" && words[at - 2] === ":") at -= 3;
  if (words[at] === ")") {
    for (let steps = 0; steps < 12 && words[at] !== "(" && at > 0; steps++) at--;
    return schemaFunctions.has(words[at - 1] ?? "");
  }
  const name = readAnyName(source, at);
  if (name === null || isLiteral(source, at)) return false;
  const qualifier = words[at - 1] === "." ? readAnyName(source, at - 2) : null;
  return isSchemaColumn(scan, qualifier?.parts[0]?.name ?? "", lastPart(name).name);
}

function isSchemaColumn(scan: Scan, qualifier: string, column: string): boolean {
  const key = column.toLowerCase();
  if (schemaColumns.has(key)) return true;
  return key === "name" && (frameOf(scan).schemaLists?.has(lookupKey(scan, qualifier)) ?? false);
}

const schemaFunctions: ReadonlySet<string> = new Set(["current_schema", "schema_name", "object_schema_name"]);

const schemaColumns: ReadonlySet<string> = new Set([
  ...[
    "nspname",
    "schemaname",
    "schema_name",
    "table_schema",
    "view_schema",
    "routine_schema",
    "specific_schema",
    "sequence_schema",
  ],
  ...[
    "constraint_schema",
    "unique_constraint_schema",
    "trigger_schema",
    "event_object_schema",
    "action_reference_schema",
  ],
  ...[
    "domain_schema",
    "udt_schema",
    "user_defined_type_schema",
    "object_schema",
    "index_schema",
    "foreign_table_schema",
  ],
  ...["current_schema", "tg_table_schema"],
]);
