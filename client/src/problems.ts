import { commands, l10n, Range, window } from "vscode";
import type { Problem } from "../../server/src/protocol";
import { uriOf } from "./languageClient";
import { waysOut } from "./views/problemRows";

/** Tells the user why something can't be done, with its ways out as buttons. What was cancelled needs no words. */
export async function showProblem(problem: Problem, folder: string): Promise<void> {
  if (problem.kind === "cancelled") return;
  const ways = waysOut(problem, l10n.t);
  const chosen = await window.showErrorMessage(problem.message, ...ways.map(({ title }) => title));
  const way = ways.find(({ title }) => title === chosen);
  if (way) await commands.executeCommand(way.command, { folder, problem });
}

/** Opens a file at a place; line and character are 0-based. */
export async function openAt(place: { uri: string; line: number; character: number }): Promise<void> {
  const { line, character } = place;
  await window.showTextDocument(uriOf(place.uri), { selection: new Range(line, character, line, character) });
}
