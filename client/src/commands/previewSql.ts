import { l10n, window } from "vscode";
import { chooseFolder, chooseTenant } from "../choose";
import type { ExtensionState } from "../extensionState";
import type { FolderView } from "../folderView";
import { showProblem } from "../problems";
import type { Command } from "./command";
import { fileOf, tenantOf } from "./migrationOf";

/** Shows a migration's SQL as it would be sent for one tenant, beside the editor. */
export const previewSql: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const migration = fileOf(argument) ?? (await chooseMigration(state, view));
  if (migration === undefined) return;
  const tenant = tenantOf(argument) ?? (await chooseTenant(view, l10n.t("Preview SQL for Tenant")));
  if (tenant !== undefined) await state.documents.showPreview(migration, tenant);
};

async function chooseMigration(state: ExtensionState, view: FolderView): Promise<string | undefined> {
  const { folder } = view.info;
  const answer = await state.server.request("tenantry/migrations", { folder, connection: view.chosen });
  if (!answer.ok) {
    await showProblem(answer.problem, folder);
    return undefined;
  }
  // The newest is the likeliest to be looked at.
  const items = answer.value.toReversed().map(({ version, name, scope, uri }) => ({
    label: version === null ? name : `${version} ${name}`,
    description: scope,
    uri,
  }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t("Which migration?") }))?.uri;
}
