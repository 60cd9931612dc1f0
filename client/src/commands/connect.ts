import { l10n, type QuickPickItem, window } from "vscode";
import { chooseFolder } from "../choose";
import type { ExtensionState } from "../extensionState";
import { connectionOf, type FolderView } from "../folderView";
import { showProblem } from "../problems";
import { splitPassword } from "../text/redact";
import type { Command } from "./command";

/** Lets the user choose the connection of a folder, and reads the tenants' state through it. */
export const connect: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const current = connectionOf(view)?.name;
  const items: (QuickPickItem & { connection: string | null; other?: true })[] = [
    ...view.info.connections.map((info) => ({
      label: info.name,
      description: [
        info.label,
        info.protected ? l10n.t("protected") : null,
        info.name === current ? l10n.t("in use") : null,
      ]
        .filter((part) => part !== null)
        .join(", "),
      connection: info.default ? null : info.name,
    })),
    { label: l10n.t("Enter a Connection URL…"), connection: null, other: true },
  ];
  const placeHolder = l10n.t("Which database?");
  const picked = await window.showQuickPick(items, { title: l10n.t("Connect"), placeHolder, matchOnDescription: true });
  if (!picked) return;
  const connection = picked.other ? await enterUrl(state) : picked.connection;
  if (connection === undefined) return;
  await state.fleet.choose(view.info.folder, connection);
  await read(state, view);
};

async function read(state: ExtensionState, { info: { folder } }: FolderView): Promise<void> {
  await state.fleet.readStatus(folder);
  await state.fleet.readMigrations(folder);
  const status = state.fleet.find(folder)?.status;
  if (status?.ok === false) await showProblem(status.problem, folder);
}

/** A URL without its password, which goes to secret storage. */
async function enterUrl(state: ExtensionState): Promise<string | undefined> {
  const typed = await window.showInputBox({
    title: l10n.t("Connection URL"),
    prompt: l10n.t(
      "For you alone; a connection for everybody belongs in tenantry.json. A password in it goes to secret storage.",
    ),
    placeHolder: "postgresql://user@host:5432/database",
    ignoreFocusOut: true,
    validateInput: (value) =>
      urlForm.test(value) ? null : l10n.t("A URL begins with postgresql://, sqlserver:// or embedded:"),
  });
  if (typed === undefined) return undefined;
  const { url, password } = splitPassword(typed.trim());
  if (password !== null) await state.secrets.keep(url, password);
  return url;
}

const urlForm = /^\s*(?:postgres(?:ql)?:\/\/|sqlserver:\/\/|embedded:)\S/i;
