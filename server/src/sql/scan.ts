import type { Dialect } from "./dialect";
import type {
  OpaquePart,
  Refusal,
  StatementFacts,
  SyntaxFault,
  TableReference,
  TextFacts,
  UnfinishedName,
  VariableUse,
} from "./facts";
import { releaseTarget } from "./scan/changes";
import { definitionWords, element, partsElements } from "./scan/definition";
import { closeParenthesis, comma, openParenthesis } from "./scan/frames";
import { star, variableItem } from "./scan/fromList";
import { identifier } from "./scan/identifier";
import { statementKind } from "./scan/kind";
import { openLiteral } from "./scan/literal";
import { literal } from "./scan/literals";
import { isCutOff } from "./scan/names";
import { beginsStatement, plpgsqlStatement } from "./scan/plpgsql";
import { commandWords, postgresStatement } from "./scan/postgres";
import { queryWord } from "./scan/query";
import { leaveOutColumns } from "./scan/recovered";
import { asItStands, isLiteral, isVariable, openSource, type Source } from "./scan/source";
import {
  addHidden,
  addVariable,
  type Found,
  frameOf,
  type Language,
  namedWhole,
  newFrame,
  noFacts,
  openScan,
  type Scan,
  type UnreadLiteral,
} from "./scan/state";
import { serverWords, sqlServerStatement } from "./scan/tsql";
import { isOwnStatement, startsHere } from "./scan/tsqlStart";
import { unclosed } from "./scan/unclosed";
import { variableUses } from "./scan/variables";
import type { Span } from "./span";
import type { TokenList } from "./tokenList";

/**
 * All that a statement's tokens say, without a grammar: for PostgreSQL's statements that its own parser refuses, and for SQL Server's.
 * `text` and `tokens` share their offsets, and the facts have them too. Never throws; takes time in proportion to the text.
 * @param refusal the grammar's, which the facts give on as a fault where it is sure
 */
export function scanStatement(
  text: string,
  tokens: TokenList,
  dialect: Dialect,
  refusal: Refusal | null = null,
): StatementFacts {
  const source = openSource(text, tokens, dialect, { ...asItStands, refused: refusal !== null });
  const found = scanAll(source);
  if (refusal !== null) leaveOutColumns(found);
  const { kind, keyword } = statementKind(source);
  const { tables, objects, foreignKeys, schemas, opaque } = inOrder(found);
  const variables = dialect === "postgresql" ? nothing : usesOfVariables(source, opaque);
  const transient = found.transient.length === 0 ? nothing : [...new Set(found.transient)];
  const unfinished = refusal === null ? null : (found.unfinished ?? unfinishedName(refusal, source, tables));
  const fault = dialect === "sqlserver" ? unclosed(source, tokens) : sureFault(refusal);
  return {
    kind,
    keyword,
    tables,
    objects,
    foreignKeys,
    schemas,
    opaque,
    transient,
    variables,
    given: nothing,
    unfinished,
    fault,
  };
}

function usesOfVariables(source: Source, opaque: readonly OpaquePart[]): readonly VariableUse[] {
  if (!source.tokens.some((kind) => kind === "parameter")) return nothing;
  const uses = variableUses(source, opaque, (text, parts) => {
    if (!mayName.test(text.content)) return namesNothing;
    const inner = openLiteral(source, text);
    if (inner === null) return null;
    const found = noFacts();
    // What one part leaves open would hold all of the parts after it.
    const isOpen = parts.length > 1 && inner.tokens.last?.terminated === false;
    const sources = isOpen ? parts.map((part) => openLiteral(source, part)) : [inner];
    for (const one of sources) if (one !== null) run(openScan(one, "tsql", found, { hidden: null, nested }));
    return namedWhole({ ...inOrder(found), transient: found.transient });
  });
  return uses.length === 0 ? nothing : uses;
}

/** Words without which no text of SQL names anything. */
const mayName =
  /\b(?:from|join|apply|into|insert|update|delete|merge|using|table|on|object|references|schema|exec|execute|type|view|index|trigger|procedure|proc|function|sequence|synonym|statistics|policy|\w+\s*\()|[.\]"]/i;

const namesNothing: TextFacts = { tables: [], objects: [], foreignKeys: [], schemas: [], opaque: [], transient: [] };

function sureFault(refusal: Refusal | null): SyntaxFault | null {
  return refusal?.isSure ? { message: refusal.message, start: refusal.start, end: refusal.end } : null;
}

function unfinishedName(
  refusal: Refusal,
  { tokens }: Source,
  tables: readonly TableReference[],
): UnfinishedName | null {
  const last = tables.at(-1);
  if (last === undefined || last.schema !== null || last.end !== tokens.last?.end || refusal.start < last.end)
    return null;
  return { start: last.start, instead: null };
}

/**
 * The literals of a statement, also inside of its bodies, in which the scan sees neither SQL nor a name of anything.
 * @param matters tells by its content whether a literal is asked for
 */
export function unreadLiterals(
  text: string,
  tokens: TokenList,
  dialect: Dialect,
  matters: (content: string) => boolean,
): readonly UnreadLiteral[] {
  const { unread, schemas } = scanAll(openSource(text, tokens, dialect), []);
  return (unread ?? []).filter(
    ({ content, start, end }) =>
      matters(content) && !schemas.some((mention) => mention.start >= start && mention.end <= end),
  );
}

/** SQL Server: the tokens at which statements begin, and the words of the blocks around them; nothing need part them from each other. */
export function statementStarts(source: Source): readonly number[] {
  const starts: number[] = [];
  run(openScan(source, "tsql", noFacts(), { hidden: null, nested: () => {} }, starts));
  return starts;
}

function scanAll(source: Source, unread: UnreadLiteral[] | null = null): Found {
  const found = noFacts(unread);
  const language = source.dialect === "postgresql" ? "sql" : "tsql";
  run(openScan(source, language, found, { hidden: null, nested }));
  return found;
}

function nested(outer: Scan, inner: Source, language: Language, variables: Iterable<string> = []): void {
  const scan = openScan(inner, language, outer.found, outer);
  for (const name of variables) addVariable(scan, name);
  run(scan);
  // What a string made, the statements after it may name.
  for (const name of scan.hidden ?? nothing) addHidden(outer, name);
}

function run(scan: Scan): void {
  const { length } = scan.source.tokens;
  for (let at = 0; at < length; ) at = Math.max(at + 1, next(scan, at));
  endStatement(scan);
}

function next(scan: Scan, at: number): number {
  const starts = scan.language === "tsql" ? startsHere(scan, at) || scan.atStart : scan.atStart;
  if (starts && scan.starts !== null && isOwnStatement(scan, at)) scan.starts.push(at);
  scan.atStart = false;
  if (starts) {
    const after = statement(scan, at);
    if (after !== null) return after;
  }
  if (scan.atElement) {
    scan.atElement = false;
    const after = element(scan, at);
    if (after > at) return after;
  }
  return step(scan, at);
}

function statement(scan: Scan, at: number): number | null {
  if (scan.language === "tsql") return sqlServerStatement(scan, at, () => endStatement(scan));
  if (scan.language === "plpgsql") {
    const after = plpgsqlStatement(scan, at);
    if (after !== null) return after;
  }
  return postgresStatement(scan, at);
}

function step(scan: Scan, at: number): number {
  const { source } = scan;
  const word = source.words[at] ?? "";
  if (word === ";") {
    endStatement(scan);
    scan.atStart = true;
    return at + 1;
  }
  if (isLiteral(source, at)) return literal(scan, at);
  if (word === "(") return openParenthesis(scan, at);
  if (word === ")") return closeParenthesis(scan, at);
  if (scan.language === "plpgsql" && beginsStatement(scan, word)) {
    endStatement(scan);
    scan.atStart = true;
    return at + 1;
  }
  if (scan.inert) return at + 1;
  if (word === ",") {
    scan.atElement = partsElements(scan);
    return comma(scan, at);
  }
  if (word === "*") star(scan, at);
  if (isVariable(source, at) && frameOf(scan).expectsItem) return variableItem(scan, at);
  const kind = source.tokens.kindAt(at);
  if (kind !== "word" && kind !== "quoted-identifier" && kind !== "template") return at + 1;
  return wordHere(scan, at, word) ?? identifier(scan, at);
}

function wordHere(scan: Scan, at: number, word: string): number | null {
  if (word === "" || (scan.source.words[at - 1] === "." && !isCutOff(scan.source, at))) return null;
  const commands = scan.source.dialect === "postgresql" ? commandWords : serverWords;
  for (const handler of [definitionWords.get(word), commands.get(word), queryWord(scan, word)]) {
    const after = handler?.(scan, at) ?? null;
    if (after !== null) return after;
  }
  return null;
}

function endStatement(scan: Scan): void {
  for (const frame of scan.frames) releaseTarget(scan, frame);
  scan.frames = [newFrame("", 0)];
  scan.excess = 0;
  scan.expressions = null;
  scan.bodies = null;
  scan.cases = 0;
  scan.definition = null;
  if (scan.made !== null) addHidden(scan, scan.made.name);
  scan.made = null;
  scan.inert = false;
  scan.atElement = false;
}

function inOrder({
  tables,
  objects,
  foreignKeys,
  schemas,
  opaque,
}: Found): Pick<StatementFacts, "tables" | "objects" | "foreignKeys" | "schemas" | "opaque"> {
  return {
    tables: once(tables),
    objects: once(objects),
    foreignKeys: foreignKeys.length === 0 ? nothing : [...foreignKeys].sort((a, b) => a.to.start - b.to.start),
    schemas: once(schemas),
    opaque: once(opaque),
  };
}

/** The items by their places, of several at one place the first. */
function once<T extends Span>(items: readonly T[]): readonly T[] {
  if (items.length === 0) return nothing;
  const isSorted = items.every(({ start }, n) => n === 0 || (items[n - 1]?.start ?? start) < start);
  if (isSorted) return items.slice();
  const sorted = [...items].sort((a, b) => a.start - b.start);
  return sorted.filter((item, n) => item.start !== sorted[n - 1]?.start);
}

/** Most statements have nothing of most kinds. */
const nothing: readonly never[] = [];
