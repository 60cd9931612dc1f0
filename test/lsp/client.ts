import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
  Trace,
} from "vscode-languageserver-protocol/node";
import type { ClientNotifications, ClientRequests } from "../../server/src/protocol";
import { folder } from "../project/folder";

/** A client of the built server, over the streams of its process. */
export interface Client {
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** The methods of the server's own requests, which are refused unless a test answers them. */
  readonly asked: readonly string[];
  /** How the process ended. */
  readonly ended: Promise<number | null>;
  open(uri: string, text: string): Promise<void>;
  change(uri: string, changes: TextDocumentContentChangeEvent[]): Promise<void>;
  /** Asks for a document's diagnostics, as a client that can pull does. */
  pull(uri: string): Promise<readonly Diagnostic[]>;
  request<M extends keyof ClientRequests>(
    method: M,
    params: ClientRequests[M]["params"],
  ): Promise<ClientRequests[M]["result"]>;
  notify<M extends keyof ClientNotifications>(method: M, params: ClientNotifications[M]): Promise<void>;
}

export interface ClientOptions {
  readonly folders?: readonly string[];
  /** The one folder of an editor that knows no others, and no URIs for them. */
  readonly rootPath?: string | null;
  readonly capabilities?: ClientCapabilities;
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** The process that the server is told it belongs to. */
  readonly processId?: number;
}

/** What an editor says that can pull diagnostics, resolve edits lazily and show symbols in others. */
export const pulling: ClientCapabilities = {
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { relatedInformation: true },
    codeAction: { resolveSupport: { properties: ["edit"] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/** Starts the built server and initializes it; it is ended when the test is over. */
export async function startClient({
  folders = [],
  rootPath = null,
  capabilities = pulling,
  options = {},
  env = {},
  processId = process.pid,
}: ClientOptions): Promise<Client> {
  const child = spawn(process.execPath, [join(__DIST__, "cli.js"), "lsp", "--stdio"], {
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const asked: string[] = [];
  const log = (message: string) => {
    const [, method] = /^Received request '(.*) - \(/.exec(message) ?? [];
    if (method !== undefined) asked.push(method);
  };
  await connection.trace(Trace.Messages, { log });
  // A stream that ends with its process is no fault of the test's.
  connection.onError(() => {});
  child.stdin.on("error", () => {});
  connection.listen();
  onTestFinished(async () => {
    connection.dispose();
    child.kill("SIGKILL");
    await ended;
  });
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId,
    rootPath,
    rootUri: null,
    capabilities,
    initializationOptions: options,
    workspaceFolders: rootPath === null ? folders.map((path) => ({ uri: uriOf(path), name: path })) : null,
  });
  await connection.sendNotification("initialized", {});
  const versions = new Map<string, number>();
  const nextVersion = (uri: string) => {
    const version = (versions.get(uri) ?? 0) + 1;
    versions.set(uri, version);
    return version;
  };
  return {
    process: child,
    connection,
    initialized,
    asked,
    ended,
    open: (uri, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: "sql", version: nextVersion(uri), text },
      }),
    change: (uri, contentChanges) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version: nextVersion(uri) },
        contentChanges,
      }),
    async pull(uri) {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
      return report.kind === "full" ? report.items : [];
    },
    request: (method, params) => connection.sendRequest(method, params),
    notify: (method, params) => connection.sendNotification(method, params),
  };
}

export function uriOf(...parts: string[]): string {
  return pathToFileURL(join(...parts)).href;
}

/** Diagnostics in one line each: `line:character-character code`. */
export function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ range: { start, end }, code }) => `${start.line}:${start.character}-${end.character} ${code}`,
  );
}

/** A fresh copy of the example shop, removed when the test is over. */
export async function shop(): Promise<string> {
  const path = await folder();
  cpSync(resolve(import.meta.dirname, "../../examples/shop"), path, {
    recursive: true,
    filter: (source) => !source.includes(".tenantry"),
  });
  return path;
}
