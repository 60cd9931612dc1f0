import { basename, join } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { lintBuffer } from "../app/lint";
import { configurationFile } from "../project/load";
import type { Finding } from "../rules/lint";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { ClientFeatures, Context } from "./context";
import { toPath, toProjectPath } from "./convert";
import { type RelatedOf, relatedOf } from "./related";
import type { OpenProject } from "./workspace";

/** What is reported of an open document, with its lines to place it by. */
export interface DocumentFindings {
  readonly lines: LineIndex;
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly related: RelatedOf;
}

/** Checks an open document as it stands in its editor; asked again of the same text in the same project, it is not checked anew. */
export async function findingsOf({ workspace, client }: Context, document: TextDocument): Promise<DocumentFindings> {
  // The document object is changed in place by the next edit.
  const { version } = document;
  const text = document.getText();
  // A document that is no file yet is taken for a file of the first folder.
  const path = toPath(document.uri) ?? join((await workspace.roots())[0] ?? process.cwd(), "untitled.sql");
  const opened = await workspace.projectOf(path);
  const known = last.get(document);
  if (known?.version === version && known.opened === opened) return known.findings;
  const findings = check(opened, path, text, client);
  last.set(document, { version, opened, findings });
  return findings;
}

interface Checked {
  readonly version: number;
  readonly opened: OpenProject;
  readonly findings: Promise<DocumentFindings>;
}

const last = new WeakMap<TextDocument, Checked>();

async function check(
  { root, project, problems }: OpenProject,
  path: string,
  text: string,
  client: ClientFeatures,
): Promise<DocumentFindings> {
  const related: RelatedOf = () => [];
  const lines = lineIndex(text);
  const inProject = toProjectPath(root, path) ?? path;
  if (basename(path) === configurationFile) {
    const own = problems.filter((problem) => problem.path === inProject);
    const findings = own.map(({ code, severity, message, span }) => ({
      rule: code,
      severity,
      message,
      start: span?.start ?? 0,
      end: span?.end ?? 0,
      fixes: [],
    }));
    return { lines, text, findings, related };
  }
  // Nothing is checked on half a configuration; its own file says what is wrong with it.
  if (project === null) return { lines, text, findings: [], related };
  const linted = await lintBuffer(project, inProject, text);
  if (linted === null) return { lines, text, findings: [], related };
  return { lines, text, findings: linted.diagnostics, related: relatedOf(client, project, linted) };
}
