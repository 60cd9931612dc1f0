import type { Action } from "../action";
import { lastPart, type Name, readName } from "../scan/names";
import { type Source, skipGroup, skipWords } from "../scan/source";
import { outputsBetween } from "./outputs";
import {
  after,
  cascadeIn,
  findWords,
  hasWords,
  itemsBetween,
  listedNames,
  nameSpan,
  qualified,
  spanOf,
  tableName,
} from "./reading";

/**
 * Reads what changes rows, also behind WITH and inside of it; null for any other statement.
 * @param scope where the queries of WITH begin that stand before it
 */
export function dataChange(source: Source, from: number, to: number, scope = from): Action[] | null {
  switch (source.words[from]) {
    case "with":
      return withQueries(source, from + 1, to);
    case "update":
      return source.words[from + 1] === "statistics"
        ? []
        : changed(source, "update", skipTop(source, from + 1), { scope, from, to });
    case "delete":
      return changed(source, "delete", skipWords(source, skipTop(source, from + 1), "from"), { scope, from, to });
    case "insert":
      return inserted(source, from, to);
    case "merge": {
      const named = tableName(source, skipWords(source, skipTop(source, from + 1), "into"));
      return named === null ? [] : [{ kind: "merge", table: qualified(named.name), ...nameSpan(source, named.name) }];
    }
    case "truncate":
      return truncated(source, from, to);
    case "select":
      return selectedInto(source, from, to, scope);
    default:
      return null;
  }
}

/** The changes in the queries of WITH, and in what stands after them. */
function withQueries(source: Source, from: number, to: number): Action[] {
  const actions: Action[] = [];
  for (let at = from; at < to; at = after(source, at)) {
    const word = source.words[at] ?? "";
    if (word === "(") {
      const close = Math.min(source.closing[at] ?? to, to);
      const inner = source.words[at + 1] ?? "";
      if (inner === "with" || changeWords.has(inner)) actions.push(...(dataChange(source, at + 1, close) ?? []));
    } else if (changeWords.has(word) || word === "select") {
      return [...actions, ...(dataChange(source, at, to, from) ?? [])];
    }
  }
  return actions;
}

const changeWords: ReadonlySet<string> = new Set(["update", "delete", "insert", "merge"]);

/** Where a change stands, and where the queries of WITH before it begin. */
interface Place {
  readonly scope: number;
  readonly from: number;
  readonly to: number;
}

function changed(source: Source, kind: "update" | "delete", at: number, place: Place): Action[] {
  const { from, to } = place;
  const named = tableName(source, at);
  if (named === null) return [];
  const { name, next } = named;
  const limited = from + 1 !== at && source.words[from + 1] === "top";
  const target = targetOf(source, name, next, place);
  const joins =
    source.dialect === "postgresql"
      ? joinWords[kind].some((word) => hasWords(source, next, to, word))
      : joinsAnother(source, next, to);
  const query = commonQuery(source, target, place.scope, from);
  const hasWhere = limited || hasWords(source, next, to, "where") || query >= 0;
  const table = qualified(query < 0 ? target : (firstTable(source, query, place.scope) ?? target));
  const columns = kind === "update" ? setColumns(source, next, to) : [];
  return [{ kind, table, hasWhere, joins, columns, ...spanOf(source, from, from + 1) }];
}

/** The columns on the left of `=` in the SET list: `a = 1, (b, c) = (…)`. */
function setColumns(source: Source, from: number, to: number): string[] {
  const set = findWords(source, from, to, "set");
  if (set < 0) return [];
  const ends = ["from", "where", "returning", "output"].map((word) => findWords(source, set, to, word));
  const end = Math.min(to, ...ends.filter((at) => at >= 0));
  return itemsBetween(source, set + 1, end).flatMap((item) => {
    if (source.words[item.from] === "(") return listedNames(source, item.from);
    const name = readName(source, item.from);
    // PostgreSQL may go on to a part of the column, SQL Server may begin with the table.
    const [first] = name?.parts ?? [];
    if (name === null || first === undefined) return [];
    return [source.dialect === "postgresql" ? first.name : lastPart(name).name];
  });
}

/** SQL Server changes rows through a common table expression, which says which: where its query's parenthesis stands before there, or -1. */
function commonQuery(source: Source, name: Name, scope: number, before: number): number {
  if (source.dialect === "postgresql" || name.parts.length > 1) return -1;
  const key = keyOf(name);
  for (let at = scope; at < before; at = after(source, at)) {
    const common = readName(source, at);
    const as = common === null ? at : skipGroup(source, common.next);
    if (source.words[as] !== "as" || source.words[as + 1] !== "(") continue;
    // A query that names itself is recursive.
    if (common !== null && keyOf(common) === key) return as + 1 < before ? as + 1 : -1;
    at = as;
  }
  return -1;
}

/** The table that a query in parentheses takes its rows from, the first of several; null where that can't be read. */
function firstTable(source: Source, open: number, scope: number): Name | null {
  const from = findWords(source, open + 1, source.closing[open] ?? open, "from");
  if (from < 0) return null;
  if (source.words[from + 1] === "(") return firstTable(source, from + 1, scope);
  const name = readName(source, from + 1);
  const query = name === null ? -1 : commonQuery(source, name, scope, open);
  return query < 0 ? name : firstTable(source, query, scope);
}

function keyOf(name: Name): string {
  return qualified(name).name.toLowerCase();
}

const joinWords = { update: ["from"], delete: ["using", "from"] } as const;

/** SQL Server: whether the FROM list names more than the table that is changed, so that a join chooses rows. */
function joinsAnother(source: Source, from: number, to: number): boolean {
  const list = findWords(source, from, to, "from") + 1;
  if (list === 0) return false;
  // What a query gives is chosen by it.
  if (source.words[list] === "(") return true;
  for (let at = list; at < to && !endsList.has(source.words[at] ?? ""); at = after(source, at)) {
    if (["join", "apply", ","].includes(source.words[at] ?? "")) return true;
  }
  return false;
}

const endsList: ReadonlySet<string> = new Set(["where", "option"]);

/** SQL Server's UPDATE and DELETE may name an alias that only the FROM list explains. */
function targetOf(source: Source, own: Name, next: number, { scope, to }: Place): Name {
  if (source.dialect === "postgresql" || own.parts.length > 1) return own;
  const key = keyOf(own);
  for (let at = findWords(source, next, to, "from") + 1; at > 0 && at < to; at = after(source, at)) {
    const isQuery = source.words[at] === "(";
    const table = isQuery ? firstTable(source, at, scope) : readName(source, at);
    if (table === null) continue;
    const end = isQuery ? skipGroup(source, at) : table.next;
    const alias = readName(source, skipWords(source, end, "as"));
    if (alias !== null && keyOf(alias) === key) return table;
    at = end - 1;
  }
  return own;
}

function inserted(source: Source, from: number, to: number): Action[] {
  const name = readName(source, skipWords(source, skipTop(source, from + 1), "into"));
  if (name === null) return [];
  // A parenthesis holds the columns, or the query.
  const query = readsTables(source, name.next, to);
  return [{ kind: "insert", table: qualified(name), fromQuery: query, ...spanOf(source, from, from + 1) }];
}

/** Whether rows come from a table: VALUES, a list of literals and the defaults don't. @param from where their query begins, or a word before it */
export function readsTables(source: Source, from: number, to: number): boolean {
  for (let at = from; at < to; at = after(source, at)) {
    const word = source.words[at];
    if (word === "values" || word === "default") return false;
    if (word === "exec" || word === "execute" || word === "table") return true;
    if (word === "select") return hasTable(source, at, to);
    if (word === "(" && queryWords.has(source.words[at + 1] ?? "")) {
      // One of WITH may have none where what follows has.
      if (readsTables(source, at + 1, Math.min(source.closing[at] ?? to, to))) return true;
    }
  }
  return false;
}

const queryWords: ReadonlySet<string> = new Set(["select", "with", "table", "values", "("]);

function hasTable(source: Source, select: number, to: number): boolean {
  const from = findWords(source, select, to, "from");
  if (from < 0) return false;
  return source.words[from + 1] !== "(" || source.words[from + 2] !== "values" || hasWords(source, from, to, "join");
}

function truncated(source: Source, from: number, to: number): Action[] {
  const start = skipWords(source, from + 1, "table");
  const cascade = cascadeIn(source, start, to);
  return itemsBetween(source, start, to).flatMap((item): Action[] => {
    const named = tableName(source, item.from);
    if (named === null) return [];
    return [{ kind: "truncate", table: qualified(named.name), cascade, ...nameSpan(source, named.name) }];
  });
}

/** SELECT … INTO makes a table. @param scope where the queries of WITH begin, or the statement */
function selectedInto(source: Source, from: number, to: number, scope: number): Action[] {
  const into = findWords(source, from, to, "into");
  if (into < 0) return [];
  let at = into + 1;
  let temporary = false;
  while (["temp", "temporary", "unlogged", "local", "global", "table"].includes(source.words[at] ?? "")) {
    temporary ||= source.words[at]?.startsWith("temp") ?? false;
    at++;
  }
  const name = readName(source, at);
  if (name === null) return [];
  const table = qualified(name);
  return [
    {
      kind: "create-table",
      table,
      temporary: temporary || table.name.startsWith("#"),
      partitionOf: null,
      inherits: [],
      copies: [],
      fromQuery: true,
      outputs: outputsBetween(source, scope === from ? from : scope - 1, to),
      readsRows: hasTable(source, from, to),
      columns: [],
      constraints: [],
      ...nameSpan(source, name),
    },
  ];
}

/** SQL Server's TOP (…). */
function skipTop(source: Source, at: number): number {
  if (source.dialect === "postgresql" || source.words[at] !== "top") return at;
  return skipWords(source, source.words[at + 1] === "(" ? skipGroup(source, at + 1) : at + 2, "percent");
}
