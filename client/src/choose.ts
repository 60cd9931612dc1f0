import { l10n, type QuickPickItem, Uri, window } from "vscode";
import type { ExtensionState } from "./extensionState";
import type { FolderView } from "./folderView";
import { tenantPrompt } from "./text/tenantPrompt";

/**
 * The folder that a command is about: that of the row, lens or file it was called on, that of the active editor, the only one, or
 * the one that the user picks. Undefined where there is none, or the user gave up.
 * @param offered of all folders those to pick from
 */
export async function chooseFolder(
  state: ExtensionState,
  argument: unknown,
  offered: (views: readonly FolderView[]) => readonly FolderView[] = configuredOrAll,
): Promise<FolderView | undefined> {
  if (!state.fleet.folders) await state.fleet.readFolders();
  const views = state.fleet.folders ?? [];
  const named = folderNamed(argument);
  const direct =
    views.find(({ info }) => info.folder === named) ?? folderAt(views, uriOfArgument(argument) ?? activeUri());
  if (direct) return direct;
  const candidates = offered(views);
  if (candidates.length <= 1) return candidates[0];
  const items = candidates.map((view) => ({
    label: view.info.name,
    description: Uri.parse(view.info.folder).fsPath,
    view,
  }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t("Which folder?") }))?.view;
}

function configuredOrAll(views: readonly FolderView[]): readonly FolderView[] {
  const configured = views.filter(({ info }) => info.configuration !== null);
  return configured.length > 0 ? configured : views;
}

/** The folder that the status bar speaks of: that of the active editor, or the first with a configuration. */
export function currentFolder(state: ExtensionState): FolderView | undefined {
  const views = state.fleet.folders ?? [];
  return folderAt(views, activeUri()) ?? views.find(({ info }) => info.configuration !== null);
}

/** Lets the user pick tenants by name. Where their list isn't known, a name is typed. Undefined where the user gave up. */
export async function chooseTenants(view: FolderView, title: string): Promise<string[] | undefined> {
  const items = tenantItems(view);
  if (items.length === 0) {
    const name = await typeTenant(view, title);
    return name === undefined ? undefined : [name];
  }
  const placeHolder = l10n.t("Choose one tenant or several");
  const picked = await window.showQuickPick(items, { title, placeHolder, canPickMany: true, matchOnDescription: true });
  return picked && picked.length > 0 ? picked.map(({ label }) => label) : undefined;
}

/** Lets the user pick one tenant, or the prototype. */
export async function chooseTenant(view: FolderView, title: string): Promise<string | undefined> {
  const items = tenantItems(view);
  if (items.length === 0) return typeTenant(view, title);
  return (
    await window.showQuickPick(items, { title, placeHolder: l10n.t("Choose a tenant"), matchOnDescription: true })
  )?.label;
}

/** The name that rows, lenses and files carry of the folder they belong to. */
function folderNamed(argument: unknown): string | undefined {
  if (typeof argument !== "object" || argument === null || !("folder" in argument)) return undefined;
  return typeof argument.folder === "string" ? argument.folder : undefined;
}

function uriOfArgument(argument: unknown): Uri | undefined {
  return argument instanceof Uri ? argument : undefined;
}

function activeUri(): Uri | undefined {
  return window.activeTextEditor?.document.uri;
}

/** The innermost folder that holds a file. */
function folderAt(views: readonly FolderView[], uri: Uri | undefined): FolderView | undefined {
  const text = uri?.toString();
  if (text === undefined) return undefined;
  const holding = views.filter(({ info }) => text.startsWith(`${info.folder.replace(/\/$/, "")}/`));
  return holding.sort((a, b) => b.info.folder.length - a.info.folder.length)[0];
}

function tenantItems(view: FolderView): QuickPickItem[] {
  if (!view.status?.ok) return [];
  return view.status.value.tenants.map(({ tenant, version, pending }) => ({
    label: tenant,
    description: [
      version === null ? l10n.t("no version yet") : l10n.t("at {0}", version),
      pending === 0 ? l10n.t("up to date") : l10n.t("{0} pending", pending),
    ].join(", "),
  }));
}

function typeTenant(view: FolderView, title: string): Thenable<string | undefined> {
  return window.showInputBox({
    title,
    prompt: tenantPrompt(view, l10n.t),
    validateInput: (value) => (value === "" ? l10n.t("A schema's name is needed.") : null),
  });
}
