import { Console } from "node:console";
import {
  CodeActionKind,
  type Connection,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  StreamMessageReader,
  TextDocumentSyncKind,
  TextDocuments,
  WatchKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { configurationFile } from "../project/load";
import type { InitializationOptions, RunEvents } from "../protocol";
import type { ClientFeatures, Context } from "./context";
import { toPath } from "./convert";
import { codeActions, resolveCodeAction } from "./handlers/codeActions";
import { codeLenses } from "./handlers/codeLenses";
import { completion, triggerCharacters } from "./handlers/completion";
import { createDiagnostics } from "./handlers/diagnostics";
import { documentSymbols } from "./handlers/documentSymbols";
import { init, newMigration } from "./handlers/files";
import { folders } from "./handlers/folders";
import { foldingRanges } from "./handlers/foldingRanges";
import { hover } from "./handlers/hover";
import { migrations } from "./handlers/migrations";
import { plan } from "./handlers/plan";
import { preview } from "./handlers/preview";
import { cancelRun, listRuns, startRun } from "./handlers/runs";
import { selectionRanges } from "./handlers/selectionRanges";
import { status } from "./handlers/status";
import { createWorkspaceDiagnostics } from "./handlers/workspaceDiagnostics";
import { createOtherRuns } from "./otherRuns";
import { createRuns } from "./runs";
import { typed } from "./typed";
import { keepHeapSmall, loadGrammar, warmUp } from "./warmUp";
import { createWorkspace } from "./workspace";
import { StreamWriter } from "./writer";

/** Serves one client over the streams that the command line names (`--stdio`, `--node-ipc`, `--socket=N`), until it says exit. */
export function serve(): Promise<void> {
  const connection = connect();
  keepHeapSmall();
  // What goes wrong is told to whoever asks for a text's statements.
  const isGrammarLoaded = loadGrammar().catch(() => {});
  const { on, notify, ask, onNotification } = typed(connection);
  const documents = new TextDocuments(TextDocument);
  const workspace = createWorkspace(documents);
  const report = (events: RunEvents) => {
    notify("tenantry/runEvents", events);
    if (events.ended) notify("tenantry/changed", { folder: events.folder, what: ["status", "runs", "migrations"] });
  };
  const runs = createRuns(report);
  const otherRuns = createOtherRuns(report, (folder) => notify("tenantry/changed", { folder, what: ["runs"] }));
  let client = featuresOf({ capabilities: {} } as InitializeParams);
  const context: Context = {
    connection,
    documents,
    workspace,
    runs,
    otherRuns,
    passwords: new Map(),
    lastRead: new Map(),
    lastChange: new Map(),
    get client() {
      return client;
    },
    askCredential: (request) =>
      client.credentials ? ask("tenantry/credential", request) : Promise.resolve({ password: null }),
    changed: (change) => notify("tenantry/changed", change),
    refreshDiagnostics: () => {
      diagnostics.refresh();
      workspaceDiagnostics.refresh();
    },
  };
  const diagnostics = createDiagnostics(context);
  const workspaceDiagnostics = createWorkspaceDiagnostics(context);

  const filesChanged = (paths: readonly (string | null)[]) => {
    for (const path of paths) workspace.forget(path);
    told();
  };
  const told = () => {
    context.changed({ folder: null, what: ["folders", "migrations", "status"] });
    context.refreshDiagnostics();
  };

  connection.onInitialize((params) => {
    client = featuresOf(params);
    const options = optionsOf(params);
    workspace.trust(options.trusted === true);
    workspace.setFolders(foldersOf(params));
    return capabilities(client);
  });
  connection.onInitialized(async () => {
    // A client that asks for all diagnostics has the files checked by that.
    void isGrammarLoaded.then(() => warmUp(workspace, () => !workspaceDiagnostics.isAsked));
    void connection.client.register(DidChangeConfigurationNotification.type, undefined).catch(() => {});
    if (client.watchesFiles) {
      const files = ["**/tenantry.json", "**/*.sql", "**/.env"].map((globPattern) => ({ globPattern }));
      // Of a folder that is moved or deleted an editor tells as of one, and not of the files in it.
      const watchers = [...files, { globPattern: "**", kind: WatchKind.Create | WatchKind.Delete }];
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (!client.workspaceFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(async () => {
      const now = (await connection.workspace.getWorkspaceFolders()) ?? [];
      workspace.setFolders(now.flatMap(({ uri }) => toPath(uri) ?? []));
      filesChanged([]);
    });
  });
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    const paths = changes.flatMap(({ uri }) => toPath(uri) ?? []);
    if (await workspace.filesChanged(paths)) told();
  });

  // All files are checked again with another configuration, so that is done when the typing rests.
  let resting: NodeJS.Timeout | undefined;
  const configurationRests = () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      context.changed({ folder: null, what: ["folders"] });
      context.refreshDiagnostics();
    }, configurationRest);
  };
  documents.onDidChangeContent(({ document }) => {
    // An open buffer goes before the file. Of what is typed only the configuration changes what is said of other files at once.
    const path = toPath(document.uri);
    context.lastChange.set(document.uri, { version: document.version, at: performance.now() });
    if (path?.endsWith(configurationFile)) {
      workspace.configurationTyped(path);
      configurationRests();
    }
    diagnostics.changed(document);
  });
  documents.onDidSave(({ document }) => filesChanged([toPath(document.uri)]));
  documents.onDidClose(({ document }) => {
    workspace.forget(toPath(document.uri));
    context.lastChange.delete(document.uri);
    diagnostics.closed(document);
    workspaceDiagnostics.closed(document.uri);
  });

  connection.languages.diagnostics.on((params) => diagnostics.pull(params));
  connection.languages.diagnostics.onWorkspace((params, token, _, partial) =>
    workspaceDiagnostics.pull(params, token, partial),
  );
  connection.onCodeAction((params) => codeActions(context, params));
  connection.onCodeActionResolve((action) => resolveCodeAction(context, action));
  connection.onCodeLens((params) => codeLenses(context, params));
  connection.onCompletion((params) => completion(context, params));
  connection.onHover((params) => hover(context, params));
  connection.onDocumentSymbol((params, token) => documentSymbols(context, params, token));
  connection.onFoldingRanges((params, token) => foldingRanges(context, params, token));
  connection.onSelectionRanges((params) => selectionRanges(context, params));

  on("tenantry/folders", () => folders(context));
  on("tenantry/status", (params, token) => status(context, params, token));
  on("tenantry/migrations", (params) => migrations(context, params));
  on("tenantry/plan", (params, token) => plan(context, params, token));
  on("tenantry/startRun", (params) => startRun(context, params));
  on("tenantry/cancelRun", (params) => cancelRun(context, params));
  on("tenantry/runs", (params) => listRuns(context, params));
  on("tenantry/preview", (params) => preview(context, params));
  on("tenantry/newMigration", (params) => newMigration(context, params));
  on("tenantry/init", (params) => init(context, params));
  onNotification("tenantry/trust", ({ trusted }) => {
    workspace.trust(trusted);
    filesChanged([null]);
  });

  documents.listen(connection);
  connection.listen();
  return new Promise((done) => connection.onExit(() => done()));
}

/** Milliseconds since the last key in a configuration. */
const configurationRest = 200;

/** Over the process's own streams what is sent is written by `StreamWriter`; other transports have their own way. */
function connect(): Connection {
  if (!process.argv.includes("--stdio")) return createConnection(ProposedFeatures.all);
  // What a library may say to the console must not get among the messages.
  globalThis.console = new Console(process.stderr, process.stderr);
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamWriter(process.stdout),
  );
  let isShutDown = false;
  connection.onShutdown(() => {
    isShutDown = true;
  });
  process.stdin.on("end", () => process.exit(isShutDown ? 0 : 1));
  return connection;
}

function capabilities(client: ClientFeatures): InitializeResult {
  return {
    serverInfo: { name: "tenantry" },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      ...(client.pullsDiagnostics && {
        diagnosticProvider: { identifier: "tenantry", interFileDependencies: true, workspaceDiagnostics: true },
      }),
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, `${CodeActionKind.SourceFixAll}.tenantry`],
        resolveProvider: client.resolvesCodeActions,
      },
      ...(client.codeLensCommands.size > 0 && { codeLensProvider: { resolveProvider: false } }),
      completionProvider: { triggerCharacters },
      hoverProvider: true,
      documentSymbolProvider: { label: "Tenantry" },
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

function featuresOf(params: InitializeParams): ClientFeatures {
  const { workspace, textDocument } = params.capabilities;
  const { codeLensCommands = [], credentials = false } = optionsOf(params);
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    showsRelated: textDocument?.publishDiagnostics?.relatedInformation === true,
    resolvesCodeActions: textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true,
    foldingRangeLimit: textDocument?.foldingRange?.rangeLimit,
    credentials,
    codeLensCommands: new Set(codeLensCommands),
  };
}

function optionsOf({ initializationOptions }: InitializeParams): InitializationOptions {
  return (initializationOptions ?? {}) as InitializationOptions;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.flatMap((uri) => toPath(uri) ?? []);
}
