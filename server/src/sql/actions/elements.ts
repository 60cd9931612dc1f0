import type { Column, Constraint, ConstraintKind, Expression, TableCopy } from "../action";
import type { QualifiedName } from "../facts";
import { readName } from "../scan/names";
import { follows, type Source, skipGroup, skipWords } from "../scan/source";
import type { Span } from "../span";
import { after, findWords, hasWords, itemsBetween, listedNames, plainName, qualified, spanOf } from "./reading";
import { readType } from "./types";

/** What stands in the parentheses of CREATE TABLE. */
export interface Elements {
  readonly columns: Column[];
  readonly constraints: Constraint[];
  readonly copies: TableCopy[];
}

/** The columns and constraints in the parentheses that open here, and the tables that they are copied from. */
export function elementsOf(source: Source, open: number): Elements {
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  const copies: TableCopy[] = [];
  if (source.words[open] !== "(") return { columns, constraints, copies };
  const close = Math.min(source.closing[open] ?? open, source.tokens.length);
  for (const { from, to } of itemsBetween(source, open + 1, close)) {
    if (isCopy(source, from)) {
      const table = readName(source, from + 1);
      if (table !== null)
        copies.push({
          table: qualified(table),
          before: columns.length,
          checks: copiesChecks(source, table.next, to),
        });
      continue;
    }
    if (isNoColumn(source, from)) {
      const constraint = readConstraint(source, from, to, false);
      if (constraint !== null) constraints.push(constraint);
      continue;
    }
    const column = readColumn(source, from, to);
    if (column !== null) columns.push(column);
  }
  return { columns, constraints, copies };
}

/** Whether a constraint of the table stands here, and no column. */
export function beginsConstraint(source: Source, at: number): boolean {
  return source.words[at] === "constraint" || constraintKind(source, at) !== null;
}

function isCopy(source: Source, at: number): boolean {
  return source.dialect === "postgresql" && source.words[at] === "like";
}

/** The last of the options that says it counts. */
function copiesChecks({ words }: Source, from: number, to: number): boolean {
  let copies = false;
  for (let at = from; at + 1 < to; at += 2)
    if (words[at + 1] === "all" || words[at + 1] === "constraints") copies = words[at] === "including";
  return copies;
}

/** Whether something stands here that is no column: a constraint, an index, a period. */
function isNoColumn(source: Source, at: number): boolean {
  if (beginsConstraint(source, at)) return true;
  if (source.dialect === "postgresql") return false;
  return source.words[at] === "index" || follows(source, at, "period", "for");
}

/** Reads a column's definition. */
export function readColumn(source: Source, from: number, to: number): Column | null {
  const name = plainName(source, from, to);
  if (name === null) return null;
  const { start, end } = name;
  const isComputed = source.dialect === "sqlserver" && source.words[name.next] === "as";
  // A column of a typed table or a partition has the type of its parent.
  const hasNone = isComputed || clauseStarts(source, name.next) || untyped.has(source.words[name.next] ?? "");
  const type = hasNone ? null : readType(source, name.next, to);
  const column: { -readonly [Key in keyof Column]: Column[Key] } = {
    start,
    end,
    name: name.name,
    type: type?.type ?? null,
    default: null,
    notNull: null,
    identity: type !== null && serials.has(type.type.name) && type.type.schema === null,
    generated: isComputed ? (hasWords(source, name.next, to, "persisted") ? "stored" : "virtual") : null,
    withValues: false,
    constraints: [],
  };
  const constraints: Constraint[] = [];
  let named: (Span & { name: string }) | null = null;
  for (let at = type?.next ?? name.next; at < to; ) {
    const word = source.words[at] ?? "";
    if (word === "constraint") {
      const constraint = plainName(source, at + 1, to);
      named = constraint;
      at = constraint?.next ?? at + 1;
      continue;
    }
    if (follows(source, at, "foreign", "key", "references")) {
      // SQL Server may say so in front of a column's REFERENCES.
      at += 2;
      continue;
    }
    if (word === "not" && source.words[at + 1] === "null") {
      column.notNull = spanOf(source, at, at + 2);
      named = null;
      at += 2;
    } else if (word === "default") {
      const read = readExpression(source, at + 1, to);
      column.default = read.expression;
      named = null;
      at = read.next;
    } else if (word === "generated" && source.dialect === "sqlserver") {
      // A period's column, which the server fills in: GENERATED ALWAYS AS ROW START.
      at = skipWords(source, skipWords(source, at + 1, "always"), "as") + 2;
    } else if (word === "generated") {
      const as = findWords(source, at, to, "as");
      const isIdentity = as >= 0 && source.words[as + 1] === "identity";
      const next = as < 0 ? at + 1 : skipGroup(source, isIdentity ? as + 2 : as + 1);
      if (isIdentity) column.identity = true;
      else if (as >= 0) column.generated = source.words[next] === "virtual" ? "virtual" : "stored";
      at = next;
    } else if (word === "identity" && source.dialect === "sqlserver") {
      column.identity = true;
      at = skipGroup(source, at + 1);
    } else if (word === "with" && source.words[at + 1] === "values") {
      column.withValues = true;
      at += 2;
    } else if (constraintKind(source, at) !== null) {
      const next = nextClause(source, at, to);
      const read = readConstraintAt(source, at, next, named, false);
      if (read !== null) constraints.push({ ...read, columns: [name.name] });
      named = null;
      at = next;
    } else at = after(source, at);
  }
  column.constraints = constraints;
  return column;
}

const untyped: ReadonlySet<string> = new Set(["with", "collate"]);
const serials: ReadonlySet<string> = new Set(["serial", "bigserial", "smallserial"]);

/** Reads a constraint of a table, with its name where it has one. @param unchecked for SQL Server's WITH NOCHECK */
export function readConstraint(source: Source, from: number, to: number, unchecked: boolean): Constraint | null {
  if (source.words[from] !== "constraint") return readConstraintAt(source, from, to, null, unchecked);
  const name = plainName(source, from + 1, to);
  return name === null ? null : readConstraintAt(source, name.next, to, name, unchecked);
}

function readConstraintAt(
  source: Source,
  at: number,
  to: number,
  named: (Span & { name: string }) | null,
  unchecked: boolean,
): Constraint | null {
  const kind = constraintKind(source, at);
  if (kind === null) return null;
  const length =
    kind === "primary-key" || kind === "not-null" || (kind === "foreign-key" && source.words[at] === "foreign") ? 2 : 1;
  const keyword = spanOf(source, at, at + length);
  const usesIndex = findWords(source, at, to, "using", "index");
  const index =
    usesIndex < 0 || source.words[usesIndex + 2] === "tablespace" ? null : plainName(source, usesIndex + 2, to);
  const target = kind === "foreign-key" ? targetOf(source, at, to) : null;
  return {
    start: named?.start ?? keyword.start,
    end: named?.end ?? keyword.end,
    kind,
    name: named?.name ?? null,
    columns: columnsOf(source, at + length, to, kind),
    target: target?.table ?? null,
    targetColumns: target?.columns ?? [],
    expression: expressionOf(source, at + length, to, kind),
    notValid: unchecked || hasWords(source, at, to, "not", "valid") || hasWords(source, at, to, "not", "enforced"),
    usingIndex: index?.name ?? null,
    online: isOnline(source, at, to),
    definitionEnd: spanOf(source, at, to).end,
  };
}

function constraintKind(source: Source, at: number): ConstraintKind | null {
  switch (source.words[at]) {
    case "primary":
      return source.words[at + 1] === "key" ? "primary-key" : null;
    case "unique":
      return "unique";
    case "check":
      return "check";
    case "exclude":
      return ["using", "("].includes(source.words[at + 1] ?? "") ? "exclusion" : null;
    case "references":
      return "foreign-key";
    case "foreign":
      return source.words[at + 1] === "key" ? "foreign-key" : null;
    case "not":
      return source.words[at + 1] === "null" ? "not-null" : null;
    case "default":
      return source.dialect === "sqlserver" ? "default" : null;
    default:
      return null;
  }
}

function columnsOf(source: Source, at: number, to: number, kind: ConstraintKind): string[] {
  if (kind === "check" || kind === "exclusion") return [];
  const named = kind === "default" ? findWords(source, at, to, "for") + 1 : at;
  if (kind === "not-null" || kind === "default") {
    const column = named === 0 ? null : plainName(source, named, to);
    return column === null ? [] : [column.name];
  }
  for (let next = at; next < to; next++) {
    if (source.words[next] === "(") return listedNames(source, next);
    if (source.words[next] === "references" || source.words[next] === "using") return [];
  }
  return [];
}

function targetOf(source: Source, from: number, to: number): { table: QualifiedName; columns: string[] } | null {
  const at = findWords(source, from, to, "references");
  const name = at < 0 ? null : readName(source, at + 1);
  return name === null ? null : { table: qualified(name), columns: listedNames(source, name.next) };
}

function expressionOf(source: Source, at: number, to: number, kind: ConstraintKind): Expression | null {
  if (kind === "default") {
    const column = findWords(source, at, to, "for");
    return readExpression(source, at, column < 0 ? to : column).expression;
  }
  if (kind !== "check") return null;
  const open = skipWords(source, at, "not", "for", "replication");
  return source.words[open] === "(" ? expression(source, open, Math.min(skipGroup(source, open), to)) : null;
}

/** SQL Server's `WITH (ONLINE = ON)`. */
export function isOnline(source: Source, from: number, to: number): boolean {
  if (source.dialect !== "sqlserver") return false;
  for (let at = from; at < to; at++) if (follows(source, at, "online", "=", "on")) return true;
  return false;
}

/** Reads the expression that begins here, to the next clause of a column. */
export function readExpression(
  source: Source,
  from: number,
  to: number,
): { expression: Expression | null; next: number } {
  if (from >= to) return { expression: null, next: to };
  const next = nextClause(source, from, to);
  return { expression: expression(source, from, next), next };
}

export function expression(source: Source, from: number, to: number): Expression {
  const first = source.tokens.get(from)?.start ?? source.text.length;
  const text = source.text.slice(first, source.tokens.get(to - 1)?.end ?? first);
  const { start, end } = spanOf(source, from, to);
  return { start, end, text };
}

/** Where the next clause begins; what stands at the start is part of this one. */
function nextClause(source: Source, from: number, to: number): number {
  let at = after(source, from);
  // NOT NULL and the parts of a constraint's own are no clauses in front of which it ends.
  while (at < to && !clauseStarts(source, at)) at = after(source, at);
  return Math.min(at, to);
}

function clauseStarts(source: Source, at: number): boolean {
  const word = source.words[at] ?? "";
  const before = source.words[at - 1] ?? "";
  if (word === "not") return before !== "is" && ["null", "deferrable"].includes(source.words[at + 1] ?? "");
  if (word === "null") return before !== "set" && before !== "is" && before !== "not" && before !== "default";
  if (word === "default") return before !== "set" && before !== "by";
  if (word === "with") return source.words[at + 1] === "values";
  if (word === "primary" || word === "foreign") return source.words[at + 1] === "key";
  return clauseWords.has(word);
}

const clauseWords: ReadonlySet<string> = new Set(
  "constraint check generated unique references deferrable initially identity rowguidcol sparse masked persisted".split(
    " ",
  ),
);
