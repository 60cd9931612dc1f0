import { l10n, window } from "vscode";
import { chooseFolder } from "../choose";
import type { ExtensionState } from "../extensionState";
import { showFailures } from "../followRun";
import { showProblem } from "../problems";
import type { RunState } from "../runState";
import type { Command } from "./command";
import { runPending } from "./runPending";

/** Stops a run that goes on: no more tenants are begun; asked a second time, running statements are cancelled too. */
export const cancelRun: Command = async (state, argument) => {
  const run = await runOf(state, argument, (candidate) => candidate.live);
  if (!run) return void window.showInformationMessage(l10n.t("No run is going on."));
  const answer = await state.server.request("tenantry/cancelRun", { run: run.run });
  if (!answer.ok) await showProblem(answer.problem, run.folder);
};

/** Shows why tenants failed in a run, the last one unless it was called on another's row. */
export const showRunFailures: Command = async (state, argument) => {
  const run = await runOf(state, argument, () => true);
  if (!run) return void window.showInformationMessage(l10n.t("No run is known yet."));
  await showFailures(state, run);
};

/** Runs again what failed: in the run it was called on, or in the last one that the database tells of. */
export const retryFailed: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const id = runNamed(argument);
  const run = id === undefined ? undefined : state.runs.of(view.info.folder).find((candidate) => candidate.run === id);
  if (!run) return runPending(state, view, { retry: true });
  const tenants = failedIn(run);
  if (tenants.length > 0) return runPending(state, view, { tenants });
  void window.showInformationMessage(l10n.t("No tenant failed."));
};

function failedIn(run: RunState): string[] {
  return [...run.outcomes.values()].filter(({ outcome }) => outcome === "failed").map(({ tenant }) => tenant);
}

async function runOf(
  state: ExtensionState,
  argument: unknown,
  suits: (run: RunState) => boolean,
): Promise<RunState | undefined> {
  const id = runNamed(argument);
  const folder = (await chooseFolder(state, argument))?.info.folder;
  if (folder === undefined) return undefined;
  const runs = state.runs.of(folder).filter(suits);
  return id === undefined ? runs[0] : runs.find((run) => run.run === id);
}

/** The run whose row a command was called on. */
function runNamed(argument: unknown): unknown {
  return typeof argument === "object" && argument !== null && "run" in argument ? argument.run : undefined;
}
