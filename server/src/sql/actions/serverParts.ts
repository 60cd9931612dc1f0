import { createModifiers, readKind } from "../scan/kinds";
import { type Source, skipAny } from "../scan/source";
import { after } from "./reading";

/** One statement, as a range of a source's tokens. */
export interface StatementPart {
  readonly source: Source;
  readonly from: number;
  readonly to: number;
}

/** The single statements in a text that is one statement for PostgreSQL, and for SQL Server may be several with nothing between them. */
export function partsOf(source: Source): StatementPart[] {
  const end = source.tokens.length;
  if (source.dialect === "postgresql" || isModule(source)) return [{ source, from: 0, to: end }];
  const parts: StatementPart[] = [];
  let from = 0;
  for (let at = 1; at < end; at = afterCase(source, at)) {
    if (!starts(source, from, at)) continue;
    parts.push({ source, from, to: at });
    from = at;
  }
  if (from < end) parts.push({ source, from, to: end });
  return parts;
}

/** A procedure, function, trigger or view takes the rest of its batch. */
function isModule(source: Source): boolean {
  if (source.words[0] !== "create" && source.words[0] !== "alter") return false;
  const kind = readKind(source, skipAny(source, 1, createModifiers("sqlserver")));
  return kind !== null && ["procedure", "proc", "function", "trigger", "view"].includes(kind.phrase);
}

function starts(source: Source, from: number, at: number): boolean {
  const word = source.words[at] ?? "";
  const before = source.words[at - 1] ?? "";
  const first = source.words[from] ?? "";
  switch (word) {
    case "alter":
    case "drop":
      return readKind(source, at + 1) !== null && !grants.has(first);
    case "create":
      return !grants.has(first);
    case "update":
    case "delete":
    case "insert":
      return !continues.has(before) && !grants.has(first) && !isUnderWith(source, from, at) && first !== "merge";
    case "merge":
      return source.words[at + 1] !== "join" && before !== "inner" && !isUnderWith(source, from, at);
    case "select":
      return (
        !grants.has(first) &&
        !awaitsQuery(source, from, at) &&
        !["union", "all", "except", "intersect"].includes(before)
      );
    case "truncate":
      return source.words[at + 1] === "table";
    case "exec":
    case "execute":
      return source.words[at + 1] !== "as" && !grants.has(first) && !awaitsQuery(source, from, at);
    case "set":
      return /^(?:nocount|xact_abort|identity_insert|ansi_|quoted_identifier|arithabort|transaction)/.test(
        source.words[at + 1] ?? "",
      );
    case "with":
      return source.words[at + 1] !== "(" && source.words[at + 2] === "as" && first !== "insert" && first !== "merge";
    default:
      return others.has(word) && !isIfExists(source, at) && !(word === "end" && periodParts.has(before));
  }
}

const continues: ReadonlySet<string> = new Set([
  "on",
  "for",
  "after",
  "of",
  "then",
  ",",
  "instead",
  "bulk",
  "grant",
  "deny",
  "revoke",
]);
const grants: ReadonlySet<string> = new Set(["grant", "deny", "revoke"]);
const others: ReadonlySet<string> = new Set(
  "if else begin end while declare print raiserror throw return use go commit rollback save".split(" "),
);

/** `GENERATED ALWAYS AS ROW END`. */
const periodParts: ReadonlySet<string> = new Set(["row", "transaction_id", "sequence_number"]);

/** The next token at this depth, after the END where a CASE stands here, whose ELSE and END are of no block. */
function afterCase(source: Source, at: number): number {
  if (source.words[at] !== "case") return after(source, at);
  let open = 0;
  for (let next = at; next < source.tokens.length; next = after(source, next)) {
    const word = source.words[next];
    if (word === "case") open++;
    else if (word === "end") open--;
    if (open === 0) return after(source, next);
  }
  return after(source, at);
}

/** Common table expressions belong to the change that follows them. */
function isUnderWith(source: Source, from: number, at: number): boolean {
  return source.words[from] === "with" && !hasMain(source, from, at);
}

/** The query of INSERT, of common table expressions, and of a cursor. */
function awaitsQuery(source: Source, from: number, at: number): boolean {
  const first = source.words[from];
  if (first === "insert") return !source.words.slice(from + 1, at).some((word) => sources.has(word));
  if (first === "with") return !hasMain(source, from, at);
  return first === "declare" && source.words[at - 1] === "for";
}

const sources: ReadonlySet<string> = new Set(["select", "values", "exec", "execute"]);

function hasMain(source: Source, from: number, to: number): boolean {
  for (let at = from; at < to; at = after(source, at)) {
    if (["select", "insert", "update", "delete", "merge"].includes(source.words[at] ?? "")) return true;
  }
  return false;
}

/** `DROP TABLE IF EXISTS`, `DROP COLUMN IF EXISTS`. */
function isIfExists(source: Source, at: number): boolean {
  return source.words[at] === "if" && source.words[at + 1] === "exists" && source.words[at + 2] !== "(";
}
