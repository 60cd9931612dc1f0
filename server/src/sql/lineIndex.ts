import { lastAtMost } from "./sorted";

/** A place as editors count it: line and UTF-16 column, both from 0. */
export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Translates between offsets and lines. Lines end with LF, CR LF or a lone CR. What lies outside of the text is brought to its nearest place inside. */
export interface LineIndex {
  positionAt(offset: number): LinePosition;
  offsetAt(position: LinePosition): number;
  readonly lineCount: number;
}

export function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  return {
    lineCount: starts.length,
    positionAt(offset) {
      const inside = Math.max(0, Math.min(offset, text.length));
      const line = lastAtMost(starts, inside);
      return { line, character: inside - (starts[line] ?? 0) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      const start = starts[line];
      if (start === undefined) return text.length;
      return Math.max(start, Math.min(start + character, lineEnd(text, starts[line + 1] ?? text.length, start)));
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
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
