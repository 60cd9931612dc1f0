import type { Action } from "../action";
import type { QualifiedName } from "../facts";
import { readName } from "../scan/names";
import { follows, type Source, skipWords } from "../scan/source";
import { beginsConstraint, isOnline, readColumn, readConstraint } from "./elements";
import { findWords, itemsBetween, nameSpan, plainName, qualified, skipIfExists, spanOf } from "./reading";
import { readType } from "./types";

/** Reads SQL Server's ALTER TABLE from after the table's name. */
export function alterServerTable(source: Source, from: number, to: number, table: QualifiedName): Action[] {
  let at = from;
  let unchecked = false;
  let checked = false;
  if (source.words[at] === "with") {
    unchecked = source.words[at + 1] === "nocheck";
    checked = source.words[at + 1] === "check";
    if (!unchecked && !checked) return [];
    at += 2;
  }
  switch (source.words[at]) {
    case "add":
      return itemsBetween(source, at + 1, to).flatMap((item) => added(source, item, table, unchecked));
    case "drop":
      return dropped(source, at + 1, to, table);
    case "alter":
      return source.words[at + 1] === "column" ? retyped(source, at + 2, to, table) : [];
    case "check":
      if (checked) return validated(source, at + 2, to, table);
      return [{ kind: "alter-table", table, what: "check constraint", ...spanOf(source, at, at + 1) }];
    case "switch": {
      const target = findWords(source, at, to, "to");
      const name = target < 0 ? null : readName(source, target + 1);
      return name === null
        ? []
        : [{ kind: "attach-partition", table, partition: qualified(name), ...nameSpan(source, name) }];
    }
    case undefined:
      return [];
    default: {
      const what = source.words
        .slice(at, Math.min(at + 2, to))
        .join(" ")
        .trim();
      return [{ kind: "alter-table", table, what, ...spanOf(source, at, at + 1) }];
    }
  }
}

function added(source: Source, item: { from: number; to: number }, table: QualifiedName, unchecked: boolean): Action[] {
  const { from, to } = item;
  if (source.words[from] === "period")
    return [{ kind: "alter-table", table, what: "add period", ...spanOf(source, from, from + 1) }];
  if (source.words[from] === "index") return addedIndex(source, item, table);
  if (beginsConstraint(source, from)) {
    const constraint = readConstraint(source, from, to, unchecked);
    return constraint === null
      ? []
      : [{ kind: "add-constraint", table, constraint, start: constraint.start, end: constraint.end }];
  }
  const column = readColumn(source, from, to);
  if (column === null || (column.type === null && column.generated === null)) return [];
  const constraints = column.constraints.map((constraint) => ({ ...constraint, notValid: unchecked }));
  return [{ kind: "add-column", table, column: { ...column, constraints }, start: column.start, end: column.end }];
}

function addedIndex(source: Source, { from, to }: { from: number; to: number }, table: QualifiedName): Action[] {
  const name = plainName(source, from + 1, to);
  if (name === null) return [];
  const unique = source.words[name.next] === "unique";
  const index = { table, name: name.name, unique, concurrently: isOnline(source, name.next, to) };
  return [{ kind: "create-index", ...index, start: name.start, end: name.end }];
}

/** `DROP COLUMN a, b, CONSTRAINT c`: what is named without a word is a constraint, until COLUMN has been said. */
function dropped(source: Source, from: number, to: number, table: QualifiedName): Action[] {
  let kind: "column" | "constraint" = "constraint";
  return itemsBetween(source, from, to).flatMap((item): Action[] => {
    const word = source.words[item.from];
    if (word === "period")
      return [{ kind: "alter-table", table, what: "drop period", ...spanOf(source, item.from, item.from + 1) }];
    if (word === "column" || word === "constraint") kind = word;
    const start = word === kind ? item.from + 1 : item.from;
    const name = plainName(source, skipIfExists(source, start), item.to);
    if (name === null) return [];
    const place = { table, cascade: null, start: name.start, end: name.end };
    return kind === "column"
      ? [{ kind: "drop-column", column: name.name, ...place }]
      : [{ kind: "drop-constraint", constraint: name.name, ...place }];
  });
}

function retyped(source: Source, from: number, to: number, table: QualifiedName): Action[] {
  const name = plainName(source, from, to);
  if (name === null) return [];
  const column = { table, column: name.name, start: name.start, end: name.end };
  const type = ["add", "drop"].includes(source.words[name.next] ?? "") ? null : readType(source, name.next, to);
  if (type === null) return [{ kind: "alter-table", table, what: "alter column", start: name.start, end: name.end }];
  const says = findWords(source, type.next, to, "null");
  const notNull = says < 0 ? null : source.words[says - 1] === "not";
  return [{ ...column, kind: "alter-type", type: type.type, using: null, notNull }];
}

/** WITH CHECK CHECK CONSTRAINT, of one or of ALL. */
function validated(source: Source, from: number, to: number, table: QualifiedName): Action[] {
  const start = follows(source, from - 1, "constraint") ? from : skipWords(source, from, "constraint");
  return itemsBetween(source, start, to).flatMap((item): Action[] => {
    const name = plainName(source, item.from, item.to);
    if (name === null) return [];
    return [{ kind: "validate-constraint", table, constraint: name.name, start: name.start, end: name.end }];
  });
}
