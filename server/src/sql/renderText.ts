import { type Dialect, foldName } from "./dialect";
import { lex } from "./lexer";
import type { Slot } from "./render";
import type { Span } from "./span";

/** A replacement in a text. */
export interface Splice extends Span {
  readonly text: string;
}

/** A text with parts replaced, and the way back from its offsets to the original's. */
export interface Spliced {
  readonly sql: string;
  toOriginal(offset: number): number;
}

/** Writes a name as its place demands: each literal around it, from the inside out, doubles what would end it. */
export function writeName(name: string, within: readonly string[]): string {
  return within.reduceRight((text, opening) => {
    if (!opening.endsWith("'")) return text;
    const doubled = text.replaceAll("'", "''");
    return opening === "E'" || opening === "U&'" ? doubled.replaceAll("\\", "\\\\") : doubled;
  }, name);
}

/** Whether two names are one to the server. */
export function sameName(one: string, other: string, dialect: Dialect): boolean {
  return foldName(one, dialect) === foldName(other, dialect);
}

/** Whether a text holds a name as a word, in any case. */
export function holdsWord(text: string, name: string, isLeftOut: (at: number) => boolean = () => false): boolean {
  const all = text.toLowerCase();
  const word = name.toLowerCase();
  for (let at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + 1)) {
    if (!isWordPart(all[at - 1]) && !isWordPart(all[at + word.length]) && !isLeftOut(at)) return true;
  }
  return false;
}

/** Whether a statement may hold a name as a word, if only written with escapes. */
export function mayHoldWord(sql: string, name: string, isLeftOut?: (at: number) => boolean): boolean {
  return holdsWord(sql, name, isLeftOut) || (sql.includes("\\") && /\bu&|\be'/i.test(sql));
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

/** Replaces parts of a text; the splices are in their order and don't overlap. */
export function splice(text: string, splices: readonly Splice[]): Spliced {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, text: put } of splices) {
    pieces.push(text.slice(from, start), put);
    from = end;
  }
  pieces.push(text.slice(from));
  return { sql: pieces.join(""), toOriginal: (offset) => originalOffset(splices, offset, text.length) };
}

function originalOffset(splices: readonly Splice[], offset: number, length: number): number {
  let shift = 0;
  for (const { start, end, text } of splices) {
    if (offset < start + shift) break;
    if (offset < start + shift + text.length) return start;
    shift += text.length - (end - start);
  }
  return Math.min(Math.max(0, offset - shift), length);
}

/**
 * New tags for the dollar-quoted bodies that hold a slot and that the name would end: `$$` becomes `$t$`, or the first such tag that
 * neither the body nor the name holds. Bodies that are quoted otherwise keep what they have; a tag in them is taken for text.
 */
export function freshTags(text: string, slots: readonly Slot[], name: string, dialect: Dialect): Splice[] {
  if (!name.includes("$") || !slots.some(({ within }) => within.some((opening) => endsBody(opening, name)))) return [];
  return tagsIn(text, 0, slots, name, dialect);
}

function tagsIn(
  text: string,
  offset: number,
  slots: readonly Slot[],
  name: string,
  dialect: Dialect,
  depth = 0,
): Splice[] {
  return lex(text, dialect).flatMap((token) => {
    const start = offset + token.start;
    const end = offset + token.end;
    const inside = token.kind === "dollar-string" ? slots.filter((slot) => slot.start >= start && slot.end <= end) : [];
    if (inside.length === 0) return [];
    const written = text.slice(token.start, token.end);
    const tag = /^\$[^$]*\$/.exec(written)?.[0] ?? "";
    const body = written.slice(tag.length, -tag.length);
    const inner = tagsIn(body, start + tag.length, inside, name, dialect, depth + 1);
    if (!endsBody(tag, name)) return inner;
    const fresh = freshTag(body, name, depth);
    return [{ start, end: start + tag.length, text: fresh }, ...inner, { start: end - tag.length, end, text: fresh }];
  });
}

/** Whether the tag would be found before its own place where the name stands at the body's end, or anywhere else in the body. */
function endsBody(tag: string, name: string): boolean {
  return tag.startsWith("$") && (name + tag).indexOf(tag) < name.length;
}

function freshTag(body: string, name: string, depth: number): string {
  let tag = `$t${depth}$`;
  for (let n = 1; body.includes(tag) || name.includes(tag); n++) tag = `$t${depth}_${n}$`;
  return tag;
}
