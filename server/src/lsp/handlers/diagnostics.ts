import {
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { rulePage } from "../../rules/page";
import type { Context } from "../context";
import { toDiagnostic } from "../convert";
import { openDocument } from "../documents";
import { findingsOf } from "../findings";
import { relatedOf } from "../related";

/** Diagnostics in the one way that the client wants: asked for where it can ask, otherwise sent. */
export interface Diagnostics {
  pull(params: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport>;
  changed(document: TextDocument): void;
  closed(document: TextDocument): void;
  /** What was reported of any document may have changed. */
  refresh(): void;
}

export function createDiagnostics(context: Context): Diagnostics {
  const { connection, documents } = context;
  const answers = new Map<string, Answer>();
  const due = new Set<string>();
  let count = 0;

  const diagnosticsOf = async (uri: string): Promise<Diagnostic[]> => {
    const document = await openDocument(context, uri);
    if (document === null) return [];
    const linted = await findingsOf(document);
    const related = relatedOf(context.client, document.opened.project, linted, document.lines);
    return linted.diagnostics.map((finding) =>
      toDiagnostic(document.lines, finding, rulePage(finding.rule), related(finding)),
    );
  };
  const push = async (uri: string) => {
    due.delete(uri);
    const version = documents.get(uri)?.version;
    if (version === undefined) return;
    const diagnostics = await diagnosticsOf(uri);
    // A newer text is being checked already, and its answer is the right one.
    if (documents.get(uri)?.version === version) await connection.sendDiagnostics({ uri, version, diagnostics });
  };
  // Of several keys that have come in by now, the last one is answered.
  const pushSoon = (uri: string) => {
    if (due.has(uri)) return;
    due.add(uri);
    setImmediate(() => void push(uri));
  };

  return {
    async pull({ textDocument: { uri }, previousResultId }) {
      const version = documents.get(uri)?.version ?? 0;
      const items = await diagnosticsOf(uri);
      const before = answers.get(uri);
      // What an edit leaves as it was is told again: the client may have moved what it shows with the text.
      const isSameText = before?.version === version;
      if (before !== undefined && isSameText && before.id === previousResultId && areSame(before.items, items))
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: before.id };
      count++;
      const id = String(count);
      answers.set(uri, { id, version, items });
      return { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
    },
    changed({ uri }) {
      if (!context.client.pullsDiagnostics) pushSoon(uri);
    },
    closed({ uri }) {
      answers.delete(uri);
      if (!context.client.pullsDiagnostics) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    refresh() {
      if (!context.client.pullsDiagnostics) for (const { uri } of documents.all()) pushSoon(uri);
      else if (context.client.refreshesDiagnostics) void connection.sendRequest(DiagnosticRefreshRequest.type);
    },
  };
}

interface Answer {
  readonly id: string;
  readonly version: number;
  readonly items: readonly Diagnostic[];
}

function areSame(before: readonly Diagnostic[], now: readonly Diagnostic[]): boolean {
  return before.length === now.length && before.every((one, index) => isSame(one, now[index]));
}

function isSame(one: Diagnostic, other: Diagnostic | undefined): boolean {
  if (other === undefined) return false;
  const { start, end } = one.range;
  const to = other.range;
  return (
    start.line === to.start.line &&
    start.character === to.start.character &&
    end.line === to.end.line &&
    end.character === to.end.character &&
    one.message === other.message &&
    one.code === other.code &&
    one.severity === other.severity &&
    JSON.stringify(one.relatedInformation) === JSON.stringify(other.relatedInformation)
  );
}
