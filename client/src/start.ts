import { commands, l10n, window } from "vscode";
import type { ExtensionState } from "./extensionState";

/** Starts the language server; where it doesn't come up, that is told, with the ways out. */
export async function startServer({ server, log }: ExtensionState, how: "start" | "restart" = "start"): Promise<void> {
  try {
    await server[how]();
  } catch (error) {
    log.error(`The language server could not be started: ${String(error)}`);
    void tellOfNoStart();
  }
}

async function tellOfNoStart(): Promise<void> {
  const showLog = l10n.t("Show Log");
  const restart = l10n.t("Restart Language Server");
  const text = l10n.t("Tenantry's language server could not be started. The log says why.");
  const chosen = await window.showErrorMessage(text, showLog, restart);
  if (chosen === showLog) await commands.executeCommand("tenantry.showLog");
  if (chosen === restart) await commands.executeCommand("tenantry.restartServer");
}
