import { type EditedText, editedText } from "./editedText";
import { firstAbove, lastAtMost } from "./sorted";

/** A place as editors count it: line and UTF-16 column, both from 0. */
export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Translates between offsets and lines. Lines end with LF, CR LF or a lone CR. What lies outside of the text is brought to its nearest place inside. */
export interface LineIndex {
  positionAt(offset: number): LinePosition;
  offsetAt(position: LinePosition): number;
  lineAt(offset: number): number;
  /** Where a line begins; at the text's end, for one that there isn't. */
  startOf(line: number): number;
  readonly lineCount: number;
}

export function lineIndex(of: string | EditedText): LineIndex {
  const text = typeof of === "string" ? editedText(of) : of;
  const { from, to, middle } = text;
  const starts = startsOf(text.base);
  // Whether a line begins somewhere depends on the character before, and where that is CR, on the one there.
  const head = firstAbove(starts, from - 1);
  const tail = firstAbove(starts, to);
  const begin = Math.max(0, from - 1);
  const around = text.slice(begin, from + middle.length + 1);
  const between = lineStarts(around, 0, from + middle.length - begin, from === 0).map((start) => start + begin);
  const toTail = head + between.length - tail;
  const grown = middle.length - (to - from);
  const inside = (offset: number) => Math.max(0, Math.min(offset, text.length));
  const lineAt = (offset: number): number => {
    if (offset < from) return lastAtMost(starts, offset);
    const line = lastAtMost(starts, offset - grown);
    if (line >= tail) return line + toTail;
    return (between[0] ?? text.length + 1) <= offset ? head + lastAtMost(between, offset) : head - 1;
  };
  const startAt = (line: number): number | undefined => {
    if (line < head) return starts[line];
    if (line < head + between.length) return between[line - head];
    const start = starts[line - toTail];
    return start === undefined ? undefined : start + grown;
  };
  return {
    lineCount: starts.length + toTail,
    lineAt: (offset) => lineAt(inside(offset)),
    startOf: (line) => startAt(line) ?? text.length,
    positionAt(offset) {
      const at = inside(offset);
      const line = lineAt(at);
      return { line, character: at - (startAt(line) ?? 0) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      const start = startAt(line);
      if (start === undefined) return text.length;
      return Math.max(start, Math.min(start + character, lineEnd(text, startAt(line + 1) ?? text.length, start)));
    },
  };
}

/** Those of a text that is edited are counted once. */
const counted = new WeakMap<EditedText["base"], readonly number[]>();

function startsOf(base: EditedText["base"]): readonly number[] {
  const known = counted.get(base) ?? lineStarts(base.text, 0, base.text.length);
  counted.set(base, known);
  return known;
}

/** The starts of lines in a part of a text, both its ends included. @param withFirst whether the text's own start is one of them */
function lineStarts(text: string, from: number, to: number, withFirst = true): number[] {
  const starts = withFirst ? [0] : [];
  const begin = Math.max(0, from - 1);
  const firstReturn = text.indexOf("\r", begin);
  // Nearly all texts end their lines with LF alone.
  if (firstReturn === -1 || firstReturn >= to) {
    for (let at = text.indexOf("\n", begin); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = begin; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}

/** Where a line's own characters end: before its line end. */
function lineEnd(text: EditedText, next: number, start: number): number {
  const last = text.slice(Math.max(start, next - 2), next);
  return next - (/\r\n$|[\r\n]$/.exec(last)?.[0].length ?? 0);
}

const LF = 10;
const CR = 13;
