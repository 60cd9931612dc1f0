import { l10n } from "vscode";
import { chooseFolder, chooseTenants } from "../choose";
import type { Command } from "./command";
import { tenantOf } from "./migrationOf";
import { runPending } from "./runPending";

/** Runs what is pending on the prototype alone (and on the public schema, whose migrations come in between). */
export const runOnPrototype: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (view) await runPending(state, view, { tenants: [view.info.prototypeSchema] });
};

/** Runs what is pending on the tenant it was called on, or on those that the user picks. */
export const runOnTenant: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const tenant = tenantOf(argument);
  const tenants = tenant === undefined ? await chooseTenants(view, l10n.t("Run on Tenant")) : [tenant];
  if (tenants) await runPending(state, view, { tenants });
};
