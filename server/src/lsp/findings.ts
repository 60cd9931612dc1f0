import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type LintedFile, lintAhead, lintBuffer, lintSaved } from "../app/lint";
import type { Migration } from "../model/migration";
import { configurationFile } from "../project/load";
import type { Project } from "../project/project";
import type { HeldDocument } from "./documents";

/** What is reported of an open document; asked again of the same text in the same project, it is not checked anew. */
export function findingsOf(document: HeldDocument): Promise<LintedFile> {
  const known = last.get(document);
  if (known) return known;
  const findings = check(document);
  last.set(document, findings);
  return findings;
}

const last = new WeakMap<HeldDocument, Promise<LintedFile>>();

async function check(document: HeldDocument): Promise<LintedFile> {
  const { path, text, opened } = document;
  const { project, problems } = opened;
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
  const linted = project === null ? null : await lintIn(project, document);
  return linted ?? { path, text: text.toString(), diagnostics: [] };
}

/** What is found in a file as it is saved may be known before it is read. */
async function lintIn(project: Project, document: HeldDocument): Promise<LintedFile | null> {
  const saved = document.unread();
  if (saved !== null) {
    const linted = await lintSaved(project, saved);
    readAhead(project, document, saved).catch(() => {});
    return linted;
  }
  const { analysis } = await document.read();
  return analysis === null ? null : lintBuffer(project, document.path, analysis);
}

/** The first key needs more than what is found in the saved file, and is seldom typed at once. What goes wrong is told to whoever asks for it. */
async function readAhead(project: Project, document: HeldDocument, saved: Migration): Promise<void> {
  // The answer goes first.
  await setImmediate();
  await document.read();
  await lintAhead(project, saved);
}
