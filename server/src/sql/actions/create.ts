import type { Action } from "../action";
import type { QualifiedName } from "../facts";
import { createModifiers, readKind } from "../scan/kinds";
import { readName } from "../scan/names";
import { follows, type Source, skipAny, skipGroup, skipWords } from "../scan/source";
import { elementsOf, isOnline } from "./elements";
import { functionClauses, hasTextBody } from "./functions";
import { outputsOfMade } from "./outputs";
import { findWords, hasWords, itemsBetween, nameSpan, qualified, skipIfExists, spanOf } from "./reading";
import { readsTables } from "./rows";

/** Reads CREATE of anything. */
export function create(source: Source, from: number, to: number): Action[] {
  const modified = skipAny(source, from + 1, createModifiers(source.dialect));
  const kind = readKind(source, modified);
  if (kind === null) return [];
  const object = kind.phrase;
  const keyword = spanOf(source, from, kind.next);
  const at = skipIfExists(source, skipWords(source, kind.next, "concurrently"));
  if (object === "index") return index(source, { from, modified, at: kind.next, to, keyword });
  const name = readName(source, at);
  const named = name && qualified(name);
  const place = name === null ? keyword : nameSpan(source, name);
  if (object === "table" || object === "foreign table") {
    return name === null ? [] : [table(source, { from, modified, name, to })];
  }
  if (
    named !== null &&
    name !== null &&
    (object === "function" || object === "procedure") &&
    source.dialect === "postgresql"
  ) {
    const body = skipGroup(source, name.next);
    const clauses = functionClauses(source, body, to);
    return [{ kind: "create-function", name: named, ...clauses, hasTextBody: hasTextBody(source, body, to), ...place }];
  }
  if (name !== null && /\bview$/.test(object)) {
    const outputs = outputsOfMade(source, name.next, to);
    const readsRows = object === "materialized view" && isFilled(source, name.next, to);
    return [{ kind: "create", object, name: named, on: null, outputs, readsRows, ...place }];
  }
  const before = onTables.get(object);
  const on = before === undefined ? -1 : findWords(source, at, to, before);
  const holder = on < 0 ? null : readName(source, on + 1);
  return [{ kind: "create", object, name: named, on: holder && qualified(holder), ...place }];
}

/** What is made on a table, and the word in front of that. */
const onTables: ReadonlyMap<string, string> = new Map([
  ["trigger", "on"],
  ["policy", "on"],
  ["rule", "to"],
  ["statistics", "from"],
]);

function table(
  source: Source,
  {
    from,
    modified,
    name,
    to,
  }: { from: number; modified: number; name: NonNullable<ReturnType<typeof readName>>; to: number },
): Action {
  const own = qualified(name);
  const isPartition = follows(source, name.next, "partition", "of");
  const parent = isPartition ? readName(source, name.next + 2) : null;
  let open = parent?.next ?? name.next;
  if (!isPartition && source.words[open] === "of") open = readName(source, open + 1)?.next ?? open;
  const elements = elementsOf(source, open);
  const fromQuery = source.dialect === "postgresql" && hasWords(source, name.next, to, "as");
  return {
    kind: "create-table",
    table: own,
    temporary: source.words.slice(from, modified).some((word) => word.startsWith("temp")) || own.name.startsWith("#"),
    partitionOf: parent && qualified(parent),
    inherits: inherited(source, name.next, to),
    fromQuery,
    outputs: fromQuery && elements.columns.length === 0 ? outputsOfMade(source, name.next, to) : [],
    readsRows: fromQuery && isFilled(source, name.next, to),
    ...elements,
    ...nameSpan(source, name),
  };
}

function inherited(source: Source, from: number, to: number): QualifiedName[] {
  const at = findWords(source, from, to, "inherits");
  if (at < 0) return [];
  return itemsBetween(source, at + 2, Math.min(skipGroup(source, at + 1) - 1, to)).flatMap((item) => {
    const parent = readName(source, item.from);
    return parent === null ? [] : [qualified(parent)];
  });
}

/** Whether what is made by a query is filled from tables at once. */
function isFilled(source: Source, from: number, to: number): boolean {
  const as = findWords(source, from, to, "as");
  return readsTables(source, as + 1, to) && !hasWords(source, as, to, "with", "no", "data");
}

function index(
  source: Source,
  {
    from,
    modified,
    at,
    to,
    keyword,
  }: { from: number; modified: number; at: number; to: number; keyword: { start: number; end: number } },
): Action[] {
  const concurrently = source.dialect === "postgresql" ? source.words[at] === "concurrently" : isOnline(source, at, to);
  const start = skipIfExists(source, source.words[at] === "concurrently" ? at + 1 : at);
  const name = source.words[start] === "on" ? null : readName(source, start);
  const on = name?.next ?? start;
  const table = source.words[on] === "on" ? readName(source, skipWords(source, on + 1, "only")) : null;
  if (table === null) return [];
  return [
    {
      kind: "create-index",
      table: qualified(table),
      name: name && qualified(name).name,
      unique: source.words.slice(from, modified).includes("unique"),
      concurrently,
      ...keyword,
    },
  ];
}
