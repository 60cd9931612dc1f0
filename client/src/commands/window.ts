import { commands, env, l10n, type QuickPickItem, window, workspace } from "vscode";
import { currentFolder } from "../choose";
import { connectionOf, type FolderView } from "../folderView";
import { startServer } from "../start";
import type { Command } from "./command";

/** Reads everything that the views show again. */
export const refresh: Command = async (state) => {
  await state.fleet.readFolders();
  const read = async ({ info: { folder } }: FolderView) => {
    if (workspace.isTrusted) await state.runs.discover(folder);
    if (!state.runs.live(folder)) await state.fleet.readStatus(folder);
    await state.fleet.readMigrations(folder);
  };
  await Promise.all((state.fleet.folders ?? []).map(read));
};

export const showLog: Command = (state) => state.log.show(true);

export const restartServer: Command = async (state) => {
  state.log.info("Restarting the language server.");
  await startServer(state, "restart");
};

/** Brings the *Tenants* view to the front. */
export const showTenants: Command = async () => {
  await commands.executeCommand("tenantry.tenants.focus");
};

export const openWalkthrough: Command = async (state) => {
  await commands.executeCommand("workbench.action.openWalkthrough", `${state.context.extension.id}#tenantry.start`);
};

export const reportIssue: Command = async (state) => {
  await commands.executeCommand("workbench.action.openIssueReporter", { extensionId: state.context.extension.id });
};

export const copyName: Command = async (_, argument) => {
  if (typeof argument === "object" && argument !== null && "label" in argument) {
    await env.clipboard.writeText(String(argument.label));
  }
};

/** What the status bar item offers. */
export const showMenu: Command = async (state) => {
  const view = currentFolder(state);
  const connection = view ? connectionOf(view) : null;
  const items: (QuickPickItem & { command: string })[] = [
    { label: l10n.t("$(run-all) Run on All Tenants"), command: "tenantry.runOnAllTenants" },
    { label: l10n.t("$(run) Run on Tenant…"), command: "tenantry.runOnTenant" },
    { label: l10n.t("$(list-tree) Show Tenants"), command: "tenantry.showTenants" },
    { label: l10n.t("$(plug) Choose Connection…"), description: connection?.name ?? "", command: "tenantry.connect" },
    { label: l10n.t("$(new-file) New Migration…"), command: "tenantry.newMigration" },
    { label: l10n.t("$(refresh) Refresh"), command: "tenantry.refresh" },
    { label: l10n.t("$(output) Show Log"), command: "tenantry.showLog" },
  ];
  const picked = await window.showQuickPick(items, { title: "Tenantry" });
  if (picked) await commands.executeCommand(picked.command);
};
