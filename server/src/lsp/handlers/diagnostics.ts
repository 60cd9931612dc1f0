import {
  DiagnosticRefreshRequest,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { rulePage } from "../../rules/page";
import type { Context } from "../context";
import { toDiagnostic } from "../convert";
import { findingsOf } from "../findings";

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
  const diagnosticsOf = async (document: TextDocument) => {
    const { lines, findings, related } = await findingsOf(context, document);
    return findings.map((finding) => toDiagnostic(lines, finding, rulePage(finding.rule), related(finding)));
  };
  const push = async (document: TextDocument) => {
    const { uri, version } = document;
    const diagnostics = await diagnosticsOf(document);
    // A newer text is being checked already, and its answer is the right one.
    if (documents.get(uri)?.version !== version) return;
    await connection.sendDiagnostics({ uri, version, diagnostics });
  };

  return {
    async pull({ textDocument: { uri } }) {
      const document = documents.get(uri);
      return { kind: DocumentDiagnosticReportKind.Full, items: document ? await diagnosticsOf(document) : [] };
    },
    changed(document) {
      if (!context.client.pullsDiagnostics) void push(document);
    },
    closed({ uri }) {
      if (!context.client.pullsDiagnostics) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    refresh() {
      if (!context.client.pullsDiagnostics) for (const document of documents.all()) void push(document);
      else if (context.client.refreshesDiagnostics) void connection.sendRequest(DiagnosticRefreshRequest.type);
    },
  };
}
