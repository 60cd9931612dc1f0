import { type Disposable, type Event, EventEmitter, type Memento } from "vscode";
import type { FolderInfo } from "../../server/src/protocol";
import type { FolderView } from "./folderView";
import type { Server } from "./languageClient";

/** The folders of the workspace and the state of their tenants, as the language server last told them. */
export interface Fleet extends Disposable {
  /** Null until the server has answered for the first time. */
  readonly folders: readonly FolderView[] | null;
  find(folder: string): FolderView | undefined;
  readonly onDidChange: Event<void>;
  /** Asks for the folders again; their tenants' state is kept. */
  readFolders(): Promise<void>;
  /** Connects and reads a folder's state; a second call during the first waits for a newer answer. */
  readStatus(folder: string): Promise<void>;
  readMigrations(folder: string): Promise<void>;
  /** Chooses a connection for this user and this folder; null for the default. What was read from the one before is dropped. */
  choose(folder: string, connection: string | null): Promise<void>;
}

export function createFleet(server: Server, memory: Memento): Fleet {
  const changed = new EventEmitter<void>();
  const running = new Map<string, Promise<void>>();
  let folders: readonly FolderView[] | null = null;

  const find = (folder: string) => folders?.find((view) => view.info.folder === folder);
  const update = (folder: string, change: Partial<FolderView>) => {
    folders = folders?.map((view) => (view.info.folder === folder ? { ...view, ...change } : view)) ?? null;
    changed.fire();
  };

  /** Runs one reader at a time per key; who comes during it gets one more run after it. */
  const inTurn = async (key: string, read: () => Promise<void>): Promise<void> => {
    const before = running.get(key);
    if (before) {
      await before;
      return running.get(key) ?? inTurn(key, read);
    }
    const now = read().finally(() => running.delete(key));
    running.set(key, now);
    return now;
  };

  const readStatus = async (folder: string) => {
    const chosen = find(folder)?.chosen;
    if (chosen === undefined) return;
    update(folder, { reading: true });
    const status = await server.request("tenantry/status", { folder, connection: chosen });
    if (find(folder)?.chosen === chosen) update(folder, { status, reading: false });
  };

  const readMigrations = async (folder: string) => {
    const chosen = find(folder)?.chosen;
    if (chosen === undefined) return;
    const migrations = await server.request("tenantry/migrations", { folder, connection: chosen });
    if (find(folder)?.chosen === chosen) update(folder, { migrations });
  };

  return {
    get folders() {
      return folders;
    },
    find,
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
    readFolders: () =>
      inTurn("folders", async () => {
        const answer = await server.request("tenantry/folders", {});
        const infos = answer.ok ? answer.value : [];
        folders = infos.map((info) => viewOf(info, find(info.folder), memory));
        changed.fire();
      }),
    readStatus: (folder) => inTurn(`status ${folder}`, () => readStatus(folder)),
    readMigrations: (folder) => inTurn(`migrations ${folder}`, () => readMigrations(folder)),
    choose: async (folder, connection) => {
      await memory.update(memoryKey(folder), connection ?? undefined);
      update(folder, { chosen: connection, status: null, migrations: null, reading: false });
    },
  };
}

function viewOf(info: FolderInfo, before: FolderView | undefined, memory: Memento): FolderView {
  if (before) return { ...before, info };
  const chosen = memory.get<string>(memoryKey(info.folder)) ?? null;
  return { info, chosen, status: null, migrations: null, reading: false };
}

function memoryKey(folder: string): string {
  return `connection ${folder}`;
}
