import type { FolderView } from "../folderView";
import type { Row } from "./row";

/**
 * What a view shows of each folder, beneath the folder's name where there are several.
 * @param among the folders that it might be of
 */
export function byFolder(
  shown: readonly FolderView[],
  rowsOf: (view: FolderView) => readonly Row[],
  among = shown,
): Row[] {
  if (among.length <= 1) return shown.flatMap(rowsOf);
  return shown.map((view) => ({
    id: view.info.folder,
    kind: "folder",
    folder: view.info.folder,
    label: view.info.name,
    icon: { id: "root-folder" },
    expanded: true,
    children: () => rowsOf(view),
  }));
}
