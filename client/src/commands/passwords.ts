import { l10n, window } from "vscode";
import { chooseFolder } from "../choose";
import { connectionOf } from "../folderView";
import type { Command } from "./command";

/** Asks for the password of a connection, keeps it, and connects again. */
export const setPassword: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const connection = connectionOf(view);
  if (!connection || connection.embedded) {
    void window.showInformationMessage(l10n.t("The connection in use needs no password."));
    return;
  }
  const label = connection.label ?? connection.name;
  if (!(await state.secrets.ask(label))) return;
  await state.server.notify("tenantry/passwordChanged", { label });
  await state.fleet.readStatus(view.info.folder);
};

/** Removes a kept password. */
export const forgetPassword: Command = async (state) => {
  const labels = state.secrets.labels();
  if (labels.length === 0) {
    void window.showInformationMessage(l10n.t("No password is kept."));
    return;
  }
  const label = await window.showQuickPick([...labels], { placeHolder: l10n.t("Which password should be forgotten?") });
  if (label === undefined) return;
  await state.secrets.forget(label);
  await state.server.notify("tenantry/passwordChanged", { label });
  void window.showInformationMessage(l10n.t("The password for {0} is forgotten.", label));
};
