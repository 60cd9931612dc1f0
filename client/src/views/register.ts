import { commands, type Disposable, EventEmitter, l10n, window, workspace } from "vscode";
import type { Seen } from "../autoRefresh";
import type { ExtensionState } from "../extensionState";
import { isConfigured } from "../folderView";
import { uriOf } from "../languageClient";
import { timeOf } from "../time";
import { migrationRows } from "./migrations";
import { createRowProvider } from "./rowProvider";
import { runRows } from "./runs";
import { tenantRows } from "./tenants";

/** Shows the three views and keeps them, and the context keys of their menus and welcome texts, up to date. */
export function registerViews(state: ExtensionState): Disposable & Seen & { refresh(): void } {
  const folders = () => state.fleet.folders ?? [];
  const live = (folder: string) => state.runs.live(folder);

  const tenants = createRowProvider(() => (workspace.isTrusted ? tenantRows(folders(), live, l10n.t) : []));
  const migrations = createRowProvider(() => migrationRows(folders(), l10n.t));
  const runs = createRowProvider(() => runRows(folders(), state.runs.of, timeOf, l10n.t));
  const tenantsView = window.createTreeView("tenantry.tenants", { treeDataProvider: tenants, showCollapseAll: true });
  const migrationsView = window.createTreeView("tenantry.migrations", { treeDataProvider: migrations });
  const runsView = window.createTreeView("tenantry.runs", { treeDataProvider: runs });
  const views = [tenantsView, migrationsView, runsView];
  const becameSeen = new EventEmitter<void>();
  const listeners = views.map((view) => view.onDidChangeVisibility(({ visible }) => visible && becameSeen.fire()));

  return {
    isSeen: () => views.some(({ visible }) => visible),
    onDidBecomeSeen: becameSeen.event,
    refresh: () => {
      setContextKeys(state);
      tenantsView.message = problemMessage(state);
      for (const provider of [tenants, migrations, runs]) provider.refresh();
    },
    dispose: () => {
      for (const one of [...listeners, becameSeen, ...views, tenants, migrations, runs]) one.dispose();
    },
  };
}

function setContextKeys({ fleet, runs, server }: ExtensionState): void {
  const folders = fleet.folders ?? [];
  const files = folders.flatMap(({ migrations }) => (migrations?.ok ? migrations.value : []));
  const keys = {
    "tenantry.phase": phaseOf(fleet, server),
    "tenantry.running": folders.some(({ info }) => runs.live(info.folder) !== undefined),
    "tenantry.migrationFiles": files.map(({ uri }) => uriOf(uri).path),
  };
  for (const [key, value] of Object.entries(keys)) void commands.executeCommand("setContext", key, value);
}

/** What the welcome texts and the palette choose by. */
function phaseOf(
  { folders }: ExtensionState["fleet"],
  { isDown }: ExtensionState["server"],
): "starting" | "down" | "noFolder" | "unconfigured" | "ready" {
  if ((workspace.workspaceFolders ?? []).length === 0) return "noFolder";
  if (folders === null) return isDown ? "down" : "starting";
  return folders.some(isConfigured) ? "ready" : "unconfigured";
}

/** A problem in full above the tree, whose rows are too short for it; only where the tree shows one folder, else empty. */
function problemMessage({ fleet }: ExtensionState): string {
  const [only, ...others] = fleet.folders ?? [];
  if (!only || others.length > 0 || !workspace.isTrusted) return "";
  if (only.info.problem) return only.info.problem.message;
  return only.status?.ok === false ? only.status.problem.message : "";
}
