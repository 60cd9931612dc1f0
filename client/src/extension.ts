import { commands, type ExtensionContext, window, workspace } from "vscode";
import { commandTable } from "./commands/table";
import { createDocuments } from "./documents";
import type { ExtensionState } from "./extensionState";
import { createFleet } from "./fleet";
import type { FolderView } from "./folderView";
import { followRun } from "./followRun";
import { createServer, uriOf } from "./languageClient";
import { createLog } from "./log";
import { createRuns } from "./runs";
import { createSecrets } from "./secrets";
import { createStatusBar } from "./statusBar";
import { registerViews } from "./views/register";

/** The state of the one activation, for `deactivate`, which is given nothing. */
let active: ExtensionState | null = null;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = createLog();
  const server = createServer(context, log);
  const fleet = createFleet(server, context.workspaceState);
  const runs = createRuns(server, (folder) => fleet.find(folder)?.info.prototypeSchema ?? "prototype");
  const documents = createDocuments(server);
  const secrets = createSecrets(context.secrets, context.globalState);
  const state: ExtensionState = { context, log, server, fleet, runs, documents, secrets };
  active = state;

  const views = registerViews(state);
  const statusBar = createStatusBar(state);
  const draw = () => {
    views.refresh();
    statusBar.refresh();
  };
  const drawSoon = throttled(draw, drawInterval);
  context.subscriptions.push(
    ...Object.entries(commandTable).map(([id, run]) =>
      commands.registerCommand(id, (argument) => run(state, argument)),
    ),
    log,
    server,
    fleet,
    runs,
    documents,
    views,
    statusBar,
    fleet.onDidChange(draw),
    runs.onDidChange(drawSoon),
    server.onRequest("tenantry/credential", (request) => secrets.answer(request)),
    server.onNotification("tenantry/changed", ({ folder, what }) => void readChanged(state, folder, what)),
    server.onDidStart(() => void readAll(state)),
    workspace.onDidGrantWorkspaceTrust(() => void readAll(state)),
  );
  draw();
  try {
    await server.start();
  } catch (error) {
    log.error(`The language server could not be started: ${String(error)}`);
    void window.showErrorMessage(`Tenantry: ${String(error)}`);
  }
}

export async function deactivate(): Promise<void> {
  await active?.server.stop();
  active = null;
}

/** Milliseconds between two drawings while a run tells of its tenants. */
const drawInterval = 250;

/** Reads everything at a start: the folders, their migrations, runs that go on, and the tenants unless the user wants none of it. */
async function readAll(state: ExtensionState): Promise<void> {
  await state.fleet.readFolders();
  for (const view of state.fleet.folders ?? []) {
    const { folder } = view.info;
    void state.fleet.readMigrations(folder);
    if (!workspace.isTrusted) continue;
    for (const run of await state.runs.discover(folder)) void followRun(state, run);
    connectQuietly(state, view);
  }
}

/** Reads a folder's tenants without being asked to, where the user wants that and it needs no password to be typed. */
function connectQuietly(state: ExtensionState, { info }: FolderView): void {
  const place = uriOf(info.folder);
  const wanted = workspace.isTrusted && workspace.getConfiguration("tenantry", place).get("autoConnect", true);
  if (!wanted || info.problem !== null || info.connections.length === 0) return;
  void state.secrets.quietly(() => state.fleet.readStatus(info.folder));
}

/** Reads again what the server says has changed; tenants only where their state was read before, or could be read now. */
async function readChanged(state: ExtensionState, folder: string | null, what: readonly string[]): Promise<void> {
  if (what.includes("folders")) await state.fleet.readFolders();
  for (const view of state.fleet.folders ?? []) {
    const name = view.info.folder;
    if (folder !== null && folder !== name) continue;
    if (what.includes("migrations") || what.includes("status")) void state.fleet.readMigrations(name);
    if (what.includes("folders")) connectQuietly(state, view);
    else if (what.includes("status") && view.status) void state.secrets.quietly(() => state.fleet.readStatus(name));
    if (what.includes("runs") && workspace.isTrusted) void state.runs.discover(name);
  }
}

/** Calls at once, and then at most once per interval, the last call never lost. */
function throttled(call: () => void, interval: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const tick = () => {
    timer = again ? setTimeout(tick, interval) : undefined;
    if (again) call();
    again = false;
  };
  return () => {
    if (timer) {
      again = true;
      return;
    }
    call();
    timer = setTimeout(tick, interval);
  };
}
