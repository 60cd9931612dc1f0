import { type Deed, deedsOf, type Outline } from "../model/deeds";
import type { Dialect } from "../sql/dialect";

/** What the history has to know of a text, and no more. */
export function outlined({ source, statements }: Outline, dialect: Dialect): Outline {
  const told = statements.map((statement) => {
    const { start, end } = statement;
    return { start, end, facts: { deeds: deedsOf(source, statement, dialect) } };
  });
  return { source: source.toString(), statements: told };
}

/** The same as a text of one line. */
export function outlineText({ source, statements }: Outline, dialect: Dialect): string {
  const told = statements.map((statement): OutlineEntry => {
    const { start, end } = statement;
    const deeds = deedsOf(source, statement, dialect);
    return deeds.length === 0 ? [start, end] : [start, end, deeds];
  });
  return JSON.stringify(told);
}

/** @param text of the migration */
export function readOutline(text: string, outline: string): Outline {
  const told = JSON.parse(outline) as OutlineEntry[];
  // Each statement has an object of its own, by which it is known.
  const statements = told.map(([start, end, deeds = []]) => ({ start, end, facts: { deeds } }));
  return { source: text, statements };
}

type OutlineEntry = readonly [start: number, end: number, deeds?: readonly Deed[]];
