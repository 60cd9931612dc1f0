import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  type ServerCapabilities,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

/** A language server as an editor drives it, and what it takes. */
export interface MeasuredServer {
  readonly connection: ProtocolConnection;
  readonly capabilities: ServerCapabilities;
  /** Milliseconds of processor time, so far. */
  cpu(): number;
  /** Megabytes in memory now. */
  memory(): number;
  /** Bytes that have come from it, so far. */
  received(): number;
  open(uri: string, text: string): Promise<void>;
  change(uri: string, line: number, character: number, removed: number, text: string): Promise<void>;
  /** The diagnostics of the text as it is now: asked for where the server can be asked, otherwise waited for. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
  stop(): Promise<void>;
}

export async function startServer(command: readonly string[], folder: string): Promise<MeasuredServer> {
  const [program = "", ...words] = command;
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "ignore"] });
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(() => {});
  connection.onRequest(RegistrationRequest.type, () => {});
  const published = new Map<string, readonly Diagnostic[]>();
  const waiting = new Map<string, () => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
    if (version !== undefined && version !== versions.get(uri)) return;
    published.set(uri, diagnostics);
    waiting.get(uri)?.();
  });
  connection.listen();
  const rootUri = pathToFileURL(folder).href;
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "bench" }],
    capabilities: {
      textDocument: {
        diagnostic: {},
        publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        codeAction: { resolveSupport: { properties: ["edit"] } },
      },
    },
  });
  await connection.sendNotification("initialized", {});
  const versions = new Map<string, number>();
  return {
    connection,
    capabilities,
    cpu: () => processorTime(child),
    memory: () => residentMemory(child),
    received: () => bytes,

    open(uri, text) {
      versions.set(uri, 1);
      const textDocument = { uri, languageId: "sql", version: 1, text };
      return connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    },

    change(uri, line, character, removed, text) {
      const version = (versions.get(uri) ?? 1) + 1;
      versions.set(uri, version);
      published.delete(uri);
      const range = { start: { line, character }, end: { line, character: character + removed } };
      const params = { textDocument: { uri, version }, contentChanges: [{ range, text }] };
      return connection.sendNotification(DidChangeTextDocumentNotification.type, params);
    },

    async diagnostics(uri) {
      if (capabilities.diagnosticProvider) {
        const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
        return report.kind === "full" ? report.items : [];
      }
      if (!published.has(uri)) await new Promise<void>((done) => waiting.set(uri, done));
      waiting.delete(uri);
      return published.get(uri) ?? [];
    },

    async stop() {
      const ended = new Promise((done) => child.once("close", done));
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      await ended;
      connection.dispose();
    },
  };
}

/** As Linux counts it; elsewhere nothing is told. */
function processorTime({ pid }: ChildProcess): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) * 10;
}

function residentMemory({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
