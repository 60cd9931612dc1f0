import type { FolderStatus, Outcome, TenantRow, TenantState } from "../../../server/src/protocol";
import { type Cohort, cohorts, parts } from "../cohorts";
import { connectionOf, type FolderView, isConfigured } from "../folderView";
import { isWaiting, type RunState } from "../runState";
import { outcomeText, progressText } from "../text/runText";
import { number, type Translate, tenants } from "../text/translate";
import { byFolder } from "./byFolder";
import { problemRow } from "./problemRows";
import type { Icon, Row } from "./row";

/** The *Tenants* view: per folder the connection, the shared schemas, then the tenants by where they stand. */
export function tenantRows(
  folders: readonly FolderView[],
  liveRun: (folder: string) => RunState | undefined,
  t: Translate,
): Row[] {
  const configured = folders.filter(isConfigured);
  return byFolder(configured, (view) => folderRows(view, liveRun(view.info.folder), t));
}

/** How many tenants are shown at one level of the tree. */
const partSize = 500;
/** A newest version with no more tenants than this is shown open. */
const openUpTo = 50;

function folderRows(view: FolderView, run: RunState | undefined, t: Translate): Row[] {
  const { folder } = view.info;
  if (view.info.problem) return [problemRow(folder, view.info.problem, t)];
  const rows = [connectionRow(view, run, t)];
  if (view.status === null) return rows;
  if (!view.status.ok) return [...rows, problemRow(folder, view.status.problem, t)];
  const status = view.status.value;
  const groups = cohorts(status.tenants);
  const open = groups.find((group) => group.state === "version");
  return [
    ...rows,
    ...schemaRows(view, status, t),
    ...groups.map((group) => cohortRow(folder, group, group === open && group.tenants.length <= openUpTo, run, t)),
    ...(groups.length === 0 ? [noTenantsRow(folder, t)] : []),
  ];
}

function connectionRow(view: FolderView, run: RunState | undefined, t: Translate): Row {
  const connection = connectionOf(view);
  const { folder } = view.info;
  const base = { id: `${folder}|connection`, kind: "connection", folder, command: "tenantry.connect" } as const;
  if (!connection) {
    return { ...base, label: t("No connection"), description: t("choose one"), icon: { id: "debug-disconnect" } };
  }
  const label = connection.name;
  const protection = connection.protected ? t("protected") : null;
  const where = [connection.label, protection].filter((part) => part !== null).join(", ");
  const tooltip = [connection.name, where, t("Click to choose another connection.")].filter(Boolean).join("\n");
  if (run) return { ...base, label, description: progressText(run, t), tooltip, icon: { id: "sync~spin" } };
  if (view.reading) return { ...base, label, description: t("reading…"), tooltip, icon: { id: "loading~spin" } };
  const connected = view.status?.ok === true;
  const icon = connected ? (connection.protected ? "shield" : "database") : "debug-disconnect";
  const state = view.status === null ? t("not connected") : connected ? where : t("cannot be used");
  return { ...base, label, description: state, tooltip, icon: { id: icon } };
}

function schemaRows(view: FolderView, status: FolderStatus, t: Translate): Row[] {
  const { folder, publicSchema, prototypeSchema } = view.info;
  const row = (
    kind: "schema" | "prototype",
    name: string,
    role: string,
    at: { version: string | null; pending: number },
  ): Row => ({
    id: `${folder}|schema|${name}`,
    kind,
    folder,
    label: name,
    description: [...(role === name ? [] : [role]), versionText(at.version, t), pendingText(at.pending, t)].join(", "),
    icon: at.pending === 0 ? icons.current : icons.pending,
  });
  return [
    row("schema", publicSchema, t("shared"), status.public),
    ...(status.prototype ? [row("prototype", prototypeSchema, t("prototype"), status.prototype)] : []),
  ];
}

function cohortRow(folder: string, group: Cohort, open: boolean, run: RunState | undefined, t: Translate): Row {
  const id = `${folder}|cohort|${group.key}`;
  const { least, most } = group.pending;
  const pending = least === most ? pendingText(most, t) : t("{0} to {1} pending", least, most);
  const sound = group.state === "version";
  const chunks = parts(group.tenants, partSize);
  const leaves = (rows: readonly TenantRow[]) => rows.map((row) => tenantRow(folder, row, run, t));
  return {
    id,
    kind: group.state === "failed" ? "failedCohort" : "cohort",
    folder,
    label: sound ? versionText(group.version, t) : stateText(group.state as TenantState, t),
    description: sound ? `${tenants(group.tenants.length, t)}, ${pending}` : tenants(group.tenants.length, t),
    icon: group.state !== "version" ? icons[group.state] : most === 0 ? icons.current : icons.pending,
    expanded: open,
    children: () =>
      chunks.length === 1
        ? leaves(group.tenants)
        : chunks.map((rows, index) => partRow(id, folder, rows, index, leaves, t)),
  };
}

function partRow(
  parent: string,
  folder: string,
  rows: readonly TenantRow[],
  index: number,
  leaves: (rows: readonly TenantRow[]) => Row[],
  t: Translate,
): Row {
  const label = t("{0} to {1}", rows[0]?.tenant ?? "", rows.at(-1)?.tenant ?? "");
  return {
    id: `${parent}|${index}`,
    kind: "part",
    folder,
    label,
    description: tenants(rows.length, t),
    icon: { id: "list-flat" },
    children: () => leaves(rows),
  };
}

function tenantRow(folder: string, row: TenantRow, run: RunState | undefined, t: Translate): Row {
  const done = run?.outcomes.get(row.tenant);
  const waiting = run !== undefined && isWaiting(run, row.tenant);
  const last = done ? { outcome: done.outcome, message: done.error?.message ?? null } : (row.last ?? null);
  const texts = [
    // The cohort that it stands in says the version already where it is one of a version.
    row.state === "current" || row.state === "pending" ? null : versionText(row.version, t),
    row.state === "current" || row.pending > 0 ? pendingText(row.pending, t) : null,
    row.state === "current" || row.state === "pending" ? null : stateText(row.state, t),
    waiting
      ? t("waiting")
      : done
        ? t("just now: {0}", outcomeText(done.outcome, t))
        : last
          ? lastText(last.outcome, t)
          : null,
  ].filter((text) => text !== null);
  return {
    id: `${folder}|tenant|${row.tenant}`,
    kind: "tenant",
    folder,
    tenant: row.tenant,
    label: row.tenant,
    description: texts.join(", "),
    tooltip: [row.tenant, ...texts, last?.message ?? null].filter((text) => text !== null).join("\n"),
    icon: waiting ? { id: "ellipsis" } : done ? outcomeIcons[done.outcome] : icons[row.state],
  };
}

function noTenantsRow(folder: string, t: Translate): Row {
  return {
    id: `${folder}|none`,
    kind: "action",
    folder,
    label: t("No tenants"),
    description: t("the configuration finds none on this connection"),
    icon: { id: "info" },
    command: "tenantry.openConfiguration",
  };
}

function versionText(version: string | null, t: Translate): string {
  return version === null ? t("no version yet") : t("at {0}", version);
}

function pendingText(pending: number, t: Translate): string {
  return pending === 0 ? t("up to date") : t("{0} pending", number(pending));
}

function lastText(outcome: Outcome, t: Translate): string {
  return t("last run: {0}", outcomeText(outcome, t));
}

function stateText(state: TenantState, t: Translate): string {
  const words: Record<TenantState, string> = {
    current: t("up to date"),
    pending: t("pending"),
    failed: t("failed"),
    skipped: t("skipped"),
    "pending-creation": t("schema not created yet"),
    "unknown-version": t("unknown version"),
    recreated: t("re-created"),
    renamed: t("renamed"),
  };
  return words[state];
}

const icons: Record<TenantState, Icon> = {
  current: { id: "pass", color: "testing.iconPassed" },
  pending: { id: "circle-large-outline", color: "list.warningForeground" },
  failed: { id: "error", color: "list.errorForeground" },
  skipped: { id: "debug-step-over", color: "disabledForeground" },
  "pending-creation": { id: "circle-outline", color: "disabledForeground" },
  "unknown-version": { id: "question", color: "list.warningForeground" },
  recreated: { id: "history", color: "list.warningForeground" },
  renamed: { id: "arrow-swap", color: "list.warningForeground" },
};

const outcomeIcons: Record<Outcome, Icon> = {
  applied: icons.current,
  unchanged: icons.current,
  failed: icons.failed,
  cancelled: { id: "circle-slash", color: "list.warningForeground" },
  skipped: icons.skipped,
};
