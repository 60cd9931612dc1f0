import type { Answer, ConnectionInfo, FolderInfo, FolderStatus, MigrationRow } from "../../server/src/protocol";

/** What is known of one folder; views are drawn from this and nothing else. */
export interface FolderView {
  readonly info: FolderInfo;
  /** The connection that the user chose, or null for the default. */
  readonly chosen: string | null;
  /** The last state that was read; null before the first. */
  readonly status: Answer<FolderStatus> | null;
  readonly migrations: Answer<MigrationRow[]> | null;
  readonly reading: boolean;
}

export function isConfigured({ info }: FolderView): boolean {
  return info.configuration !== null || info.connections.length > 0;
}

/** The connection that a folder uses now, as far as its configuration knows it. */
export function connectionOf(view: FolderView): ConnectionInfo | null {
  if (view.status?.ok) return view.status.value.connection;
  const { connections } = view.info;
  if (view.chosen !== null) return connections.find(({ name }) => name === view.chosen) ?? personal(view.chosen);
  return connections.find((connection) => connection.default) ?? null;
}

/** A connection by URL, which no configuration names. */
function personal(url: string): ConnectionInfo {
  return { name: url, label: url, protected: false, default: false, embedded: url.startsWith("embedded:") };
}
