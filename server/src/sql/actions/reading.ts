import type { QualifiedName } from "../facts";
import { lastPart, type Name, readAnyName, readName, schemaPart } from "../scan/names";
import { follows, placeOf, type Source, skipGroup, skipWords } from "../scan/source";
import type { Span } from "../span";

/* The places here are indexes of a source's tokens. */

/** A name as facts have it. */
export function qualified(name: Name): QualifiedName {
  return { schema: schemaPart(name)?.name ?? null, name: lastPart(name).name };
}

/** Where a name's last identifier stands. */
export function nameSpan(source: Source, name: Name): Span {
  const { start, end } = lastPart(name);
  return source.place({ start, end });
}

/** Reads a name after IF [NOT] EXISTS, ONLY and `(` that may stand in front of one. */
export function tableName(source: Source, at: number): { name: Name; next: number } | null {
  let start = skipIfExists(source, at);
  start = skipWords(source, start, "only");
  const wrapped = source.words[start] === "(" && source.words[start - 1] === "only";
  const name = readName(source, wrapped ? start + 1 : start);
  if (name === null) return null;
  let next = wrapped ? skipWords(source, name.next, ")") : name.next;
  next = skipWords(source, next, "*");
  return { name, next };
}

export function skipIfExists(source: Source, at: number): number {
  if (source.words[at] !== "if") return at;
  return skipWords(source, skipWords(source, at + 1, "not"), "exists");
}

/** Reads one identifier: a column's or a constraint's name. */
export function plainName(source: Source, at: number, to: number): (Span & { name: string; next: number }) | null {
  const name = at < to ? readAnyName(source, at) : null;
  if (name === null) return null;
  const { start, end } = nameSpan(source, name);
  return { name: lastPart(name).name, start, end, next: name.next };
}

/** What the commas outside of parentheses divide, as ranges of tokens. */
export function itemsBetween(source: Source, from: number, to: number): { from: number; to: number }[] {
  const items: { from: number; to: number }[] = [];
  let begin = from;
  for (let at = from; at < to; at = after(source, at)) {
    if (source.words[at] !== ",") continue;
    if (at > begin) items.push({ from: begin, to: at });
    begin = at + 1;
  }
  if (to > begin) items.push({ from: begin, to });
  return items;
}

/** The first place outside of parentheses where the words stand one after the other, or -1. */
export function findWords(source: Source, from: number, to: number, ...words: readonly string[]): number {
  for (let at = from; at + words.length <= to; at = after(source, at)) {
    if (source.words[at] === words[0] && follows(source, at, ...words)) return at;
  }
  return -1;
}

/** Where CASCADE stands, if it does. */
export function cascadeIn(source: Source, from: number, to: number): Span | null {
  const at = source.dialect === "postgresql" ? findWords(source, from, to, "cascade") : -1;
  return at < 0 ? null : spanOf(source, at, at + 1);
}

/** Whether the words stand somewhere outside of parentheses. */
export function hasWords(source: Source, from: number, to: number, ...words: readonly string[]): boolean {
  return findWords(source, from, to, ...words) >= 0;
}

/** The names in the list that opens here: `(id, placed_at DESC)`; of an expression, none. */
export function listedNames(source: Source, open: number): string[] {
  if (source.words[open] !== "(") return [];
  const close = Math.min(source.closing[open] ?? open, source.tokens.length);
  return itemsBetween(source, open + 1, close).flatMap(({ from, to }) => {
    // The last column of a key over time: `(id, PERIOD valid_at)`.
    const isPeriod = source.words[from] === "period" && to - from > 1;
    return plainName(source, isPeriod ? from + 1 : from, to)?.name ?? [];
  });
}

/** Where the tokens stand in the text. */
export function spanOf(source: Source, from: number, to: number): Span {
  return placeOf(source, from, to);
}

/** The next token at this depth. */
export function after(source: Source, at: number): number {
  return Math.max(at + 1, skipGroup(source, at));
}
