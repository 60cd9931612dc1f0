import type { Action } from "../action";
import type { QualifiedName } from "../facts";
import { readKind } from "../scan/kinds";
import { readLiteral } from "../scan/literal";
import { readName } from "../scan/names";
import { follows, type Source, skipWords } from "../scan/source";
import type { Span } from "../span";
import { alterServerTable } from "./alterServer";
import { beginsConstraint, expression, readColumn, readConstraint, readExpression } from "./elements";
import { functionClauses } from "./functions";
import {
  cascadeIn,
  findWords,
  hasWords,
  itemsBetween,
  nameSpan,
  plainName,
  qualified,
  skipIfExists,
  spanOf,
  tableName,
} from "./reading";
import { readType } from "./types";

/** Reads ALTER of anything. */
export function alter(source: Source, from: number, to: number): Action[] {
  const kind = readKind(source, from + 1);
  if (kind === null) return [];
  const object = kind.phrase;
  if (source.dialect === "sqlserver") return serverAlter(source, object, kind.next, to);
  const named = tableName(source, kind.next);
  if (named === null) return [];
  if (kind.names === "on table") return partOfTable(source, object, named.next);
  const target = { object, name: qualified(named.name), place: nameSpan(source, named.name) };
  const at =
    object === "function" || object === "procedure" || object === "routine"
      ? skipArguments(source, named.next)
      : named.next;
  const whole = wholeObject(source, at, to, target);
  if (whole !== null) return [whole];
  if (object === "table" || object === "foreign table") {
    return itemsBetween(source, at, to).flatMap((item) => tableAction(source, item, target.name) ?? []);
  }
  if (object === "function" || object === "procedure" || object === "routine") {
    const clauses = functionClauses(source, at, to);
    if (!clauses.securityDefiner && clauses.settings.length === 0) return [];
    return [{ kind: "create-function", name: target.name, ...clauses, hasTextBody: false, ...target.place }];
  }
  return [];
}

/** What a trigger's, policy's or rule's definition changes of the table behind ON. */
function partOfTable(source: Source, object: string, at: number): Action[] {
  const table = source.words[at] === "on" ? readName(source, at + 1) : null;
  return table === null
    ? []
    : [{ kind: "alter-table", table: qualified(table), what: object, ...nameSpan(source, table) }];
}

function skipArguments(source: Source, at: number): number {
  return source.words[at] === "(" ? Math.min((source.closing[at] ?? at) + 1, source.tokens.length) : at;
}

interface Target {
  readonly object: string;
  readonly name: QualifiedName;
  readonly place: Span;
}

/** RENAME and SET SCHEMA, which stand alone in their statement. */
function wholeObject(source: Source, at: number, to: number, { object, name, place }: Target): Action | null {
  if (follows(source, at, "set", "schema")) {
    const schema = plainName(source, at + 2, to);
    return schema && { kind: "set-schema", object, name, to: schema.name, ...place };
  }
  if (source.words[at] !== "rename") return null;
  const word = source.words[at + 1];
  if (word === "to") {
    const renamed = plainName(source, at + 2, to);
    return renamed && { kind: "rename", object, name, to: renamed.name, ...place };
  }
  if (word === "value") {
    const value = readLiteral(source, at + 2);
    const renamed = readLiteral(source, at + 4);
    if (value === null || renamed === null) return null;
    return {
      kind: "rename-value",
      type: name,
      value: value.content,
      to: renamed.content,
      ...spanOf(source, at + 2, at + 3),
    };
  }
  const isConstraint = word === "constraint";
  const old = plainName(source, isConstraint || word === "column" || word === "attribute" ? at + 2 : at + 1, to);
  const renamed = old === null || source.words[old.next] !== "to" ? null : plainName(source, old.next + 1, to);
  if (old === null || renamed === null) return null;
  const span = { start: old.start, end: old.end };
  const names = { table: name, to: renamed.name, ...span };
  return isConstraint
    ? { kind: "rename-constraint", constraint: old.name, ...names }
    : { kind: "rename-column", column: old.name, ...names };
}

/** One action of PostgreSQL's ALTER TABLE. */
function tableAction(source: Source, { from, to }: { from: number; to: number }, table: QualifiedName): Action | null {
  const { words } = source;
  switch (words[from]) {
    case "add":
      return added(source, from + 1, to, table);
    case "drop": {
      if (words[from + 1] === "constraint") {
        const name = plainName(source, skipIfExists(source, from + 2), to);
        if (name === null) return null;
        const cascade = cascadeIn(source, name.next, to);
        return { kind: "drop-constraint", table, constraint: name.name, cascade, start: name.start, end: name.end };
      }
      const name = plainName(source, skipIfExists(source, skipWords(source, from + 1, "column")), to);
      if (name === null) return null;
      const cascade = cascadeIn(source, name.next, to);
      return { kind: "drop-column", table, column: name.name, cascade, start: name.start, end: name.end };
    }
    case "alter":
      return columnAction(source, skipWords(source, from + 1, "column"), to, table);
    case "validate": {
      const name = plainName(source, from + 2, to);
      return name && { kind: "validate-constraint", table, constraint: name.name, start: name.start, end: name.end };
    }
    case "inherit": {
      const parent = readName(source, from + 1);
      return parent && { kind: "inherit", table, parent: qualified(parent), ...nameSpan(source, parent) };
    }
    case "attach":
    case "detach": {
      const partition = readName(source, skipWords(source, from + 1, "partition"));
      if (partition === null) return null;
      const place = { table, partition: qualified(partition), ...nameSpan(source, partition) };
      if (words[from] === "attach") return { kind: "attach-partition", ...place };
      return {
        kind: "detach-partition",
        concurrently: /^(?:concurrently|finalize)$/.test(words[partition.next] ?? ""),
        ...place,
      };
    }
    default:
      return {
        kind: "alter-table",
        table,
        what: words
          .slice(from, Math.min(from + lengthOfWhat(words, from), to))
          .join(" ")
          .trim(),
        ...spanOf(source, from, from + 1),
      };
  }
}

/** How many words say what is done: `set tablespace`, but `enable always trigger` and `set without cluster`. */
function lengthOfWhat(words: readonly string[], from: number): number {
  return /^(?:replica|always|without)$/.test(words[from + 1] ?? "") ? 3 : 2;
}

function added(source: Source, from: number, to: number, table: QualifiedName): Action | null {
  if (beginsConstraint(source, from)) {
    const constraint = readConstraint(source, from, to, false);
    if (constraint === null) return null;
    return { kind: "add-constraint", table, constraint, start: constraint.start, end: constraint.end };
  }
  const column = readColumn(source, skipIfExists(source, skipWords(source, from, "column")), to);
  return column && { kind: "add-column", table, column, start: column.start, end: column.end };
}

function columnAction(source: Source, from: number, to: number, table: QualifiedName): Action | null {
  const name = plainName(source, from, to);
  if (name === null) return null;
  const at = name.next;
  const column = { table, column: name.name, start: name.start, end: name.end };
  const type = skipWords(source, at, "set", "data");
  if (source.words[type] === "type") {
    const read = readType(source, type + 1, to);
    if (read === null) return null;
    const using = findWords(source, read.next, to, "using");
    return {
      ...column,
      kind: "alter-type",
      type: read.type,
      using: using < 0 || using + 1 >= to ? null : expression(source, using + 1, to),
      notNull: null,
    };
  }
  if (follows(source, at, "set", "not", "null")) return { ...column, kind: "set-not-null" };
  if (follows(source, at, "drop", "not", "null")) return { ...column, kind: "drop-not-null" };
  if (follows(source, at, "drop", "default")) return { ...column, kind: "drop-default" };
  if (follows(source, at, "set", "expression")) return { ...column, kind: "set-expression" };
  if (follows(source, at, "set", "default")) {
    const value = readExpression(source, at + 2, to).expression;
    return value && { ...column, kind: "set-default", expression: value };
  }
  if (follows(source, at, "add", "generated") && hasWords(source, at, to, "identity"))
    return { ...column, kind: "add-identity" };
  return {
    kind: "alter-table",
    table,
    what: `alter column ${source.words[at] ?? ""} ${source.words[at + 1] ?? ""}`.trim(),
    start: name.start,
    end: name.end,
  };
}

/** SQL Server: a table's columns and constraints, and ALTER SCHEMA … TRANSFER. */
function serverAlter(source: Source, object: string, at: number, to: number): Action[] {
  const name = readName(source, at);
  if (name === null) return [];
  if (object === "table") return alterServerTable(source, name.next, to, qualified(name));
  if (object === "schema" && source.words[name.next] === "transfer") {
    const classed = findWords(source, name.next + 1, to, "::");
    const moved = readName(source, classed < 0 ? name.next + 1 : classed + 1);
    if (moved === null) return [];
    const kind = classed < 0 || source.words[classed - 1] === "object" ? "table" : (source.words[classed - 1] ?? "");
    return [
      {
        kind: "set-schema",
        object: kind,
        name: qualified(moved),
        to: qualified(name).name,
        ...nameSpan(source, moved),
      },
    ];
  }
  return [];
}
