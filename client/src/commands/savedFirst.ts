import { l10n, type TextDocument, Uri, window, workspace } from "vscode";
import type { ExtensionState } from "../extensionState";
import type { FolderView } from "../folderView";
import { unsavedText } from "../text/unsavedText";

/**
 * A run takes files as they are saved, and a migration that is saved with another text after it has run counts as changed: what somebody is still typing
 * is asked about before anything is planned. @returns whether to go on
 */
export async function savedFirst(state: ExtensionState, view: FolderView): Promise<boolean> {
  const unsaved = await unsavedOf(state, view);
  if (unsaved.length === 0) return true;
  const { question, detail } = unsavedText(
    unsaved.map(({ uri }) => workspace.asRelativePath(uri)),
    l10n.t,
  );
  const save = l10n.t("Save and Go On");
  const asSaved = l10n.t("Go On Without");
  const chosen = await window.showWarningMessage(question, { modal: true, detail }, save, asSaved);
  if (chosen !== save) return chosen === asSaved;
  const saved = await Promise.all(unsaved.map((document) => document.save()));
  return !saved.includes(false);
}

/** The open files, of those that decide what is run, that aren't saved. */
async function unsavedOf({ server }: ExtensionState, { info, chosen }: FolderView): Promise<TextDocument[]> {
  const typed = workspace.textDocuments.filter(({ isDirty }) => isDirty);
  if (typed.length === 0) return [];
  const migrations = await server.request("tenantry/migrations", { folder: info.folder, connection: chosen });
  const own = migrations.ok ? migrations.value.map(({ uri }) => uri) : [];
  if (info.configuration !== null) own.push(info.configuration);
  const places = new Set(own.map((uri) => Uri.parse(uri).toString()));
  return typed.filter(({ uri }) => places.has(uri.toString()));
}
