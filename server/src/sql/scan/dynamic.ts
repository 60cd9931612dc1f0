import { assembled, readPieces } from "./assembled";
import { type Literal, openLiteral, readJoined, readLiteral } from "./literal";
import { addSchemaLiteral, addUnread } from "./literals";
import { placeholder } from "./names";
import { placeOf, type Source } from "./source";
import { addOpaque, namedWhole, noFacts, type Scan } from "./state";
import { beginsUnparted } from "./unparted";
import { startsSqlServerStatement } from "./words";

/**
 * SQL that is given as an expression, from a token on: a literal, literals joined together, or `format('…', …)` is looked into, anything
 * else is reported as opaque. Gives the index to go on from: what is left are ordinary expressions.
 */
export function dynamicSql(scan: Scan, at: number, ends: ReadonlySet<string>): number {
  const { source } = scan;
  const wrapped = isWrapped(source, at, ends) ? at + 1 : at;
  const close = wrapped > at ? (source.closing[at] ?? source.tokens.length) : source.tokens.length;
  const isOpen = wrapped > at && close === source.tokens.length;
  const isDone = (next: number) => next === close || ((wrapped === at || isOpen) && isEnd(source, next - 1, ends));
  const text = readJoined(source, wrapped);
  if (text !== null && isDone(text.next)) return lookInto(scan, text.literal) ? text.next : opaque(scan, at, ends);
  if (source.words[wrapped] === "format" && source.words[wrapped + 1] === "(") {
    const end = source.closing[wrapped + 1] ?? source.tokens.length;
    if (isDone(end + 1)) return formatted(scan, wrapped, end, () => opaque(scan, at, ends));
  }
  return opaque(scan, at, ends);
}

/** Whether the expression is all in parentheses. Those of SQL Server's EXEC hold all of it, whatever is missing after them. */
function isWrapped(source: Source, at: number, ends: ReadonlySet<string>): boolean {
  if (source.words[at] !== "(") return false;
  return source.dialect === "sqlserver" || isEnd(source, source.closing[at] ?? at, ends);
}

/** `EXEC ('…') AT server`, from the parenthesis on: what is written there names what another server holds, and anything else is opaque. */
export function sqlElsewhere(scan: Scan, at: number): number {
  const { source } = scan;
  const next = readJoined(source, at + 1)?.next;
  const close = source.closing[at] ?? at;
  if (next === undefined || (next !== close && source.words[next] !== ","))
    addOpaque(scan, placeOf(source, at, close + 1));
  return at;
}

function isEnd(source: Source, last: number, ends: ReadonlySet<string>): boolean {
  const word = source.words[last + 1];
  if (word === undefined || word === ";" || ends.has(word)) return true;
  if (source.dialect === "postgresql") return false;
  return word === "set" || startsSqlServerStatement(word) || beginsUnparted(source, last + 1);
}

function opaque(scan: Scan, at: number, ends: ReadonlySet<string>): number {
  const { source } = scan;
  let end = at;
  const isDone = () => end > at && (isEnd(source, end - 1, ends) || isWrapped(source, at, ends));
  while (end < source.tokens.length && !isDone()) {
    end = source.words[end] === "(" ? Math.min((source.closing[end] ?? end) + 1, source.tokens.length) : end + 1;
  }
  addOpaque(scan, placeOf(source, at, Math.max(end, at + 1)));
  if (source.dialect === "sqlserver") lookIntoAssembled(scan, at, end);
  return at;
}

/** What the literals name between values that nobody knows, as in `'ALTER TABLE dbo.orders DROP CONSTRAINT ' + @name`. */
function lookIntoAssembled(scan: Scan, from: number, to: number): void {
  const { source } = scan;
  const literal = assembled(source, readPieces(source, from, to));
  const inner = literal && openLiteral(source, literal);
  if (inner === null) return;
  const found = noFacts();
  scan.nested({ ...scan, found }, inner, "tsql");
  const { tables, objects, foreignKeys, schemas } = namedWhole(found);
  scan.found.tables.push(...tables);
  scan.found.objects.push(...objects);
  scan.found.foreignKeys.push(...foreignKeys);
  scan.found.schemas.push(...schemas);
}

function lookInto(scan: Scan, literal: Literal, content = literal.content): boolean {
  const inner = openLiteral(scan.source, literal, content);
  if (inner === null) addUnread(scan, literal);
  else scan.nested(scan, inner, scan.source.dialect === "postgresql" ? "sql" : "tsql");
  return inner !== null;
}

/** `format('…%I…%L…', …)`: the placeholders are read as identifiers and numbers; `%s` may be anything. */
function formatted(scan: Scan, at: number, end: number, giveUp: () => number): number {
  const { source } = scan;
  const text = readJoined(source, at + 2);
  if (text === null || (source.words[text.next] !== "," && text.next !== end)) return giveUp();
  const argumentsAt = argumentStarts(source, text.next, end);
  let known = true;
  let counted = 0;
  const content = text.literal.content.replace(
    /%(?:%|(?:(\d+)\$)?-?(?:\d+|\*)?([sIL]))/g,
    (whole: string, position: string | undefined, type: string | undefined, offset: number, all: string) => {
      if (type === undefined) return "% ";
      counted = position === undefined ? counted + 1 : Number(position);
      const argument = argumentsAt[counted - 1];
      if (type === "s") known = false;
      if (type === "L") return "0".repeat(whole.length);
      if (type === "I" && namesSchema(all, offset, whole.length) && !schemaArgument(scan, argument)) known = false;
      return placeholder + whole.slice(1).replace(/[^\w]/g, "_");
    },
  );
  if (!lookInto(scan, text.literal, content) || !known) {
    giveUp();
  }
  return text.next;
}

/** Whether the placeholder stands for a schema: in front of a dot, or after the word. */
function namesSchema(text: string, offset: number, length: number): boolean {
  return (
    text[offset + length] === "." ||
    /\bschema\s+(?:if\s+(?:not\s+)?exists\s+)?$/i.test(text.slice(Math.max(0, offset - 40), offset))
  );
}

/** Whether an argument is the tenant's own schema: a literal, which is then reported, or a function or variable that gives it. */
function schemaArgument(scan: Scan, at: number | undefined): boolean {
  if (at === undefined) return false;
  const { source } = scan;
  const literal = readLiteral(source, at);
  const after = literal === null ? "" : source.words[at + 1];
  if (literal !== null && (after === "," || after === ")")) {
    addSchemaLiteral(scan, literal);
    return true;
  }
  return ["current_schema", "tg_table_schema"].includes(source.words[at] ?? "");
}

function argumentStarts(source: Source, at: number, end: number): number[] {
  const starts: number[] = [];
  for (let next = at; next < end; next++) {
    if (source.words[next] === ",") starts.push(next + 1);
    else if (source.words[next] === "(") next = Math.min(source.closing[next] ?? next, end);
  }
  return starts;
}
