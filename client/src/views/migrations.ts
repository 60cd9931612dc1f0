import type { MigrationRow } from "../../../server/src/protocol";
import type { FolderView } from "../folderView";
import { number, type Translate } from "../text/translate";
import { byFolder } from "./byFolder";
import { problemRow } from "./problemRows";
import type { Icon, Row } from "./row";

/** The *Migrations* view: each folder's one history over both scopes, and how far each migration has come; or why it can't be read. */
export function migrationRows(folders: readonly FolderView[], t: Translate): Row[] {
  const found = folders.filter(({ info }) => info.migrations > 0 || info.problem !== null);
  return byFolder(found, (view) => historyRows(view, t));
}

function historyRows(view: FolderView, t: Translate): Row[] {
  const { folder, problem } = view.info;
  if (problem) return [problemRow(folder, problem, t)];
  if (view.migrations === null) return [];
  if (!view.migrations.ok) return [problemRow(folder, view.migrations.problem, t)];
  return view.migrations.value.map((migration) => migrationRow(folder, migration, t));
}

function migrationRow(folder: string, migration: MigrationRow, t: Translate): Row {
  const { uri, version, name, scope, applied } = migration;
  return {
    id: `${folder}|migration|${uri}`,
    kind: "migration",
    folder,
    migration: { folder, uri, version },
    label: version === null ? name : `${version} ${name}`,
    description: [scope === "public" ? t("shared") : t("tenant"), appliedText(migration, t)]
      .filter((text) => text !== "")
      .join(", "),
    icon: icon(applied),
    opens: { uri },
  };
}

function appliedText({ scope, applied }: MigrationRow, t: Translate): string {
  if (applied === null) return "";
  if (scope === "public") return applied.count > 0 ? t("applied") : t("pending");
  return t("{0} of {1} applied", number(applied.count), number(applied.of));
}

function icon(applied: MigrationRow["applied"]): Icon {
  if (applied === null) return { id: "file-code" };
  // Where there is no tenant yet, none is left, and it is applied nowhere all the same.
  if (applied.count === 0) return { id: "circle-large-outline", color: "list.warningForeground" };
  if (applied.count < applied.of) return { id: "color-mode", color: "list.warningForeground" };
  return { id: "pass", color: "testing.iconPassed" };
}
