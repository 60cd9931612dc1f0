import { connectionOf, type FolderView, isConfigured } from "../folderView";
import type { RunState } from "../runState";
import { progressText } from "./runText";
import { number, type Translate, tenants } from "./translate";

/**
 * What the status bar says of a folder: with its icon, and in words. Null where there is nothing to say.
 * @param among the folders that it might be of
 */
export function statusText(
  view: FolderView,
  among: readonly FolderView[],
  run: RunState | undefined,
  t: Translate,
): { text: string; tooltip: string } | null {
  const folder = among.filter(isConfigured).length > 1 ? `${view.info.name}, ` : "";
  if (view.info.problem)
    return { text: `$(error) ${folder}${t("Mistake in tenantry.json")}`, tooltip: view.info.problem.message };
  const connection = connectionOf(view);
  if (!connection) return null;
  const name = `${folder}${connection.name}`;
  if (run) return { text: `$(sync~spin) ${name}: ${progressText(run, t)}`, tooltip: t("A run is going on.") };
  if (view.status === null) {
    const icon = view.reading ? "loading~spin" : "debug-disconnect";
    return { text: `$(${icon}) ${name}`, tooltip: view.reading ? t("Connecting…") : t("Not connected.") };
  }
  if (!view.status.ok) return { text: `$(warning) ${name}`, tooltip: view.status.problem.message };
  const rows = view.status.value.tenants;
  const counts = [
    tenants(rows.length, t),
    count(rows.filter((row) => row.state === "failed").length, (n) => t("{0} failed", n)),
    count(rows.filter((row) => row.pending > 0).length, (n) => t("{0} pending", n)),
  ].filter((text) => text !== null);
  const icon = connection.protected ? "shield" : "database";
  return { text: `$(${icon}) ${name}: ${counts.join(", ")}`, tooltip: connection.label ?? connection.name };
}

function count(amount: number, say: (amount: string) => string): string | null {
  return amount === 0 ? null : say(number(amount));
}
