import { basename, join } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { lintBuffer } from "../app/lint";
import { configurationFile } from "../project/load";
import type { Finding } from "../rules/lint";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { Context } from "./context";
import { toPath, toProjectPath } from "./convert";

/** What is reported of an open document, with its lines to place it by. */
export interface DocumentFindings {
  readonly lines: LineIndex;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Checks an open document as it stands in its editor. */
export async function findingsOf({ workspace }: Context, document: TextDocument): Promise<DocumentFindings> {
  const text = document.getText();
  const lines = lineIndex(text);
  // A document that is no file yet is taken for a file of the first folder.
  const path = toPath(document.uri) ?? join((await workspace.roots())[0] ?? process.cwd(), "untitled.sql");
  const { root, project, problems } = await workspace.projectOf(path);
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
    return { lines, text, findings };
  }
  // Nothing is checked on half a configuration; its own file says what is wrong with it.
  if (project === null) return { lines, text, findings: [] };
  const linted = await lintBuffer(project, inProject, text);
  return { lines, text, findings: linted?.diagnostics ?? [] };
}
