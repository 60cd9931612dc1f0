import { typeName } from "./definition";
import { expression } from "./expression";
import { openLiteral, readLiteral } from "./literal";
import { addUnread, literal, schemaList } from "./literals";
import { type Name, readName } from "./names";
import { argumentTypes } from "./objectLists";
import { follows, isLiteral, type Source, skipAny, skipGroup } from "./source";
import { addObject, type Scan } from "./state";

/** Reads CREATE FUNCTION and CREATE PROCEDURE from after the routine's name: its types, settings and body. */
export function routine(scan: Scan, name: Name): number {
  addObject(scan, name, "function", "create");
  return routineRest(scan, name.next);
}

/** Reads the rest of a routine from its arguments on. */
export function routineRest(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at;
  if (source.words[next] === "(") {
    defaults(scan, next);
    const isClosed = (source.closing[next] ?? 0) < source.tokens.length;
    const end = argumentTypes(scan, next);
    next = isClosed ? end : firstClause(source, next + 1);
  }
  const language = languageOf(scan, next);
  while (next < source.tokens.length && source.words[next] !== ";") {
    if (follows(source, next, "begin", "atomic")) {
      scan.atStart = true;
      return next + 2;
    }
    if (source.words[next] === "return") return next + 1;
    next = clause(scan, next, language);
  }
  return next;
}

/** Reads what the arguments are when they are not given. */
function defaults(scan: Scan, open: number): void {
  const { source } = scan;
  const close = skipGroup(source, open) - 1;
  for (let at = open + 1; at < close; ) {
    const isDefault = source.words[at] === "default" || source.words[at] === "=";
    at = isDefault ? expression(scan, at + 1, close) : Math.max(at + 1, skipGroup(source, at));
  }
}

/** Where a routine goes on after arguments whose parenthesis isn't closed. */
function firstClause(source: Source, at: number): number {
  let next = at;
  while (next < source.tokens.length && !["returns", "language", "as"].includes(source.words[next] ?? "")) next++;
  return next;
}

/** Reads a DO block. */
export function doBlock(scan: Scan, at: number): number {
  let body = scan.source.words[at + 1] === "language" ? at + 3 : at + 1;
  // LANGUAGE is missing, or the language.
  if (scan.source.refused && !isLiteral(scan.source, body)) body = isLiteral(scan.source, at + 2) ? at + 2 : body;
  if (!isLiteral(scan.source, body)) return body;
  lookIntoBody(scan, body, languageOf(scan, at + 1, body + 3));
  return body + 1;
}

function clause(scan: Scan, at: number, language: string): number {
  const { source } = scan;
  const word = source.words[at];
  if (word === "returns") return returned(scan, at + 1);
  if (source.tokens.kindAt(at) === "dollar-string" || (word === "as" && isLiteral(source, at + 1))) {
    lookIntoBody(scan, word === "as" ? at + 1 : at, language);
    return word === "as" ? at + 2 : at + 1;
  }
  if (scan.source.refused && isLiteral(source, at) && !takesLiteral.has(source.words[at - 1] ?? "")) {
    lookIntoBody(scan, at, language);
    return at + 1;
  }
  if (word === "set" && source.words[at + 1] === "search_path") {
    schemaList(scan, at + 3);
    return at + 3;
  }
  if (word === "support") {
    const name = readName(source, at + 1);
    if (name !== null) addObject(scan, name, "function", "reference");
    return name?.next ?? at + 1;
  }
  if (word === "for" && source.words[at + 1] === "type") return typeName(scan, at + 2);
  return isLiteral(source, at) ? literal(scan, at) : at + 1;
}

/** After these a literal is no body, even where AS is missing. */
const takesLiteral: ReadonlySet<string> = new Set(["language", "to", "=", ",", "as"]);

function returned(scan: Scan, at: number): number {
  if (scan.source.words[at] === "table" && scan.source.words[at + 1] === "(") return argumentTypes(scan, at + 1);
  // RETURNS NULL ON NULL INPUT, which names no type.
  if (scan.source.words[at] === "null") return skipAny(scan.source, at, ["null", "on", "input"]);
  return typeName(scan, at);
}

function languageOf(scan: Scan, at: number, until = scan.source.tokens.length): string {
  const { source } = scan;
  for (let next = at; next < until && source.words[next] !== ";"; next++) {
    if (source.words[next] !== "language") continue;
    const written = readLiteral(source, next + 1)?.content ?? readName(source, next + 1)?.parts[0]?.name;
    // The language may be missing, so that an option or the body follows.
    if (written !== undefined && !/\s/.test(written) && !options.has(written.toLowerCase()))
      return written.toLowerCase();
  }
  return "plpgsql";
}

const options: ReadonlySet<string> = new Set(
  "immutable stable volatile strict called returns security leakproof cost rows parallel set support transform window".split(
    " ",
  ),
);

function lookIntoBody(scan: Scan, at: number, language: string): void {
  const body = readLiteral(scan.source, at);
  if (body === null) return;
  const known = language === "sql" || language === "plpgsql" ? language : null;
  const inner = known === null ? null : openLiteral(scan.source, body);
  if (known !== null && inner !== null) scan.nested(scan, inner, known, scan.variables ?? []);
  else addUnread(scan, body);
}
