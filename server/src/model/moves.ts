import type { Dialect } from "../sql/dialect";
import type { NameReference, ObjectKind, StatementFacts } from "../sql/facts";
import { lex } from "../sql/lexer";
import { identifierName } from "../sql/scan/names";
import type { Token } from "../sql/token";
import type { Move } from "./changes";
import { type DefinedKind, kindOfTypes } from "./timeline";

/** The renaming or moving of what a statement alters: RENAME TO, SET SCHEMA, and on SQL Server TRANSFER and sp_rename. */
export function* readMove(text: string, facts: StatementFacts, dialect: Dialect): Generator<Move> {
  if (!/^(ALTER|EXECUTE)\b/.test(facts.kind) || onTables.test(facts.kind) || !moving.test(text)) return;
  const moved = movedObject(facts);
  if (moved === null) return;
  const tokens = lex(text, dialect).filter((token) => token.kind !== "space" && token.kind !== "comment");
  const { object, schema, name: oldName } = moved;
  const isCertain = facts.kind !== "EXECUTE" && !asksWhether(text, tokens);
  const from = { kind: "move", object, schema, name: oldName, isCertain } as const;
  const own = { start: moved.start, end: moved.end };
  if (facts.kind === "ALTER SCHEMA") {
    const to = facts.objects.find(({ kind }) => kind === "schema");
    if (to !== undefined) yield { ...from, ...own, toSchema: to.name, toName: null };
    return;
  }
  if (facts.kind === "EXECUTE") {
    const target = newName(text, tokens);
    if (target !== null) yield { ...from, ...target, toSchema: null };
    return;
  }
  const clause = moveClause(text, tokens);
  if (clause === null) return;
  const name = identifierName(text.slice(clause.target.start, clause.target.end), dialect);
  if (clause.words === "set schema") yield { ...from, ...own, toSchema: name, toName: null };
  else yield { ...from, toSchema: null, toName: name, start: clause.target.start, end: clause.target.end };
}

/** Their own names lie in no schema; the table that they name is not what gets another name. */
const onTables = /^ALTER (?:TRIGGER|POLICY|RULE)$/;

const moving = /\brename\s+to\b|\bset\s+schema\b|^alter\s+schema\b[^;]*\btransfer\b|\bsp_rename\b/i;

function movedObject(facts: StatementFacts): (NameReference & { readonly object: DefinedKind }) | null {
  const table = facts.tables.find(({ use }) => use === "alter");
  if (table !== undefined) return { ...table, object: "table" };
  const object = facts.objects.find(({ kind, use }) =>
    facts.kind === "EXECUTE" ? kind === "other" : use === "alter" && followed.has(kind),
  );
  if (object === undefined) return null;
  // The statement doesn't say what sp_rename renames; a table unless it says that it is something else.
  if (facts.kind === "EXECUTE") return { ...object, object: "table" };
  return { ...object, object: object.kind === "type" ? kindOfTypes(facts.kind) : (object.kind as DefinedKind) };
}

const followed: ReadonlySet<ObjectKind> = new Set(["type", "function", "sequence", "index", "other"]);

/** Whether the statement says IF EXISTS, and so does nothing where there is no such object; no name stands in front of it. */
function asksWhether(text: string, tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, mostBeforeExists).map(({ start, end }) => text.slice(start, end));
  return /^\w+(?: \w+){1,2} if exists\b/i.test(words.join(" "));
}

/** `ALTER MATERIALIZED VIEW IF EXISTS`. */
const mostBeforeExists = 5;

/** Only `RENAME TO` renames the object itself: a column, constraint or value is named between the two words. */
function moveClause(text: string, tokens: readonly Token[]): { words: string; target: Token } | null {
  for (let index = 0; index + 2 < tokens.length; index++) {
    const [first, second, target] = tokens.slice(index, index + 3);
    if (first === undefined || second === undefined || target === undefined) return null;
    const words = `${text.slice(first.start, first.end)} ${text.slice(second.start, second.end)}`.toLowerCase();
    if (words === "rename to" || words === "set schema") return { words, target };
  }
  return null;
}

/** `sp_rename 'old', 'new'`, of a table: a third argument says that it is something else. */
function newName(text: string, tokens: readonly Token[]): { toName: string; start: number; end: number } | null {
  const [, target, kind] = tokens.filter((token) => token.kind === "string");
  if (target === undefined || (kind !== undefined && !/^N?'object'$/i.test(text.slice(kind.start, kind.end))))
    return null;
  const start = target.start + text.slice(target.start, target.end).indexOf("'") + 1;
  return { toName: text.slice(start, target.end - 1).replaceAll("''", "'"), start, end: target.end - 1 };
}
