import type { Mended } from "../../app/lint";
import type { Severity } from "../../rules/rule";
import type { Style } from "../style";
import { count, visible, visibleInLine, width } from "../text";
import type { Finding, RelatedFinding } from "./finding";

/** Each finding with its place, its source line underlined, and what would fix it; then the counts. @param mended what fixes were written, where they were asked for */
export function lintText(files: number, findings: readonly Finding[], mended: Mended | null, style: Style): string {
  const told = mended === null ? "" : `${mendedText(mended, style)} `;
  return [
    ...findings.map((finding) => findingText(finding, style)),
    `${told}${totals(files, findings, (mended?.findings ?? 0) > 0, style)}`,
  ].join("\n\n");
}

function mendedText({ findings, files }: Mended, style: Style): string {
  if (findings === 0) return "There was nothing to fix.";
  return style.green(`Fixed ${count(findings, "finding")} in ${count(files, "file")}.`);
}

const paints: Readonly<Record<Severity, "red" | "yellow" | "blue" | "dim">> = {
  error: "red",
  warning: "yellow",
  information: "blue",
  hint: "dim",
};

function findingText(finding: Finding, style: Style): string {
  const { start } = finding.range;
  const paint = style[paints[finding.severity]];
  const lineNumber = String(start.line + 1);
  const margin = " ".repeat(lineNumber.length);
  const { source, indent, marks } = excerpt(finding);
  const shown = [
    `  ${style.dim(`${lineNumber} |`)} ${source}`,
    `  ${style.dim(`${margin} |`)} ${indent}${paint(marks)}`,
  ];
  return [
    `${style.bold(`${visibleInLine(finding.file)}:${lineNumber}:${start.character + 1}`)}: ${paint(finding.severity)}: ${visible(finding.message)} ${style.dim(`[${finding.code}]`)}`,
    // An empty line, as of a file that can't be read, shows nothing.
    ...(finding.source.trim() === "" ? [] : shown),
    ...finding.related.map(
      (related) => `  ${margin}   ${style.dim("note:")} ${visible(related.message)} ${placeOf(related)}`,
    ),
    ...(finding.fix === null
      ? []
      : [`  ${margin}   ${style.green("fix:")} ${visible(finding.fix)} ${style.dim("(--fix)")}`]),
  ].join("\n");
}

/** As terminals make a link of it. */
function placeOf({ file, range: { start } }: RelatedFinding): string {
  return `${visibleInLine(file)}:${start.line + 1}:${start.character + 1}`;
}

/** The source line, of a very long one the part around the place, and what underlines the place below it. */
function excerpt({ source, range: { start, end } }: Finding): { source: string; indent: string; marks: string } {
  const from = source.length > longestLine ? Math.max(0, start.character - longestLine / 2) : 0;
  const to = Math.min(source.length, from + longestLine);
  const placeEnd = Math.min(to, end.line === start.line ? end.character : to);
  const before = `${from > 0 ? "…" : ""}${visible(source.slice(from, start.character))}`;
  const place = visible(source.slice(start.character, placeEnd));
  const after = `${visible(source.slice(placeEnd, to))}${to < source.length ? "…" : ""}`;
  return {
    source: `${before}${place}${after}`,
    // A wide character moves the place by two columns, a tab by as many as the terminal likes.
    indent: before
      .split("\t")
      .map((part) => " ".repeat(width(part)))
      .join("\t"),
    marks: "^".repeat(Math.max(1, width(place.trimEnd()))),
  };
}

const longestLine = 200;

function totals(files: number, findings: readonly Finding[], isAfterFixes: boolean, style: Style): string {
  const of = (...severities: Severity[]) => findings.filter(({ severity }) => severities.includes(severity)).length;
  const parts = [
    ...(of("error") > 0 ? [style.red(count(of("error"), "error"))] : []),
    ...(of("warning") > 0 ? [style.yellow(count(of("warning"), "warning"))] : []),
    ...(of("information", "hint") > 0 ? [count(of("information", "hint"), "note")] : []),
  ];
  if (files === 0) return "There is no file to check.";
  const nothing = style.green(isAfterFixes ? "Nothing is left" : "Nothing found");
  return `${parts.length === 0 ? nothing : parts.join(", ")} in ${count(files, "file")}.`;
}
