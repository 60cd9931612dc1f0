import type { Severity } from "../../rules/rule";
import type { Finding, RelatedFinding } from "./finding";

/** The findings as workflow commands, which GitHub shows as annotations at the lines of a pull request. */
export function github(findings: readonly Finding[]): string {
  return findings
    .map(({ file, range, severity, code, message, related }) => {
      const { start, end } = range;
      // GitHub takes columns only where the range is on one line.
      const columns = start.line === end.line ? `,col=${start.character + 1},endColumn=${end.character + 1}` : "";
      const place = `file=${property(file)},line=${start.line + 1},endLine=${end.line + 1}${columns}`;
      return `::${commands[severity]} ${place},title=${property(code)}::${data([message, ...related.map(relatedText)].join("\n"))}`;
    })
    .join("\n");
}

/** An annotation has one place; the others are told in its text. */
function relatedText({ file, range: { start }, message }: RelatedFinding): string {
  return `${message} ${file}:${start.line + 1}:${start.character + 1}`;
}

const commands: Readonly<Record<Severity, "error" | "warning" | "notice">> = {
  error: "error",
  warning: "warning",
  information: "notice",
  hint: "notice",
};

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
