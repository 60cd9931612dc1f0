import { l10n, ProgressLocation, window } from "vscode";
import type { Answer, FolderPlan, Selection } from "../../../server/src/protocol";
import type { ExtensionState } from "../extensionState";
import type { FolderView } from "../folderView";
import { followRun } from "../followRun";
import { openAt, showProblem } from "../problems";
import { confirmDetail, confirmText, nothingText, planText } from "../text/planText";
import { fileUri } from "../views/runs";
import { savedFirst } from "./savedFirst";

/** Asks about what isn't saved, plans what is pending, shows the plan, asks, runs it, and follows the run to its end. */
export async function runPending(state: ExtensionState, view: FolderView, selection: Selection): Promise<void> {
  const { folder, prototypeSchema } = view.info;
  if (!(await savedFirst(state, view))) return;
  const answer = await plan(state, view, selection);
  if (!answer.ok) return showProblem(answer.problem, folder);
  const planned = answer.value;
  if (planned.whyNothing !== null) {
    const nothing = selection.retry
      ? l10n.t("Nothing to retry on {0}: nothing that failed in the last run is missing.", planned.connection.name)
      : nothingText(planned, planned.whyNothing, prototypeSchema, l10n.t);
    void window.showInformationMessage(nothing);
    return;
  }
  await state.documents.show(
    l10n.t("Plan for {0}", planned.connection.name),
    planText(planned, prototypeSchema, l10n.t),
  );
  if (planned.refusals.length > 0) return explainRefusal(state, view, selection, planned);
  if (!(await confirm(planned, prototypeSchema))) return;
  await start(state, view, selection, planned);
}

function plan(state: ExtensionState, view: FolderView, selection: Selection): Thenable<Answer<FolderPlan>> {
  const options = { location: ProgressLocation.Notification, cancellable: true, title: l10n.t("Planning the run…") };
  return window.withProgress(options, (_, token) =>
    state.server.request("tenantry/plan", { folder: view.info.folder, connection: view.chosen, selection }, token),
  );
}

async function confirm(planned: FolderPlan, prototypeSchema: string): Promise<boolean> {
  const question = confirmText(planned, prototypeSchema, l10n.t);
  const run = l10n.t("Run");
  const detail = confirmDetail(planned, prototypeSchema, l10n.t);
  const review = l10n.t("Review Plan");
  const chosen = await window.showWarningMessage(question, { modal: true, detail }, run, review);
  // The dialog covers the editor: whoever wants to read first is asked again in a corner.
  const answer = chosen === review ? await window.showInformationMessage(question, run, l10n.t("Don't Run")) : chosen;
  if (answer !== run) return false;
  return !planned.connection.protected || typedName(planned.connection.name, question);
}

async function typedName(name: string, question: string): Promise<boolean> {
  const typed = await window.showInputBox({
    title: question,
    prompt: l10n.t("{0} is protected. Type its name to run.", name),
    placeHolder: name,
    ignoreFocusOut: true,
    validateInput: (value) => (value === name ? null : l10n.t("Type {0} to run, or press Escape.", name)),
  });
  return typed === name;
}

async function start(
  state: ExtensionState,
  view: FolderView,
  selection: Selection,
  planned: FolderPlan,
): Promise<void> {
  const { folder } = view.info;
  const { name } = planned.connection;
  const confirmed = planned.connection.protected ? name : null;
  const params = { folder, connection: view.chosen, selection, digest: planned.digest, confirm: confirmed };
  const started = await state.server.request("tenantry/startRun", params);
  if (!started.ok) return showProblem(started.problem, folder);
  const startedAt = new Date().toISOString();
  const { run } = started.value;
  await followRun(
    state,
    state.runs.add({ run, folder, connection: name, startedAt, live: true, events: [], problem: null }),
  );
}

async function explainRefusal(
  state: ExtensionState,
  view: FolderView,
  selection: Selection,
  planned: FolderPlan,
): Promise<void> {
  const [first] = planned.refusals;
  if (!first) return;
  const more = planned.refusals.length - 1;
  const text = more > 0 ? l10n.t("{0} ({1} more reasons are in the plan.)", first.message, more) : first.message;
  const leaveOut = l10n.t("Leave Them Out");
  const open = l10n.t("Open File");
  const canLeaveOut = planned.refusals.every(({ code }) => code === "invalid-tenants");
  const ways = [...(canLeaveOut ? [leaveOut] : []), ...(first.file === undefined ? [] : [open])];
  const chosen = await window.showErrorMessage(l10n.t("The plan is refused. {0}", text), ...ways);
  if (chosen === leaveOut) return runPending(state, view, { ...selection, skipInvalidTenants: true });
  if (chosen === open && first.file !== undefined) {
    const line = (first.line ?? 1) - 1;
    await openAt({ uri: fileUri(view.info.folder, first.file), line, character: (first.column ?? 1) - 1 });
  }
}
