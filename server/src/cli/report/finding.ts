import { sureFix } from "../../app/fixes";
import type { LintedFile } from "../../app/lint";
import { relatedPlaces } from "../../app/related";
import type { Project } from "../../project/project";
import { redactUrl } from "../../project/redact";
import type { Severity } from "../../rules/rule";
import { type LinePosition, lineIndex } from "../../sql/lineIndex";
import { shownPath } from "../shownPath";

/** A diagnostic as every output format of `lint` needs it. */
export interface Finding {
  /** As seen from the current folder where it lies in it, with `/` between its parts; else absolute. */
  readonly file: string;
  /** Positions as in the Language Server Protocol: 0-based, UTF-16. */
  readonly range: { readonly start: LinePosition; readonly end: LinePosition };
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** The whole line of the file that the range begins in; empty where it is one of the configuration's that holds a password. */
  readonly source: string;
  /** What a fix would do, or null where there is none that is sure. */
  readonly fix: string | null;
  /** Other places that it is about. */
  readonly related: readonly RelatedFinding[];
}

/** Another place that a finding is about. */
export type RelatedFinding = Pick<Finding, "file" | "range" | "message">;

/** The diagnostics of some files, by file and place. */
export function findingsOf(project: Project, files: readonly LintedFile[]): Finding[] {
  const shown = shownPaths(project.root);
  return files.flatMap((linted) => {
    const { path, text, diagnostics } = linted;
    if (diagnostics.length === 0) {
      return [];
    }
    const file = shown(path);
    const lines = lineIndex(text);
    return [...diagnostics]
      .sort((a, b) => a.start - b.start)
      .map((finding) => {
        const { start, end, severity, rule, message } = finding;
        const range = { start: lines.positionAt(start), end: lines.positionAt(end) };
        const related = relatedPlaces(project, path, lines, finding).map((place) => ({
          file: shown(place.path),
          range: place.range,
          message: place.message,
        }));
        const { line } = range.start;
        const written = text.slice(lines.startOf(line), lines.startOf(line + 1)).replace(/\r\n$|[\r\n]$/, "");
        const isSecret = rule === "invalid-config" && redactUrl(written) !== written;
        return {
          file,
          range,
          severity,
          code: rule,
          message,
          source: isSecret ? "" : written,
          fix: sureFix(finding)?.title ?? null,
          related,
        };
      });
  });
}

/** Many findings point at the same few files. */
function shownPaths(root: string): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const now = shownPath(root, path);
    known.set(path, now);
    return now;
  };
}
