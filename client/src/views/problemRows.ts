import type { Problem, ProblemKind } from "../../../server/src/protocol";
import type { Translate } from "../text/translate";
import type { Row } from "./row";

/** A way out of a problem: a command with its title as a button or row says it. */
export interface WayOut {
  readonly title: string;
  readonly command: string;
  readonly icon: string;
}

/** A problem as a row, with its ways out as rows beneath it. */
export function problemRow(folder: string, problem: Problem, t: Translate): Row {
  const id = `${folder}|problem`;
  return {
    id,
    kind: "problem",
    folder,
    label: titles(t)[problem.kind],
    description: problem.message,
    tooltip: problem.message,
    icon: { id: "error", color: "list.errorForeground" },
    problem,
    expanded: true,
    children: () =>
      waysOut(problem, t).map(({ title, command, icon }) => ({
        id: `${id}|${command}`,
        kind: "action",
        folder,
        label: title,
        icon: { id: icon },
        problem,
        command,
      })),
  };
}

/** What a user can do about a problem, the likeliest first. */
export function waysOut(problem: Problem, t: Translate): WayOut[] {
  const openFile = { title: t("Open File"), command: "tenantry.openProblem", icon: "go-to-file" };
  return [...(problem.place ? [openFile] : []), ...byKind(t)[problem.kind]];
}

function titles(t: Translate): Record<ProblemKind, string> {
  return {
    untrusted: t("Workspace not trusted"),
    "not-configured": t("Not configured"),
    "invalid-configuration": t("Mistake in tenantry.json"),
    "no-connection": t("No connection"),
    "cannot-connect": t("Cannot connect"),
    authentication: t("Password refused or missing"),
    held: t("Database in use"),
    busy: t("Another run is going on"),
    changed: t("Changed meanwhile"),
    refused: t("Refused"),
    cancelled: t("Cancelled"),
    failed: t("Failed"),
  };
}

function byKind(t: Translate): Record<ProblemKind, WayOut[]> {
  const retry = { title: t("Try Again"), command: "tenantry.refresh", icon: "refresh" };
  const connect = { title: t("Choose Connection…"), command: "tenantry.connect", icon: "plug" };
  const password = { title: t("Set Password…"), command: "tenantry.setPassword", icon: "key" };
  const log = { title: t("Show Log"), command: "tenantry.showLog", icon: "output" };
  const restart = { title: t("Restart Language Server"), command: "tenantry.restartServer", icon: "debug-restart" };
  const create = { title: t("Create tenantry.json"), command: "tenantry.createConfiguration", icon: "new-file" };
  const trust = { title: t("Manage Workspace Trust"), command: "workbench.trust.manage", icon: "shield" };
  return {
    untrusted: [trust],
    "not-configured": [create],
    "invalid-configuration": [retry],
    "no-connection": [connect, retry],
    "cannot-connect": [retry, connect, log],
    authentication: [password, connect, log],
    held: [retry, connect],
    busy: [retry],
    changed: [retry],
    refused: [log],
    cancelled: [retry],
    failed: [retry, log, restart],
  };
}
