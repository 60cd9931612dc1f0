import { type InitializeParams, TextDocuments } from "vscode-languageserver/node";
import type { RunEvents } from "../protocol";
import { inBackground } from "./background";
import { capabilities, featuresOf, foldersOf, optionsOf } from "./capabilities";
import { followChanges } from "./changes";
import { connect } from "./connect";
import type { Context } from "./context";
import { documentAt, editedDocuments } from "./editedDocument";
import { codeActions, resolveCodeAction } from "./handlers/codeActions";
import { codeLenses } from "./handlers/codeLenses";
import { completion } from "./handlers/completion";
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
import { openPreparation } from "./preparation";
import { createRuns } from "./runs";
import { typed } from "./typed";
import { openUnsaved } from "./unsaved";
import { keepHeapSmall, warmUp } from "./warmUp";
import { createWorkspace } from "./workspace";

/** Serves one client over the streams that the command line names (`--stdio`, `--node-ipc`, `--socket=N`), until it says exit. */
export function serve(): Promise<void> {
  const connection = connect();
  keepHeapSmall();
  const { on, notify, ask, onNotification } = typed(connection);
  const documents = new TextDocuments(editedDocuments);
  const preparation = openPreparation();
  const workspace = createWorkspace(
    (path) => documentAt(documents, path)?.text.toString(),
    (configuration) => preparation.prepareFor(configuration),
  );
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
    unsaved: openUnsaved(),
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
  const changes = followChanges(context, diagnostics, workspaceDiagnostics);

  connection.onInitialize(async (params) => {
    client = featuresOf(params);
    const options = optionsOf(params);
    workspace.trust(options.trusted === true);
    workspace.changeFolders(foldersOf(params), []);
    await preparation.doneOr(workspace.readAll());
    return capabilities(client);
  });
  connection.onInitialized(() => {
    // A client that asks for all diagnostics has the files checked by that.
    inBackground(warmUp(workspace, () => !workspaceDiagnostics.isAsked));
    inBackground(changes.watch());
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
    changes.allChanged();
  });
  onNotification("tenantry/passwordChanged", ({ label }) => context.passwords.delete(label));

  documents.listen(connection);
  connection.listen();
  return new Promise((done) => connection.onExit(() => done()));
}
