import type { Severity } from "../../rules/rule";
import type { Style } from "../style";
import { count, visible, width } from "../text";
import type { Finding } from "./finding";

/** Each finding with its place, its source line underlined, and what would fix it; then the counts. */
export function lintText(files: number, findings: readonly Finding[], style: Style): string {
  return [...findings.map((finding) => findingText(finding, style)), totals(files, findings, style)].join("\n\n");
}

const paints: Readonly<Record<Severity, "red" | "yellow" | "blue" | "dim">> = {
  error: "red",
  warning: "yellow",
  information: "blue",
  hint: "dim",
};

function findingText(finding: Finding, style: Style): string {
  const { start, end } = finding.range;
  const paint = style[paints[finding.severity]];
  const lineNumber = String(start.line + 1);
  const margin = " ".repeat(lineNumber.length);
  // A wide character before the place moves it by two columns, a tab by as many as the terminal likes.
  const before = finding.source.slice(0, start.character);
  const indent = Array.from(before, (character) => (character === "\t" ? "\t" : " ".repeat(width(character)))).join("");
  const lastCharacter = end.line === start.line ? end.character : finding.source.length;
  const marks = "^".repeat(Math.max(1, width(finding.source.slice(start.character, lastCharacter).trimEnd())));
  return [
    `${style.bold(`${finding.file}:${lineNumber}:${start.character + 1}`)}: ${paint(finding.severity)}: ${finding.message} ${style.dim(`[${finding.code}]`)}`,
    `  ${style.dim(`${lineNumber} |`)} ${visible(finding.source)}`,
    `  ${style.dim(`${margin} |`)} ${indent}${paint(marks)}`,
    ...(finding.fix === null ? [] : [`  ${margin}   ${style.green("fix:")} ${finding.fix} ${style.dim("(--fix)")}`]),
  ].join("\n");
}

function totals(files: number, findings: readonly Finding[], style: Style): string {
  const of = (...severities: Severity[]) => findings.filter(({ severity }) => severities.includes(severity)).length;
  const parts = [
    ...(of("error") > 0 ? [style.red(count(of("error"), "error"))] : []),
    ...(of("warning") > 0 ? [style.yellow(count(of("warning"), "warning"))] : []),
    ...(of("information", "hint") > 0 ? [count(of("information", "hint"), "note")] : []),
  ];
  return `${parts.length === 0 ? style.green("Nothing found") : parts.join(", ")} in ${count(files, "file")}.`;
}
