import { commands, l10n, ProgressLocation, window } from "vscode";
import type { ExtensionState } from "./extensionState";
import { openAt } from "./problems";
import type { RunState } from "./runState";
import {
  failureGroups,
  failuresText,
  isCancelled,
  isSuccess,
  progressShare,
  progressText,
  summaryText,
} from "./text/runText";
import { timeOf } from "./time";
import { fileUri } from "./views/runs";

/** Shows a run's progress until it has ended, and then how it ended. */
export async function followRun(state: ExtensionState, run: RunState): Promise<void> {
  let cancelled = await progress(state, run, l10n.t("Running on {0}", run.connection));
  while (cancelled && run.live) {
    const answer = await state.server.request("tenantry/cancelRun", { run: run.run });
    if (!answer.ok) state.log.warn(answer.problem.message);
    cancelled = await progress(
      state,
      run,
      l10n.t(
        "Stopping on {0}: tenants that have begun are finished first; cancel again to stop them too",
        run.connection,
      ),
    );
  }
  await state.runs.ended(run);
  await showEnd(state, run);
}

/** Shows why a run's tenants failed. */
export async function showFailures(state: ExtensionState, run: RunState): Promise<void> {
  await state.documents.show(
    l10n.t("Failures on {0}", run.connection),
    failuresText(run, timeOf(run.startedAt), l10n.t),
  );
}

/** One progress notification; gives whether the user cancelled it before the run ended. */
function progress(state: ExtensionState, run: RunState, title: string): Thenable<boolean> {
  const options = { location: ProgressLocation.Notification, cancellable: true, title };
  return window.withProgress(options, (reporter, token) => {
    let shown = 0;
    const report = () => {
      const share = progressShare(run) * 100;
      reporter.report({ message: progressText(run, l10n.t), increment: Math.max(0, share - shown) });
      shown = Math.max(shown, share);
    };
    report();
    return new Promise<boolean>((resolve) => {
      const listener = state.runs.onDidChange((changed) => {
        if (changed === run) report();
      });
      const end = (cancelled: boolean) => {
        listener.dispose();
        resolve(cancelled);
      };
      token.onCancellationRequested(() => end(true));
      void state.runs.ended(run).then(() => end(false));
    });
  });
}

async function showEnd(state: ExtensionState, run: RunState): Promise<void> {
  const text = summaryText(run, l10n.t);
  state.log.info(text);
  if (isSuccess(run)) {
    void window.showInformationMessage(text);
    return;
  }
  const failures = l10n.t("Show Failures");
  const file = l10n.t("Open File");
  const log = l10n.t("Show Log");
  const show = isCancelled(run) ? window.showWarningMessage : window.showErrorMessage;
  const place = failureGroups(run).find(({ file }) => file !== null);
  const chosen = await show(text, ...(run.failed > 0 ? [failures] : []), ...(place ? [file] : []), log);
  if (chosen === failures) await showFailures(state, run);
  if (chosen === file && place?.file) {
    const line = (place.line ?? 1) - 1;
    await openAt({ uri: fileUri(run.folder, place.file), line, character: (place.column ?? 1) - 1 });
  }
  if (chosen === log) await commands.executeCommand("tenantry.showLog");
}
