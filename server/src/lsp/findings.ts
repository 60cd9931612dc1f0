import { basename } from "node:path";
import { type LintedFile, lintBuffer } from "../app/lint";
import { configurationFile } from "../project/load";
import type { OpenDocument } from "./documents";

/** What is reported of an open document; asked again of the same text in the same project, it is not checked anew. */
export function findingsOf(document: OpenDocument): Promise<LintedFile> {
  const known = last.get(document);
  if (known) return known;
  const findings = check(document);
  last.set(document, findings);
  return findings;
}

const last = new WeakMap<OpenDocument, Promise<LintedFile>>();

async function check({ path, text, opened: { project, problems }, analysis }: OpenDocument): Promise<LintedFile> {
  if (basename(path) === configurationFile) {
    const own = problems.filter((problem) => problem.path === path);
    const diagnostics = own.map(({ code, severity, message, span }) => ({
      rule: code,
      severity,
      message,
      start: span?.start ?? 0,
      end: span?.end ?? 0,
      fixes: [],
    }));
    return { path, text: text.toString(), diagnostics };
  }
  // Nothing is checked on half a configuration; its own file says what is wrong with it.
  const linted = project !== null && analysis !== null ? await lintBuffer(project, path, analysis) : null;
  return linted ?? { path, text: text.toString(), diagnostics: [] };
}
