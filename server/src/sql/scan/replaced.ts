import type { QualifiedName } from "../facts";
import { type Literal, readLiteral } from "./literal";
import { placeholder } from "./names";
import type { Source } from "./source";

/** SQL Server: what `REPLACE (text, 'mark', …)` puts others in the place of, between two tokens. */
export function replacedMarks(source: Source, from: number, to: number): readonly string[] {
  const marks: string[] = [];
  for (let at = from; at < to; at++) {
    if (source.words[at] !== "replace" || source.words[at + 1] !== "(") continue;
    const mark = markAfter(source, at + 2, source.closing[at + 1] ?? to);
    if (mark !== null) marks.push(mark);
  }
  return marks;
}

/** The second argument of a call, where it is a literal that may stand for a name. */
export function markAfter(source: Source, from: number, to: number): string | null {
  let at = from;
  while (at < to && source.words[at] !== ",") at = source.words[at] === "(" ? (source.closing[at] ?? to) + 1 : at + 1;
  const mark = readLiteral(source, at + 1)?.content ?? "";
  return standsForName.test(mark) ? mark : null;
}

/** Two letters or a sign: what is only a space, a quote or one letter is replaced for another reason. */
const standsForName = /[a-z0-9]{2}|[?@#$%{}<>|~^]/i;

/** The literal with marks that nobody can take for names, each as long as it was. */
export function withoutMark(literal: Literal, mark: string): Literal {
  const pattern = new RegExp(mark.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "gi");
  return { ...literal, content: literal.content.replace(pattern, placeholder + "_".repeat(mark.length - 1)) };
}

/** Whether a mark is part of a name, so that another name will stand in its place. */
export function holdsMark({ schema, name }: QualifiedName, mark: string): boolean {
  return `${schema ?? ""}.${name}`.toLowerCase().includes(mark.replace(/[[\]"]/g, "").toLowerCase());
}
