import { typeName } from "./definition";
import { dynamicSql } from "./dynamic";
import { lastPart, readAnyName, readName } from "./names";
import { argumentTypes } from "./objectLists";
import { follows, skipAny, skipGroup, skipWords } from "./source";
import { addTable, addVariable, type Scan, type WordHandler } from "./state";

/** How a statement of PL/pgSQL begins; null where it is one of SQL, an assignment, or no statement at all. */
export function plpgsqlStatement(scan: Scan, at: number): number | null {
  const { source } = scan;
  const word = source.words[at] ?? "";
  if (word === "<<") return begins(scan, at + 3);
  if (scan.declaring && !endsDeclaration.has(word)) return declaration(scan, at);
  return statements.get(word)?.(scan, at) ?? null;
}

/** What no variable is called: another part of the block, or the query of a cursor that is being declared. */
const endsDeclaration: ReadonlySet<string> = new Set(["begin", "declare", "select", "with", "("]);

/** Whether another statement begins after this word: THEN and ELSE only do outside of CASE expressions, which are counted here. */
export function beginsStatement(scan: Scan, word: string): boolean {
  if (scan.frames.length > 1) return false;
  if (word === "case") scan.cases++;
  else if (word === "end") scan.cases = Math.max(0, scan.cases - 1);
  return word === "loop" || (scan.cases === 0 && (word === "then" || word === "else"));
}

function begins(scan: Scan, at: number): number {
  scan.atStart = true;
  return at;
}

function declaration(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readAnyName(source, at);
  if (name === null) return at + 1;
  addVariable(scan, lastPart(name).name);
  if (follows(source, name.next, "alias", "for")) return name.next + 2;
  const type = skipAny(source, name.next, ["constant", "no", "scroll"]);
  if (source.words[type] !== "cursor") return typeName(scan, type);
  const query = source.words[type + 1] === "(" ? argumentTypes(scan, type + 1) : type + 1;
  return begins(scan, skipAny(source, query, ["for", "is"]));
}

function block(scan: Scan, at: number): number {
  scan.declaring = false;
  return begins(scan, at + 1);
}

function loopOver(scan: Scan, at: number): number {
  const { source } = scan;
  let next = at + 1;
  for (let name = readAnyName(source, next); name !== null; name = readAnyName(source, next)) {
    if (source.words[next] === "in") break;
    addVariable(scan, lastPart(name).name);
    next = skipAny(source, name.next, [","]);
  }
  return source.words[next] === "in" ? begins(scan, skipAny(source, next + 1, ["reverse"])) : next;
}

/** The query of RETURN QUERY fills no variable: its INTO makes a table. */
function queryInto(scan: Scan, at: number): void {
  const { source } = scan;
  let next = at;
  while (next < source.tokens.length && source.words[next] !== ";" && source.words[next] !== "into")
    next = Math.max(next + 1, skipGroup(source, next));
  const name = source.words[next] === "into" ? readName(source, next + 1) : null;
  if (name !== null) addTable(scan, name, "create");
}

function returned(scan: Scan, at: number): number {
  const { source } = scan;
  const query = skipWords(source, at + 1, "query");
  if (query > at + 1 && source.words[query] === "select") queryInto(scan, query);
  return query > at + 1 || source.words[query] === "execute" ? begins(scan, query) : query;
}

function openCursor(scan: Scan, at: number): number {
  const { source } = scan;
  const name = readAnyName(source, at + 1);
  const next = skipAny(source, name?.next ?? at + 1, ["no", "scroll"]);
  return source.words[next] === "for" ? begins(scan, next + 1) : next;
}

function execute(scan: Scan, at: number): number {
  return dynamicSql(scan, at + 1, executeEnds);
}

const executeEnds: ReadonlySet<string> = new Set(["into", "using", "loop"]);

/** Statements that name variables, cursors and conditions only. */
function skipStatement(scan: Scan, at: number): number {
  scan.inert = true;
  return at + 1;
}

/** EXIT and CONTINUE may name a loop, and a condition after WHEN. */
function leave(_scan: Scan, at: number): number {
  return at + 1;
}

const statements: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  [
    "declare",
    (scan, at) => {
      scan.declaring = true;
      return begins(scan, at + 1);
    },
  ],
  ["begin", block],
  ["case", (_scan, at) => at + 1],
  ["for", loopOver],
  ["foreach", (_scan, at) => at + 2],
  ["return", returned],
  ["open", openCursor],
  ["execute", execute],
  ...["exit", "continue"].map((word) => [word, leave] as const),
  ...["fetch", "move", "close", "get", "end", "null", "commit", "rollback"].map(
    (word) => [word, skipStatement] as const,
  ),
]);
