import { lineIndex } from "../../server/src/sql/lineIndex";

/** What an annotation tells: a place, and what is reported there. */
export interface Reported {
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

/** The text without the comment lines that say what is expected of the line above them. */
export function withoutAnnotations(text: string): string {
  return text
    .split("\n")
    .filter((line) => !annotation.test(line))
    .join("\n");
}

/** The text with a comment line below each place where something is reported. @param comment what opens a comment: `--` or `//`. */
export function annotated(text: string, reported: readonly Reported[], comment: string): string {
  const lines = lineIndex(text);
  const below = new Map<number, string[]>();
  for (const { start, end, severity, rule, message } of reported) {
    const from = lines.positionAt(start);
    const to = lines.positionAt(end);
    if (from.line !== to.line) throw new Error(`Write what ${rule} reports on one line, so that it can be marked.`);
    const mark = marked(from.character, to.character - from.character, comment);
    const line = `${mark} ${severity}[${rule}]: ${message}`;
    below.set(from.line, [...(below.get(from.line) ?? []), line]);
  }
  return text
    .split("\n")
    .flatMap((line, index) => [line, ...(below.get(index) ?? [])])
    .join("\n");
}

/** The rules that a text's annotations name. */
export function annotatedRules(text: string): string[] {
  return text.split("\n").flatMap((line) => annotation.exec(line)?.[1] ?? []);
}

const annotation = /^(?:--|\/\/)(?: *\^+| <~*-*) (?:error|warning|information|hint)\[([a-z-]+)\]: /;

/** Carets; `<---` where they would have to stand on the comment's own characters, or where a place has no length: `~` leads to its column, each `-` is a character. */
function marked(column: number, length: number, comment: string): string {
  if (column < comment.length || length === 0) return `${comment} <${"~".repeat(column)}${"-".repeat(length)}`;
  return `${comment}${" ".repeat(column - comment.length)}${"^".repeat(length)}`;
}
