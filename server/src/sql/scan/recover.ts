import { changeTarget } from "./changes";
import { listOfTables } from "./definition";
import { readKind } from "./kinds";
import { type Name, readName } from "./names";
import { createIndex, createTable } from "./postgresCreate";
import { alterTable, inert, onTable } from "./postgresNames";
import { routine } from "./routine";
import { follows, isLiteral, type Source, skipAny, skipGroup } from "./source";
import type { Scan } from "./state";

/**
 * What a PostgreSQL statement is meant to be that lacks one of its first words, as it does while it is typed: no complete statement
 * begins like this. Null where nothing is recognised.
 */
export function recoverStatement(scan: Scan, at: number): number | null {
  const { source } = scan;
  if (source.words[at] === "into") return changeTarget(scan, at + 1, "write");
  if (source.words[at] === "create") return createdName(scan, at + 1);
  if (source.words[at] === "alter") return alteredName(scan, at + 1);
  if (source.words[at] === "drop") return droppedName(scan, at + 1);
  return withoutVerb(scan, at) ?? writtenName(scan, at);
}

/** `CREATE orders (…)`, `CREATE total(…) RETURNS …`, `CREATE orders_idx ON orders`, `CREATE audited AFTER UPDATE ON orders`. */
function createdName(scan: Scan, at: number): number | null {
  const { source } = scan;
  const start = skipAny(source, at, createWords);
  if (source.words[start] === "on") return createIndex(scan, start);
  const name = readName(source, start);
  if (name === null) return null;
  const after = source.words[name.next] ?? "";
  if (after === "on") return createIndex(scan, start);
  if (after === "(" && source.words[skipGroup(source, name.next)] === "on") return null;
  if (["before", "after", "instead"].includes(after) || follows(source, name.next, "as", "on"))
    return onTable(scan, start);
  if (after === "(" && routineWords.has(source.words[skipGroup(source, name.next)] ?? "")) return routine(scan, name);
  return ["(", "as", "partition", "of"].includes(after) ? newTable(scan, name) : null;
}

const createWords: readonly string[] = [
  ...["or", "replace", "temp", "temporary", "unlogged", "unique", "concurrently", "if", "not", "exists"],
];

/** What may come after a routine's arguments, and not after a table's columns. */
const routineWords: ReadonlySet<string> = new Set(["returns", "language", "as", "begin", "return"]);

function newTable(scan: Scan, name: Name): number {
  return createTable(scan, name, { phrase: "table", names: "table", next: name.first }, false);
}

/** `ALTER orders ADD …`. */
function alteredName(scan: Scan, at: number): number | null {
  const name = readName(scan.source, skipAny(scan.source, at, ["if", "exists", "only"]));
  // Of a publication.
  if (name !== null && scan.source.words[name.next + 1] === "table") return name.next;
  return name !== null && actions.has(scan.source.words[name.next] ?? "") ? alterTable(scan, name) : null;
}

/** Whether the name read after ALTER TABLE is the first word of what is to be done, and the table isn't typed yet: `ALTER TABLE ADD b int`. */
export function lacksTable({ words }: Source, name: Name): boolean {
  const after = words[name.next] ?? "";
  return name.parts.length === 1 && actions.has(words[name.first] ?? "") && !actions.has(after) && !others.has(after);
}

/** How else ALTER TABLE goes on after a name. */
const others: ReadonlySet<string> = new Set(["*", "cluster", "force", "no", "not", "of", "options"]);

const actions: ReadonlySet<string> = new Set([
  ...[
    "add",
    "drop",
    "alter",
    "rename",
    "owner",
    "set",
    "reset",
    "enable",
    "disable",
    "attach",
    "detach",
    "inherit",
    "validate",
    "replica",
    "depends",
  ],
]);

/** `DROP IF EXISTS orders`, `DROP MATERIALIZED totals`, `DROP audited ON orders`. */
function droppedName(scan: Scan, at: number): number | null {
  const { source } = scan;
  const start = skipAny(source, at, ["materialized", "foreign", "if", "exists"]);
  const name = readName(source, start);
  if (name !== null && source.words[name.next] === "on") return inert(scan, onTable(scan, start));
  const next = listOfTables(scan, start, "drop");
  return next > at ? inert(scan, next) : null;
}

/** `TABLE orders (…)`, `INDEX i ON orders`, `TRIGGER t AFTER UPDATE ON orders`. */
function withoutVerb(scan: Scan, at: number): number | null {
  const { source } = scan;
  const kind = readKind(source, skipAny(source, at, ["or", "replace", "unique", "constraint", "unlogged"]));
  if (kind === null) return null;
  const next = skipAny(source, kind.next, ["concurrently", "if", "not", "exists", "only"]);
  if (kind.names === "index") return createIndex(scan, next);
  if (kind.names === "on table" && kind.phrase !== "constraint") return onTable(scan, next);
  const name = kind.names === "table" ? readName(source, next) : null;
  if (name === null) return null;
  const after = source.words[name.next] ?? "";
  if (kind.phrase === "table")
    return actions.has(after) ? alterTable(scan, name) : after === "(" ? newTable(scan, name) : null;
  return after === "as" ? createTable(scan, name, kind, false) : null;
}

/** `orders SET total = 1`, an UPDATE; `orders FROM STDIN`, a COPY. */
function writtenName(scan: Scan, at: number): number | null {
  const { source } = scan;
  const name = readName(source, at);
  if (name === null || source.words[at] === "update") return null;
  const isUpdate = source.words[name.next] === "set" && source.words[name.next + 2] === "=";
  const from = skipGroup(source, name.next);
  const isCopy = source.words[from] === "from" && (source.words[from + 1] === "stdin" || isLiteral(source, from + 1));
  return isUpdate || isCopy ? changeTarget(scan, at, "write") : null;
}
