import type { Directive } from "../model/directives";
import type { Migration } from "../model/migration";
import type { EditedText } from "../sql/editedText";
import type { AnalysedStatement } from "../sql/facts";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { Span } from "../sql/span";
import { duplicateVersion, invalidConfig, invalidMigration, unknownDirective, unusedIgnore } from "./fileRules";
import type { Finding } from "./finding";
import type { Fix } from "./rule";

/**
 * The change that ignores a finding: a directive above its statement, or in the head of the file where it is about no statement, or the rule's
 * id in the directive that stands there. Null where no directive reaches the finding.
 * @param statements of the part that is run going up
 */
export function ignoreFix(
  { text, directives }: Pick<Migration, "directives"> & { readonly text: string | EditedText },
  statements: readonly AnalysedStatement[],
  { rule, start }: Pick<Finding, "rule" | "start">,
): Fix | null {
  if (unreached.has(rule)) return null;
  const index = statements.findIndex((statement) => statement.start <= start && start <= statement.end);
  const statement = statements[index] ?? null;
  const above = directives.filter(
    (directive) => directive.kind === "ignore" && isAbove(directive, statement, statements[index - 1] ?? null),
  );
  const title = (wholeFile: boolean) => `Ignore ${rule} ${wholeFile ? "in this file" : "here"}, with a reason`;
  const [directive] = above;
  if (directive?.kind === "ignore") return { title: title(directive.wholeFile), edits: [added(directive, rule)] };
  const isHead = statement === null || (index === 0 && isInHead(text, statement));
  return {
    title: title(isHead),
    edits: [statement === null ? atHead(text, rule) : aboveStatement(text, rule, statement)],
  };
}

/** What is told of files and directives themselves. */
const unreached: ReadonlySet<string> = new Set(
  [duplicateVersion, invalidConfig, invalidMigration, unknownDirective, unusedIgnore].map(({ id }) => id),
);

/** What stands for the reason until the author writes it. */
export const reasonToWrite = "say why this is meant";

/** Whether an ignore reaches the statement, or, where it is about none, the file. */
function isAbove(directive: Directive, statement: Span | null, before: Span | null): boolean {
  if (directive.kind !== "ignore") return false;
  if (statement === null) return directive.wholeFile;
  return directive.end <= statement.start && directive.start >= (before?.end ?? 0);
}

/** The rule's id in a directive that is there, and a reason where it has none. */
function added(directive: Extract<Directive, { kind: "ignore" }>, rule: string): Fix["edits"][number] {
  const at = directive.rules.at(-1)?.end ?? directive.end;
  const id = directive.rules.some(({ id }) => id === rule) ? "" : `, ${rule}`;
  if (directive.reason !== null) return { start: at, end: at, text: id };
  return { start: at, end: directive.end, text: `${id}: ${reasonToWrite}` };
}

function atHead(text: string | EditedText, rule: string): Fix["edits"][number] {
  return { start: 0, end: 0, text: `${line(rule)}${lineEnd(text, lineIndex(text))}` };
}

/** On a line of its own with the statement's indentation, also where something stands before the statement on its line. */
function aboveStatement(text: string | EditedText, rule: string, { start }: Span): Fix["edits"][number] {
  const lines = lineIndex(text);
  const lineStart = lines.startOf(lines.lineAt(start));
  const before = text.slice(lineStart, start);
  const indent = /^[ \t]*/.exec(before)?.[0] ?? "";
  const end = lineEnd(text, lines);
  if (indent === before) return { start: lineStart, end: lineStart, text: `${indent}${line(rule)}${end}` };
  const gap = before.length - before.trimEnd().length;
  return { start: start - gap, end: start, text: `${end}${indent}${line(rule)}${end}${indent}` };
}

/** Whether a directive above the statement is one for the whole file: nothing but comments stands before it. */
function isInHead(text: string | EditedText, { start }: AnalysedStatement): boolean {
  return (
    text
      .slice(0, start)
      .replace(/--[^\n\r]*|\/\*[\s\S]*?\*\//g, "")
      .trim() === ""
  );
}

function line(rule: string): string {
  return `-- tenantry: ignore ${rule}: ${reasonToWrite}`;
}

/** As the file ends its lines. */
function lineEnd(text: string | EditedText, lines: LineIndex): string {
  const next = lines.startOf(1);
  return /(?:\r\n|\n|\r)$/.exec(text.slice(Math.max(0, next - 2), next))?.[0] ?? "\n";
}
