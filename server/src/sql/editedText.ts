import { commonEnd, commonStart } from "./difference";

/** A text, or what its parts can be taken from as from a text. */
export interface SlicedText {
  readonly length: number;
  slice(start: number, end?: number): string;
  toString(): string;
}

/**
 * A text that is being edited: one that is in memory as a whole, with something else in the place of one part. To put a long text together
 * takes longer than all that has to be read of it after an edit.
 */
export class EditedText implements SlicedText {
  /** The same object for all texts that came of it. */
  readonly base: Base;
  /** The part of it that is replaced. */
  readonly from: number;
  readonly to: number;
  readonly middle: string;
  readonly length: number;
  #whole: string | null = null;

  constructor(base: Base, from = 0, to = 0, middle = "") {
    this.base = base;
    this.from = from;
    this.to = to;
    this.middle = middle;
    this.length = base.text.length - (to - from) + middle.length;
  }

  /** Whether it differs from what is in memory as a whole. */
  get isEdited(): boolean {
    return this.from !== this.to || this.middle !== "";
  }

  slice(start: number, end = this.length): string {
    const { base, from, to, middle } = this;
    const after = from + middle.length;
    if (end <= from) return base.text.slice(start, end);
    if (start >= after) return base.text.slice(start - after + to, end - after + to);
    const first = start < from ? base.text.slice(start, from) : "";
    const last = end > after ? base.text.slice(to, end - after + to) : "";
    return first + middle.slice(Math.max(0, start - from), end - from) + last;
  }

  /** The text with another one in the place of a part. */
  replace(start: number, end: number, text: string): EditedText {
    const { base, from, to, middle } = this;
    if (!this.isEdited) return new EditedText(base, start, end, text);
    const after = from + middle.length;
    const first = Math.min(from, start);
    const last = Math.max(after, end);
    if (start - first + text.length + last - end > longestMiddle)
      return editedText(this.slice(0, start) + text + this.slice(end));
    const now = this.slice(first, start) + text + this.slice(end, last);
    const rest = to + last - after;
    return now === "" && first === rest ? new EditedText(base) : new EditedText(base, first, rest, now);
  }

  toString(): string {
    this.#whole ??= this.slice(0);
    return this.#whole;
  }
}

interface Base {
  readonly text: string;
}

/** Edits farther from each other have the text put together. */
const longestMiddle = 30_000;

export function editedText(text: string): EditedText {
  return new EditedText({ text });
}

/** How many characters two texts have in common at their starts, and after these at their ends; at least so many, of texts that were edited. */
export function inCommon(one: EditedText, other: EditedText): { start: number; end: number } {
  if (one.base !== other.base) return inCommonOf(one.toString(), other.toString());
  const edited = [one, other].filter(({ isEdited }) => isEdited);
  const from = Math.min(...edited.map((text) => text.from), one.length);
  const rest = one.base.text.length - Math.max(...edited.map(({ to }) => to), from);
  const { start, end } = inCommonOf(one.slice(from, one.length - rest), other.slice(from, other.length - rest));
  return { start: from + start, end: rest + end };
}

function inCommonOf(one: string, other: string): { start: number; end: number } {
  const start = commonStart(one, other);
  return { start, end: commonEnd(one, other, start) };
}
