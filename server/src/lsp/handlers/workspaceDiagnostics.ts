import { createHash } from "node:crypto";
import { resolve } from "node:path";
import {
  type CancellationToken,
  DocumentDiagnosticReportKind,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceFullDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { lintPaths } from "../../app/lint";
import { rulePage } from "../../rules/page";
import { lineIndex } from "../../sql/lineIndex";
import type { ClientFeatures, Context } from "../context";
import { toDiagnostic, toUri } from "../convert";
import { relatedOf } from "../related";
import type { OpenProject } from "../workspace";

type PartialResult = ResultProgressReporter<WorkspaceDiagnosticReportPartialResult>;

/** Diagnostics of all files of the folders, for as long as the client listens. */
export interface WorkspaceDiagnostics {
  pull(
    params: WorkspaceDiagnosticParams,
    token: CancellationToken,
    partial: PartialResult | undefined,
  ): Promise<WorkspaceDiagnosticReport>;
  /** What was reported may have changed. */
  refresh(): void;
  /** What the client shows of a document that it asked of by itself isn't known here, so that the file is reported anew. */
  closed(uri: string): void;
}

/**
 * A client asks again as soon as it is answered, so the answer waits until the request is cancelled, and what changes meanwhile goes out as
 * partial results. A client that can't take these is answered at once.
 */
export function createWorkspaceDiagnostics(context: Context): WorkspaceDiagnostics {
  const listeners = new Set<() => void>();
  const answered = new Set<Map<string, string>>();
  const refresh = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    async pull({ previousResultIds }, token, partial) {
      const known = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
      if (partial === undefined) return { items: await changedReports(context, known) };
      answered.add(known);
      try {
        while (!token.isCancellationRequested) {
          const changed = nextChange(listeners, token);
          const items = await changedReports(context, known);
          if (items.length > 0 && !token.isCancellationRequested) partial.report({ items });
          await changed;
        }
      } finally {
        answered.delete(known);
      }
      return { items: [] };
    },
    refresh,
    closed(uri) {
      for (const known of answered) known.set(uri, shownByItself);
      refresh();
    },
  };
}

function nextChange(listeners: Set<() => void>, token: CancellationToken): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      listeners.delete(end);
      cancelled.dispose();
      done();
    };
    const cancelled = token.onCancellationRequested(end);
    listeners.add(end);
  });
}

/**
 * The reports that differ from what is known, which is brought up to date; a file that is gone is reported as clean. Of open documents the
 * client asks by itself.
 */
async function changedReports(
  { workspace, documents, client }: Context,
  known: Map<string, string>,
): Promise<WorkspaceFullDocumentDiagnosticReport[]> {
  const roots = await workspace.roots();
  const all = (await Promise.all(roots.map(async (root) => reportsOf(await workspace.project(root), client)))).flat();
  const found = all.filter(({ uri }) => documents.get(uri) === undefined);
  const uris = new Set(found.map(({ uri }) => uri));
  const gone = [...known.keys()].filter((uri) => !uris.has(uri) && documents.get(uri) === undefined);
  const reports = [...found, ...gone.map((uri) => ({ uri, items: [] }))].map(
    ({ uri, items }): WorkspaceFullDocumentDiagnosticReport => ({
      kind: DocumentDiagnosticReportKind.Full,
      uri,
      // A client prefers what it asked of the open document itself wherever that has the same version.
      version: documents.get(uri)?.version ?? null,
      resultId: createHash("sha256").update(JSON.stringify(items)).digest("base64url"),
      items,
    }),
  );
  const isNew = reports.filter(({ uri, resultId = "", items }) => {
    const before = known.get(uri);
    return before === undefined ? items.length > 0 : before !== resultId;
  });
  for (const { uri, resultId = "" } of isNew) known.set(uri, resultId);
  return isNew;
}

/** Stands for a result that no answer has. */
const shownByItself = "";

async function reportsOf({ root, project, problems }: OpenProject, client: ClientFeatures) {
  if (project !== null) {
    const linted = await lintPaths(project, []);
    return linted.map((file) => {
      const lines = lineIndex(file.text);
      const related = relatedOf(client, project, file, lines);
      const items = file.diagnostics.map((finding) =>
        toDiagnostic(lines, finding, rulePage(finding.rule), related(finding)),
      );
      return { uri: toUri(resolve(root, file.path)), items };
    });
  }
  // Nothing is checked on half a configuration; its own file says what is wrong with it.
  const paths = [...new Set(problems.map(({ path }) => path))];
  return paths.map((path) => ({
    uri: toUri(resolve(root, path)),
    items: problems
      .filter((problem) => problem.path === path)
      .map(({ code, severity, message, line, column }) => {
        const at = { line: (line ?? 1) - 1, character: (column ?? 1) - 1 };
        const told = { rule: code, severity, message, start: 0, end: 0 };
        return { ...toDiagnostic(lineIndex(""), told, rulePage(code)), range: { start: at, end: at } };
      }),
  }));
}
