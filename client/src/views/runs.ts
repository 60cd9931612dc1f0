import type { FailureGroup } from "../../../server/src/protocol";
import { type FolderView, isConfigured } from "../folderView";
import type { RunState } from "../runState";
import { endText, failureGroups, isCancelled, isSuccess, progressText } from "../text/runText";
import { type Translate, tenants } from "../text/translate";
import { byFolder } from "./byFolder";
import type { Row } from "./row";

/** The *Runs* view: what goes on and what ended in each folder, newest first; beneath each its failures, equal ones as one. */
export function runRows(
  folders: readonly FolderView[],
  runsOf: (folder: string) => readonly RunState[],
  timeOf: (iso: string) => string,
  t: Translate,
): Row[] {
  const shown = folders.filter(({ info }) => runsOf(info.folder).length > 0);
  const rowsOf = ({ info }: FolderView) => rowsOfRuns(runsOf(info.folder), timeOf, t);
  return byFolder(shown, rowsOf, folders.filter(isConfigured));
}

function rowsOfRuns(runs: readonly RunState[], timeOf: (iso: string) => string, t: Translate): Row[] {
  return runs.map((run) => {
    const id = `${run.folder}|run|${run.run}`;
    const base = { id, folder: run.folder, run: run.run, label: run.connection };
    const time = timeOf(run.startedAt);
    const groups = failureGroups(run);
    const children = () => groups.map((group, index) => failureRow(id, run, group, index, t));
    const inner = groups.length > 0 ? { children, expanded: true } : {};
    if (run.live) {
      return {
        ...base,
        ...inner,
        kind: "liveRun",
        description: `${time}, ${progressText(run, t)}`,
        icon: { id: "sync~spin" },
      };
    }
    const text = `${time}, ${endText(run, t)}`;
    return {
      ...base,
      ...inner,
      kind: groups.length > 0 ? "failedRun" : "endedRun",
      description: text,
      tooltip: text,
      icon: endIcon(run),
    };
  });
}

function endIcon(run: RunState): Row["icon"] {
  if (isSuccess(run)) return { id: "pass", color: "testing.iconPassed" };
  if (isCancelled(run)) return { id: "circle-slash", color: "testing.iconSkipped" };
  return { id: "error", color: "list.errorForeground" };
}

function failureRow(parent: string, run: RunState, group: FailureGroup, index: number, t: Translate): Row {
  const id = `${parent}|${index}`;
  const place = group.file === null ? {} : { opens: { uri: fileUri(run.folder, group.file), line: group.line ?? 1 } };
  return {
    id,
    kind: "failure",
    folder: run.folder,
    run: run.run,
    label: group.message,
    description: tenants(group.tenants.length, t),
    tooltip: `${group.message} [${group.code}]`,
    icon: { id: "error", color: "list.errorForeground" },
    ...place,
    children: () =>
      group.tenants.map((tenant) => ({
        id: `${id}|${tenant}`,
        kind: "failedTenant",
        folder: run.folder,
        run: run.run,
        tenant,
        label: tenant,
        icon: { id: "circle-outline" },
      })),
  };
}

/** The URI of a file that is named relative to its folder, with `/` between its parts. */
export function fileUri(folder: string, file: string): string {
  return `${folder.replace(/\/$/, "")}/${file.split("/").map(encodeURIComponent).join("/")}`;
}
