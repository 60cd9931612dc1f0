import { type Disposable, l10n, StatusBarAlignment, window } from "vscode";
import { currentFolder } from "./choose";
import type { ExtensionState } from "./extensionState";
import { statusText } from "./text/statusText";

/** The status bar's item: connection, tenants, what is pending; a click offers what can be done. */
export function createStatusBar(state: ExtensionState): Disposable & { refresh(): void } {
  const item = window.createStatusBarItem("tenantry.status", StatusBarAlignment.Left, 0);
  item.name = "Tenantry";
  item.command = "tenantry.showMenu";
  const refresh = () => {
    const view = currentFolder(state);
    const shown = view ? statusText(view, state.fleet.folders ?? [], state.runs.live(view.info.folder), l10n.t) : null;
    if (!shown) return item.hide();
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    const spoken = shown.text.replace(/\$\([^)]*\)\s*/g, "");
    item.accessibilityInformation = { label: `Tenantry: ${spoken}`, role: "button" };
    item.show();
  };
  const follow = window.onDidChangeActiveTextEditor(refresh);
  return {
    refresh,
    dispose: () => {
      follow.dispose();
      item.dispose();
    },
  };
}
