import { l10n, window, workspace } from "vscode";
import { chooseFolder } from "../choose";
import { uriOf } from "../languageClient";
import { openAt, showProblem } from "../problems";
import type { Command } from "./command";

/** Writes `tenantry.json` and the folders that are missing, and opens the file. */
export const createConfiguration: Command = async (state, argument) => {
  const opened = workspace.workspaceFolders ?? [];
  if (opened.length === 0) {
    void window.showInformationMessage(l10n.t("Open a folder first: tenantry.json is written into it."));
    return;
  }
  const view = await chooseFolder(state, argument, (views) => views);
  if (view?.info.configuration) {
    await window.showTextDocument(uriOf(view.info.configuration));
    return;
  }
  // Where no folder is known, since the server is down, the request says so.
  const folder = view?.info.folder ?? (state.fleet.folders?.length ? undefined : opened[0]?.uri.toString());
  if (folder === undefined) return;
  const answer = await state.server.request("tenantry/init", { folder });
  if (!answer.ok) return showProblem(answer.problem, folder);
  await window.showTextDocument(uriOf(answer.value.configuration));
  await state.fleet.readFolders();
};

/** Opens the folder's `tenantry.json`. */
export const openConfiguration: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (view) await createConfiguration(state, { folder: view.info.folder });
};

/** Opens the place that a problem's row or button is about. */
export const openProblem: Command = async (_, argument) => {
  if (typeof argument !== "object" || argument === null || !("problem" in argument)) return;
  const place = placeOf(argument.problem);
  if (place) await openAt(place);
};

function placeOf(problem: unknown): { uri: string; line: number; character: number } | null {
  if (typeof problem !== "object" || problem === null || !("place" in problem)) return null;
  const { place } = problem;
  if (typeof place !== "object" || place === null || !("uri" in place && "line" in place && "character" in place))
    return null;
  return { uri: String(place.uri), line: Number(place.line), character: Number(place.character) };
}
