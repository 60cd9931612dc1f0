import { createHash } from "node:crypto";
import { resolve } from "node:path";
import {
  type CancellationToken,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
  type WorkspaceFullDocumentDiagnosticReport,
  type WorkspaceUnchangedDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { type LintedFile, lintFiles, type Only } from "../../app/lint";
import type { Project } from "../../project/project";
import { rulePage } from "../../rules/page";
import { lineIndex } from "../../sql/lineIndex";
import type { ClientFeatures, Context } from "../context";
import { toDiagnostic, toPath, toUri } from "../convert";
import { documentAt, type EditedDocument } from "../editedDocument";
import type { OpenProject } from "../heldProject";
import { relatedOf } from "../related";
import { isInside } from "../roots";

type PartialResult = ResultProgressReporter<WorkspaceDiagnosticReportPartialResult>;

/** Diagnostics of all files of the folders, for as long as the client listens. */
export interface WorkspaceDiagnostics {
  /** Whether the client has ever asked for them. */
  readonly isAsked: boolean;
  pull(
    params: WorkspaceDiagnosticParams,
    token: CancellationToken,
    partial: PartialResult | undefined,
  ): Promise<WorkspaceDiagnosticReport>;
  /** What was reported may have changed. */
  refresh(): void;
  /** What the client shows of a document that it asked of by itself isn't known here, so that the file is reported anew. */
  closed(document: EditedDocument): void;
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
  let isAsked = false;
  return {
    get isAsked() {
      return isAsked;
    },
    async pull({ previousResultIds }, token, partial) {
      isAsked = true;
      const known = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
      if (partial === undefined) {
        const items: WorkspaceDocumentDiagnosticReport[] = [];
        for await (const some of reportsIn(context, known, () => token.isCancellationRequested)) items.push(...some);
        return { items: [...unchangedReports(context, previousResultIds, known), ...items] };
      }
      answered.add(known);
      try {
        for (let isFirst = true; !token.isCancellationRequested; isFirst = false) {
          const changed = nextChange(listeners, token);
          // What has changed again is told of as it is then.
          for await (const items of reportsIn(context, known, changed.isOver))
            if (!token.isCancellationRequested) partial.report({ items });
          const same = isFirst ? unchangedReports(context, previousResultIds, known) : [];
          if (same.length > 0 && !token.isCancellationRequested) partial.report({ items: same });
          await changed.over;
        }
      } finally {
        answered.delete(known);
      }
      return { items: [] };
    },
    refresh,
    closed({ uri, path }) {
      for (const known of answered) known.set(path === null ? uri : toUri(path), shownByItself);
      refresh();
    },
  };
}

interface Change {
  readonly over: Promise<void>;
  isOver(): boolean;
}

function nextChange(listeners: Set<() => void>, token: CancellationToken): Change {
  let isOver = false;
  const over = new Promise<void>((done) => {
    const end = () => {
      isOver = true;
      listeners.delete(end);
      cancelled.dispose();
      done();
    };
    const cancelled = token.onCancellationRequested(end);
    listeners.add(end);
  });
  return { over, isOver: () => isOver };
}

/**
 * The reports that differ from what is known, which is brought up to date, some at a time; a file that is gone is reported as clean. Of open
 * documents the client asks by itself.
 */
async function* reportsIn(
  context: Context,
  known: Map<string, string>,
  isOver: () => boolean,
): AsyncGenerator<WorkspaceFullDocumentDiagnosticReport[]> {
  const { workspace, unsaved, documents } = context;
  const found = new Set<string>();
  let batch: WorkspaceFullDocumentDiagnosticReport[] = [];
  const take = (uri: string, items: Diagnostic[]) => {
    if (isOpen(documents, uri)) return;
    const resultId = resultIdOf(items);
    const before = known.get(uri);
    if (before === undefined ? items.length === 0 : before === resultId) return;
    known.set(uri, resultId);
    batch.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items });
  };
  const roots = await workspace.roots();
  for (const root of roots) {
    for await (const { path, items } of rootReports(unsaved.in(await workspace.project(root)), context.client)) {
      if (isOver()) break;
      // Another project that it belongs to tells of it itself.
      const own = await workspace.rootOf(path);
      if (own !== root && roots.includes(own)) continue;
      const uri = toUri(path);
      found.add(uri);
      take(uri, items);
      if (batch.length < longestBatch) continue;
      yield batch;
      batch = [];
    }
  }
  if (!isOver()) for (const uri of [...known.keys()]) if (!found.has(uri)) take(uri, []);
  if (batch.length > 0) yield batch;
}

/** What is reported of one file of the folders, as it is saved. */
export async function savedReport(
  { unsaved, workspace, client }: Context,
  uri: string,
): Promise<{ resultId: string; items: Diagnostic[] }> {
  const path = toPath(uri);
  const items: Diagnostic[] = [];
  const saved = path === null ? null : await workspace.projectOf(path);
  // Its project's `tenantry.json` may stand above the folder that is open.
  const isOurs = (root: string) => root === saved?.root || (path !== null && isInside(root, path));
  if (path !== null && saved !== null && (await workspace.roots()).some(isOurs)) {
    const opened = unsaved.in(saved);
    for await (const file of rootReports(opened, client, new Set([path])))
      if (file.path === path) items.push(...file.items);
  }
  return { resultId: resultIdOf(items), items };
}

function resultIdOf(items: readonly Diagnostic[]): string {
  return createHash("sha1").update(JSON.stringify(items)).digest("base64url");
}

/** So many files are told of at once. */
const longestBatch = 100;

/** What the client knew of files before it asked, and is so still. */
function unchangedReports(
  { documents }: Context,
  previous: WorkspaceDiagnosticParams["previousResultIds"],
  known: ReadonlyMap<string, string>,
): WorkspaceUnchangedDocumentDiagnosticReport[] {
  return previous
    .filter(({ uri, value }) => known.get(uri) === value && !isOpen(documents, uri))
    .map(({ uri, value }) => ({
      kind: DocumentDiagnosticReportKind.Unchanged,
      uri,
      version: null,
      resultId: value,
    }));
}

function isOpen(documents: Context["documents"], uri: string): boolean {
  const path = toPath(uri);
  return path !== null && documentAt(documents, path) !== undefined;
}

/** Stands for a result that no answer has. */
const shownByItself = "";

async function* rootReports(
  { root, project, problems }: OpenProject,
  client: ClientFeatures,
  only: Only = null,
): AsyncGenerator<{ path: string; items: Diagnostic[] }> {
  if (project !== null) {
    for await (const file of lintFiles(project, [], only))
      yield { path: resolve(root, file.path), items: itemsOf(project, file, client) };
    return;
  }
  // Nothing is checked on half a configuration; its own file says what is wrong with it.
  for (const path of new Set(problems.map((problem) => problem.path))) {
    const own = problems.filter((problem) => problem.path === path);
    const items = own.map(({ code, severity, message, line, column }) => {
      const at = { line: (line ?? 1) - 1, character: (column ?? 1) - 1 };
      const told = { rule: code, severity, message, start: 0, end: 0 };
      return { ...toDiagnostic(lineIndex(""), told, rulePage(code)), range: { start: at, end: at } };
    });
    yield { path: resolve(root, path), items };
  }
}

function itemsOf(project: Project, file: LintedFile, client: ClientFeatures): Diagnostic[] {
  if (file.diagnostics.length === 0) return [];
  const lines = lineIndex(file.text);
  const related = relatedOf(client, project, file, lines);
  return file.diagnostics.map((finding) => toDiagnostic(lines, finding, rulePage(finding.rule), related(finding)));
}
