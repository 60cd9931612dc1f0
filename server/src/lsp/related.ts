import { resolve } from "node:path";
import type { DiagnosticRelatedInformation } from "vscode-languageserver/node";
import type { LintedFile } from "../app/lint";
import { relatedPlaces } from "../app/related";
import type { Project } from "../project/project";
import type { Finding } from "../rules/finding";
import type { LineIndex } from "../sql/lineIndex";
import { toUri } from "./convert";

/** What else a finding of a file is about, for the editor to show beside it. */
export type RelatedOf = (finding: Finding) => DiagnosticRelatedInformation[];

/** Of a file with very many findings only the first have it: it is longer than the finding itself, and is sent again with each key. */
const mostTold = 12;

/** @param own the file, as it was checked. @param lines its own */
export function relatedOf(
  { showsRelated }: { readonly showsRelated: boolean },
  project: Project | null,
  own: LintedFile,
  lines: LineIndex,
): RelatedOf {
  if (!showsRelated || project === null) return () => [];
  const told = new Set(own.diagnostics.filter(({ related = [] }) => related.length > 0).slice(0, mostTold));
  return (finding) => {
    if (!told.has(finding)) return [];
    return relatedPlaces(project, own.path, lines, finding).map(({ path, range, message }) => ({
      location: { uri: toUri(resolve(project.root, path)), range },
      message,
    }));
  };
}
