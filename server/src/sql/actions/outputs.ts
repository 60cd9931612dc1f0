import type { Output } from "../action";
import { columnList } from "../scan/columnList";
import { lastPart, readAnyName, readName, schemaPart } from "../scan/names";
import { type Source, skipAny, skipGroup } from "../scan/source";
import { isReserved } from "../scan/words";
import { after, itemsBetween } from "./reading";

/** What the queries in WITH give, by their names. */
export type Common = ReadonlyMap<string, readonly Output[]>;

/** What the query in the parenthesis that opens here gives, as far as it says so; nothing for anything but a query. */
export function outputsOf(source: Source, open: number, common: Common, depth = 0): readonly Output[] {
  const close = source.closing[open] ?? open;
  const to = close < source.tokens.length ? close : Math.min(open + longest, source.tokens.length);
  return outputsBetween(source, open + 1, to, common, depth);
}

/** The names that the columns of an item of a FROM list are given behind its alias, with or without their types. */
export function columnsOfAlias(source: Source, open: number): Output[] {
  const close = source.closing[open] ?? open;
  return itemsBetween(source, open + 1, close).flatMap(({ from }) => {
    const name = readAnyName(source, from);
    return name === null ? [] : [{ column: lastPart(name).name }];
  });
}

/** What a view or a table that is made by a query has: the columns that its name is followed by, or those of the query. */
export function outputsOfMade(source: Source, at: number, to: number): readonly Output[] {
  if (source.words[at] === "(") return columnList(source, at).names.map((column) => ({ column }));
  const query = findWord(source, at, to, ["as"]) + 1;
  return source.words[query] === "("
    ? outputsOf(source, query, new Map())
    : outputsBetween(source, query, withoutData(source, to));
}

/** The end of a query behind which WITH [NO] DATA may stand. */
function withoutData({ words }: Source, to: number): number {
  if (words[to - 1] !== "data") return to;
  const at = words[to - 2] === "no" ? to - 3 : to - 2;
  return words[at] === "with" ? at : to;
}

/** What the query that begins here gives, as far as it says so. */
export function outputsBetween(
  source: Source,
  start: number,
  to: number,
  outer: Common = new Map(),
  depth = 0,
): readonly Output[] {
  const common = source.words[start] === "with" ? commonOf(source, start + 1, to, outer, depth) : outer;
  const main = mainWord(source, start, to);
  const word = source.words[main];
  if (word === "table") {
    const table = readName(source, main + 1);
    return table === null ? [] : [{ schema: schemaPart(table)?.name ?? null, table: lastPart(table).name }];
  }
  if (word === "values") return columnsOfValues(source, main + 1);
  if (word !== "select") {
    const returning = word === "with" ? to : findWord(source, main, to, ["returning"]);
    return returning < to ? selected(source, returning + 1, to, []) : [];
  }
  const listEnd = findWord(source, main, to, ["from", ...endsList]);
  // SELECT … INTO names what it makes between the two.
  const from = source.words[listEnd] === "into" ? findWord(source, listEnd + 1, to, ["from", ...endsList]) : listEnd;
  const isRead = source.words[from] === "from";
  const end = isRead ? findWord(source, from + 1, to, endsList) : from;
  return selected(source, main + 1, listEnd, isRead ? itemsOf(source, from + 1, end, common, depth) : []);
}

/** What the queries in a WITH give; it has those of the queries around it, too. */
function commonOf(source: Source, from: number, to: number, outer: Common, depth: number): Common {
  const common = new Map(outer);
  if (depth >= deepest) return common;
  for (let at = skipAny(source, from, ["recursive"]); at < to; at++) {
    const name = readName(source, at);
    if (name === null) break;
    const columns = source.words[name.next] === "(" ? columnList(source, name.next) : { names: [], next: name.next };
    const open = skipAny(source, columns.next, ["as", "not", "materialized"]);
    const given = columns.names.map((column) => ({ column }));
    common.set(lastPart(name).name, given.length > 0 ? given : outputsOf(source, open, common, depth + 1));
    at = skipGroup(source, open);
    if (source.words[at] !== ",") break;
  }
  return common;
}

/** How many tokens a query is read for whose parenthesis isn't closed: thousands of them would each reach to the end of the text. */
const longest = 200;

/** No list that is offered need be longer; queries that give all of each other's columns would double it each time. */
const most = 500;

const endsList: readonly string[] = [
  ...["into", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "option"],
  ...["union", "except", "intersect"],
];

/** The query's own verb, after what WITH names. */
function mainWord(source: Source, from: number, to: number): number {
  if (source.words[from] !== "with") return from;
  return findWord(source, from + 1, to, ["select", "insert", "update", "delete", "merge", "values"]);
}

/** The first of the words outside of parentheses, or the end. */
function findWord(source: Source, from: number, to: number, words: readonly string[]): number {
  let at = from;
  while (at < to && !words.includes(source.words[at] ?? "")) at = after(source, at);
  return Math.min(at, to);
}

function columnsOfValues(source: Source, open: number): Output[] {
  const close = source.closing[open] ?? open;
  return itemsBetween(source, open + 1, close).map((_, n) => ({ column: `column${n + 1}` }));
}

/** An item of a FROM list: what it is called there, and what it gives. */
interface Item {
  readonly name: string;
  readonly outputs: readonly Output[];
}

/** A query in a FROM list is looked into so deep. */
const deepest = 3;

function itemsOf(source: Source, from: number, to: number, common: Common, depth: number): Item[] {
  const items: Item[] = [];
  let expects = true;
  for (let at = from; at < to; ) {
    const word = source.words[at] ?? "";
    if (!expects || word === "lateral" || word === "only") {
      expects ||= word === "," || word === "join" || word === "apply";
      at = word === "lateral" || word === "only" ? at + 1 : after(source, at);
      continue;
    }
    expects = false;
    const name = readName(source, at);
    const schema = name && (schemaPart(name)?.name ?? null);
    const table = name === null ? "" : lastPart(name).name;
    const own = schema === null ? common.get(table) : undefined;
    const query = word === "(" && depth < deepest ? outputsOf(source, at, common, depth + 1) : [];
    const next = name?.next ?? after(source, at);
    const isCall = name !== null && source.words[next] === "(";
    const alias = readName(source, skipAny(source, skipGroup(source, next), ["as"]));
    const isTable = name !== null && !isCall;
    const isAliased = alias !== null && alias.next <= to;
    // `(VALUES (1, 2)) AS v (a, b)` gives columns other names.
    const renamed = isAliased && source.words[alias.next] === "(" ? columnsOfAlias(source, alias.next) : [];
    const given = isTable ? (own ?? [{ schema, table }]) : query;
    items.push({
      name: isAliased ? lastPart(alias).name : table,
      outputs: renamed.length > 0 ? renamed : given,
    });
    at = Math.max(at + 1, next);
  }
  return items;
}

function selected(source: Source, from: number, to: number, items: readonly Item[]): Output[] {
  const start = skipHead(source, from);
  const outputs = itemsBetween(source, start, to).flatMap((item) => outputsOfItem(source, item.from, item.to, items));
  return outputs.slice(0, most);
}

/** `DISTINCT ON (…)`, `TOP (10)`. */
function skipHead(source: Source, at: number): number {
  const next = skipAny(source, at, ["all", "distinct", "on"]);
  if (source.words[next] === "top")
    return skipAny(source, skipGroup(source, next + 1) + (source.words[next + 1] === "(" ? 0 : 1), ["percent"]);
  return next > at && source.words[next - 1] === "on" ? skipGroup(source, next) : next;
}

function outputsOfItem(source: Source, from: number, to: number, items: readonly Item[]): Output[] {
  const { words } = source;
  if (words[to - 1] === "*") {
    const qualifier = to - from > 2 ? readAnyName(source, from) : null;
    const meant = qualifier === null ? items : items.filter(({ name }) => name === lastPart(qualifier).name);
    return meant.flatMap(({ outputs }) => outputs);
  }
  const column = columnName(source, from, to);
  return column === null ? [] : [{ column }];
}

/** What a column of a select list is called; null where nothing says so. */
function columnName(source: Source, from: number, to: number): string | null {
  const { words, dialect } = source;
  const first = readAnyName(source, from);
  if (dialect === "sqlserver" && first?.parts.length === 1 && words[first.next] === "=") return lastPart(first).name;
  if (first?.next === to) return lastPart(first).name;
  const last = readAnyName(source, to - 1);
  const word = words[to - 1] ?? "";
  const isAlias =
    words[to - 2] === "as" || (word === "" ? last !== null : !isReserved(word, dialect) && word !== "end");
  if (last !== null && isAlias && isWhole(source, to - 2)) return lastPart(last).name;
  // PostgreSQL calls what a function gives like the function, and what is cast like the column.
  const isPlain =
    first !== null && (words[first.next] === "(" || words[first.next] === "::") && !computes(source, first.next, to);
  return dialect === "postgresql" && isPlain ? lastPart(first).name : null;
}

/** Whether an expression may end with a token, so that a name behind it is an alias. */
function isWhole({ tokens, words, dialect }: Source, at: number): boolean {
  const word = words[at] ?? "";
  if (word === "as" || endsWhole.has(word)) return true;
  const kind = tokens.get(at)?.kind;
  return kind !== "operator" && kind !== "punctuation" && !(kind === "word" && isReserved(word, dialect));
}

const endsWhole: ReadonlySet<string> = new Set([")", "]", "end", "null", "true", "false"]);

/** Whether something is done with what a function or a cast gives, which then has no name of its own. */
function computes(source: Source, from: number, to: number): boolean {
  for (let at = from; at < to; at = after(source, at)) {
    const word = source.words[at] ?? "";
    const isOperator = source.tokens.get(at)?.kind === "operator" && word !== "::";
    if (isOperator || computing.has(word)) return true;
  }
  return false;
}

const computing: ReadonlySet<string> = new Set([
  ...["and", "or", "not", "is", "isnull", "notnull", "in", "like", "ilike", "between", "similar", "at"],
]);
