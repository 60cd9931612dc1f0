import {
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  type PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { inBackground } from "../background";
import type { Context } from "../context";
import { type DiagnosticTexts, openDiagnosticTexts } from "../diagnosticTexts";
import { heldDocument } from "../documents";
import type { EditedDocument } from "../editedDocument";
import { findingsOf } from "../findings";
import { type JsonList, openJsonList, type WrittenList } from "../jsonText";
import { relatedOf } from "../related";
import { PartlyWritten } from "../writer";
import { savedReport } from "./workspaceDiagnostics";

/** Diagnostics in the one way that the client wants: asked for where it can ask, otherwise sent. */
export interface Diagnostics {
  pull(params: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport>;
  changed(document: EditedDocument): void;
  closed(document: EditedDocument): void;
  /** What was reported of any document may have changed. */
  refresh(): void;
}

export function createDiagnostics(context: Context): Diagnostics {
  const { connection, documents } = context;
  const told = new Map<string, Told>();
  const due = new Set<string>();
  /** Which of the checks whose findings are to be sent began last, by the documents. */
  const lastBegun = new Map<string, number>();
  let begun = 0;
  let count = 0;

  /** What is to be told of a document now; @returns whether it is another thing than was told last. */
  const write = async (uri: string): Promise<{ of: Told; list: WrittenList; isChanged: boolean }> => {
    const document = await heldDocument(context, uri);
    if (document === null) return { of: newlyTold(), list: openJsonList().now, isChanged: true };
    const linted = await findingsOf(document);
    const of = told.get(uri) ?? newlyTold();
    if (documents.get(uri) !== undefined) told.set(uri, of);
    const related = relatedOf(context.client, document.opened.project, linted, document.lines);
    const isChanged = of.list.write(of.texts(linted.diagnostics, document.lines, related));
    return { of, list: of.list.now, isChanged };
  };
  /** A file may be asked for that no editor holds, such as that of a tab that was never looked at. */
  const saved = async (uri: string, previousResultId: string | undefined): Promise<DocumentDiagnosticReport> => {
    const report = await savedReport(context, uri);
    return report.resultId === previousResultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.resultId }
      : { kind: DocumentDiagnosticReportKind.Full, ...report };
  };
  const push = async (uri: string) => {
    due.delete(uri);
    const version = documents.get(uri)?.version;
    if (version === undefined) return;
    const own = ++begun;
    lastBegun.set(uri, own);
    const { list } = await write(uri);
    // A newer text is being checked already, or this one by other settings, and the answer to that is the right one.
    if (documents.get(uri)?.version !== version || lastBegun.get(uri) !== own) return;
    await connection.sendDiagnostics(new Notification(uri, version, list));
  };
  // Of several keys that have come in by now, the last one is answered.
  const pushSoon = (uri: string) => {
    if (due.has(uri)) return;
    due.add(uri);
    setImmediate(() => inBackground(push(uri)));
  };

  return {
    async pull({ textDocument: { uri }, previousResultId }) {
      const version = documents.get(uri)?.version;
      if (version === undefined) return saved(uri, previousResultId);
      const { of, list, isChanged } = await write(uri);
      // What an edit leaves as it was is told again: the client may have moved what it shows with the text.
      if (!isChanged && of.version === version && of.id !== "" && of.id === previousResultId)
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: of.id };
      count++;
      of.id = String(count);
      of.version = version;
      return new Report(of.id, list);
    },
    changed({ uri }) {
      if (!context.client.pullsDiagnostics) pushSoon(uri);
    },
    closed({ uri }) {
      told.delete(uri);
      lastBegun.delete(uri);
      if (!context.client.pullsDiagnostics) inBackground(connection.sendDiagnostics({ uri, diagnostics: [] }));
    },
    refresh() {
      if (!context.client.pullsDiagnostics) for (const { uri } of documents.all()) pushSoon(uri);
      else if (context.client.refreshesDiagnostics) inBackground(connection.sendRequest(DiagnosticRefreshRequest.type));
    },
  };
}

/** What was told of an open document last. */
interface Told {
  readonly texts: DiagnosticTexts;
  readonly list: JsonList;
  /** The answer's, where it was asked for. */
  id: string;
  version: number;
}

function newlyTold(): Told {
  return { texts: openDiagnosticTexts(), list: openJsonList(), id: "", version: 0 };
}

class Report extends PartlyWritten implements FullDocumentDiagnosticReport {
  readonly kind = DocumentDiagnosticReportKind.Full;
  readonly resultId: string;
  protected readonly around: readonly [string, string];

  constructor(resultId: string, list: WrittenList) {
    super(list);
    this.resultId = resultId;
    this.around = [`{"kind":"full","resultId":${JSON.stringify(resultId)},"items":[`, "]}"];
  }

  get items(): Diagnostic[] {
    return this.values() as Diagnostic[];
  }
}

class Notification extends PartlyWritten implements PublishDiagnosticsParams {
  readonly uri: string;
  readonly version: number;
  protected readonly around: readonly [string, string];

  constructor(uri: string, version: number, list: WrittenList) {
    super(list);
    this.uri = uri;
    this.version = version;
    this.around = [`{"uri":${JSON.stringify(uri)},"version":${version},"diagnostics":[`, "]}"];
  }

  get diagnostics(): Diagnostic[] {
    return this.values() as Diagnostic[];
  }
}
