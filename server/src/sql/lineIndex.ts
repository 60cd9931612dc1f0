import { commonEnd, commonStart } from "./difference";
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

/** @param previous of the text before an edit, which need not be counted again */
export function lineIndex(text: string, previous?: LineIndex): LineIndex {
  const before = previous && counted.get(previous);
  const starts = before ? editedStarts(before, text) : lineStarts(text, 0, text.length);
  const inside = (offset: number) => Math.max(0, Math.min(offset, text.length));
  const index: LineIndex = {
    lineCount: starts.length,
    lineAt: (offset) => lastAtMost(starts, inside(offset)),
    startOf: (line) => starts[line] ?? text.length,
    positionAt(offset) {
      const line = lastAtMost(starts, inside(offset));
      return { line, character: inside(offset) - (starts[line] ?? 0) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      const start = starts[line];
      if (start === undefined) return text.length;
      return Math.max(start, Math.min(start + character, lineEnd(text, starts[line + 1] ?? text.length, start)));
    },
  };
  counted.set(index, { text, starts });
  return index;
}

interface Counted {
  readonly text: string;
  readonly starts: readonly number[];
}

const counted = new WeakMap<LineIndex, Counted>();

/** Whether a line begins somewhere depends on the character there and the one before it. */
function editedStarts({ text: old, starts }: Counted, text: string): readonly number[] {
  if (old === text) return starts;
  const start = commonStart(old, text);
  const end = commonEnd(old, text, start);
  const grown = text.length - old.length;
  const begin = firstAbove(starts, start - 1);
  const between = lineStarts(text, start, text.length - end, begin === 0);
  const now = starts.slice(0, begin).concat(between, starts.slice(firstAbove(starts, old.length - end)));
  if (grown !== 0)
    for (let line = begin + between.length; line < now.length; line++) now[line] = (now[line] ?? 0) + grown;
  return now;
}

/** The starts of lines in a part of a text, both its ends included. @param withFirst whether the text's own start is one of them */
function lineStarts(text: string, from: number, to: number, withFirst = true): number[] {
  const starts = withFirst ? [0] : [];
  for (let at = Math.max(0, from - 1); at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}

/** Where a line's own characters end: before its line end. */
function lineEnd(text: string, next: number, start: number): number {
  let end = next;
  if (end > start && text.charCodeAt(end - 1) === LF) end--;
  if (end > start && text.charCodeAt(end - 1) === CR) end--;
  return end;
}

const LF = 10;
const CR = 13;
