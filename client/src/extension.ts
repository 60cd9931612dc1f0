import { commands, type ExtensionContext, workspace } from "vscode";
import type { Changed } from "../../server/src/protocol";
import { refreshWhileSeen } from "./autoRefresh";
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
import { startServer } from "./start";
import { createStatusBar } from "./statusBar";
import { gathered, throttled } from "./timing";
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
  const takeChange = gathered<Changed>((changes) => void readChanged(state, changes), changeDelay);
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
    server.onNotification("tenantry/changed", takeChange),
    server.onDidChange((isRunning) => (isRunning ? void readAll(state) : draw())),
    workspace.onDidGrantWorkspaceTrust(() => void readAll(state)),
    refreshWhileSeen(state, views, (view) => void readTenants(state, view)),
  );
  draw();
  await startServer(state);
}

export async function deactivate(): Promise<void> {
  await active?.server.stop();
  active = null;
}

/** Milliseconds between two drawings while a run tells of its tenants. */
const drawInterval = 250;
/** Milliseconds without a further change after which what has changed is read again. */
const changeDelay = 300;

/** Reads everything at a start: the folders, their migrations, runs that go on, and the tenants. */
async function readAll(state: ExtensionState): Promise<void> {
  await state.fleet.readFolders();
  for (const view of state.fleet.folders ?? []) await readFolder(state, view);
}

async function readFolder(state: ExtensionState, view: FolderView): Promise<void> {
  const { folder } = view.info;
  if (!workspace.isTrusted) {
    void state.fleet.readMigrations(folder);
    return;
  }
  for (const run of await state.runs.discover(folder)) void followRun(state, run);
  void readTenants(state, view);
}

/** Reads again what the server says has changed. */
async function readChanged(state: ExtensionState, changes: readonly Changed[]): Promise<void> {
  const isChanged = (what: Changed["what"][number], folder: string) =>
    changes.some((change) => change.what.includes(what) && (change.folder ?? folder) === folder);
  const known = new Set((state.fleet.folders ?? []).map(({ info }) => info.folder));
  if (changes.some(({ what }) => what.includes("folders"))) await state.fleet.readFolders();
  for (const view of state.fleet.folders ?? []) {
    const { folder } = view.info;
    if (!known.has(folder)) await readFolder(state, view);
    else if (isChanged("status", folder)) void readTenants(state, view);
    else if (isChanged("migrations", folder)) void state.fleet.readMigrations(folder);
    if (isChanged("runs", folder) && workspace.isTrusted) void state.runs.discover(folder);
  }
}

/** Reads a folder's tenants without being asked to, as far as the user wants that and needs to type nothing for it. */
async function readTenants({ fleet, runs, secrets }: ExtensionState, { info, status }: FolderView): Promise<void> {
  const { folder } = info;
  const place = uriOf(folder);
  const wanted = status !== null || workspace.getConfiguration("tenantry", place).get("autoConnect", true);
  // While a run goes on it tells of the tenants itself; an embedded database can't even be opened beside it.
  const possible = workspace.isTrusted && info.configuration !== null && info.problem === null && !runs.live(folder);
  if (wanted && possible) await secrets.quietly(() => fleet.readStatus(folder));
  await fleet.readMigrations(folder);
}
