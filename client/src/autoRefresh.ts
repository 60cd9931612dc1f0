import { type Disposable, type Event, window, workspace } from "vscode";
import type { ExtensionState } from "./extensionState";
import { connectionOf, type FolderView } from "./folderView";

/** The views, as far as somebody looks at them. */
export interface Seen {
  isSeen(): boolean;
  readonly onDidBecomeSeen: Event<void>;
}

/**
 * Reads the tenants again every `tenantry.refreshInterval` seconds while the views are seen in a window that has the focus, and as
 * soon as they are again: others run migrations, too.
 * @param read reads one folder without asking anything of the user.
 */
export function refreshWhileSeen(state: ExtensionState, seen: Seen, read: (view: FolderView) => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let lastRead = Date.now();
  const plan = () => {
    clearTimeout(timer);
    const interval = 1000 * workspace.getConfiguration("tenantry").get("refreshInterval", 30);
    if (interval <= 0 || !window.state.focused || !seen.isSeen()) return;
    timer = setTimeout(refresh, Math.max(0, lastRead + interval - Date.now()));
  };
  const refresh = () => {
    lastRead = Date.now();
    for (const view of state.fleet.folders ?? []) if (isWorthReading(view)) read(view);
    plan();
  };
  const listeners = [
    window.onDidChangeWindowState(plan),
    seen.onDidBecomeSeen(plan),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("tenantry.refreshInterval") && plan()),
  ];
  plan();
  return {
    dispose: () => {
      clearTimeout(timer);
      for (const listener of listeners) listener.dispose();
    },
  };
}

/** What could not be read waits for the user; nobody else can run anything in an embedded database while it is open. */
function isWorthReading(view: FolderView): boolean {
  return view.status?.ok === true && !view.reading && connectionOf(view)?.embedded === false;
}
