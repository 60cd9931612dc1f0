import { l10n, window } from "vscode";
import { chooseFolder } from "../choose";
import { uriOf } from "../languageClient";
import { showProblem } from "../problems";
import type { Command } from "./command";

/** Asks whom the next migration is for and what it is called, writes its file and opens it. */
export const newMigration: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const { folder, publicSchema, prototypeSchema } = view.info;
  const scopes = [
    {
      label: l10n.t("Tenant"),
      description: l10n.t("runs in every tenant; written against {0}", prototypeSchema),
      scope: "tenant",
    },
    { label: l10n.t("Shared"), description: l10n.t("runs once, in {0}", publicSchema), scope: "public" },
  ] as const;
  const title = l10n.t("New Migration");
  const picked = await window.showQuickPick(scopes, { title, placeHolder: l10n.t("Whom is the migration for?") });
  if (!picked) return;
  const name = await window.showInputBox({
    title,
    prompt: l10n.t("What does it do? The version is put before it."),
    placeHolder: "add_orders",
    validateInput: (value) =>
      /[\p{L}\p{N}]/u.test(value) ? null : l10n.t("A name with at least one letter or digit is needed."),
  });
  if (name === undefined) return;
  const answer = await state.server.request("tenantry/newMigration", { folder, name, scope: picked.scope });
  if (!answer.ok) return showProblem(answer.problem, folder);
  await window.showTextDocument(uriOf(answer.value.uri));
};
