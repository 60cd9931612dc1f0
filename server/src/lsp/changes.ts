import { basename } from "node:path";
import {
  DidChangeWatchedFilesNotification,
  WatchKind,
  type WorkspaceFolder,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver/node";
import { configurationFile } from "../project/load";
import { inBackground } from "./background";
import type { Context } from "./context";
import { toFolder, toPath } from "./convert";
import { openDocument } from "./documents";
import type { EditedDocument } from "./editedDocument";
import type { Diagnostics } from "./handlers/diagnostics";
import type { WorkspaceDiagnostics } from "./handlers/workspaceDiagnostics";

/** Follows what changes: the texts of open documents, the files, the folders. */
export interface Changes {
  /** Asks the client for what it doesn't tell unless it is asked to. */
  watch(): Promise<void>;
  /** Anything may have changed. */
  allChanged(): void;
}

export function followChanges(
  context: Context,
  diagnostics: Diagnostics,
  workspaceDiagnostics: WorkspaceDiagnostics,
): Changes {
  const { connection, documents, workspace, unsaved } = context;
  const told = () => {
    context.changed({ folder: null, what: ["folders", "migrations", "status"] });
    context.refreshDiagnostics();
  };
  // All files are checked again with another configuration, so that is done when the typing rests.
  const configurationRests = resting(async () => {
    context.changed({ folder: null, what: ["folders"] });
    context.refreshDiagnostics();
    textsRest();
  });
  const textRests = resting(async (uri) => {
    const document = await openDocument(context, uri);
    // While its project was read it may have been closed.
    if (document === null || documents.get(uri) === undefined || !(await unsaved.take(document))) return;
    if (documents.all().length > 1 || workspaceDiagnostics.isAsked) context.refreshDiagnostics();
  });
  // With a configuration that couldn't be used, what was typed counted for nothing.
  const textsRest = () => {
    for (const { uri } of documents.all()) textRests(uri);
  };
  const textChanged = (document: EditedDocument) => {
    const { path } = document;
    context.lastChange.set(document.uri, { version: document.version, at: performance.now() });
    if (path !== null && basename(path) === configurationFile) {
      workspace.configurationTyped(path);
      configurationRests(document.uri);
    } else if (path !== null) {
      textRests(document.uri);
    }
    diagnostics.changed(document);
  };
  const saved = async ({ uri, path }: EditedDocument) => {
    if (path !== null) workspace.forget(path);
    // What is known of the text as it was typed is known of the file, once that is told of.
    await openDocument(context, uri).catch(() => null);
    told();
  };
  const closed = (document: EditedDocument) => {
    if (document.path !== null) workspace.forget(document.path);
    context.lastChange.delete(document.uri);
    const isOther = unsaved.forget(document.uri);
    diagnostics.closed(document);
    workspaceDiagnostics.closed(document);
    if (isOther) context.refreshDiagnostics();
    if (document.path !== null && basename(document.path) === configurationFile) textsRest();
  };
  const watched = async (uris: readonly string[]) => {
    if (!(await workspace.filesChanged(uris.flatMap((uri) => toPath(uri) ?? [])))) return;
    told();
    // What an editor holds may be another text now than its file's, though nothing was typed.
    textsRest();
  };

  const foldersChanged = ({ added, removed }: WorkspaceFoldersChangeEvent) => {
    workspace.changeFolders(pathsOf(added), pathsOf(removed));
    told();
  };

  documents.onDidChangeContent(({ document }) => textChanged(document));
  documents.onDidSave(({ document }) => inBackground(saved(document)));
  documents.onDidClose(({ document }) => closed(document));
  connection.onDidChangeWatchedFiles(({ changes }) => inBackground(watched(changes.map(({ uri }) => uri))));

  return {
    allChanged() {
      workspace.forgetAll();
      told();
    },

    async watch() {
      const { client } = context;
      if (client.workspaceFolders) connection.workspace.onDidChangeWorkspaceFolders(foldersChanged);
      if (!client.watchesFiles) return;
      const files = ["**/tenantry.json", "**/*.sql", "**/.env"].map((globPattern) => ({ globPattern }));
      // Of a folder that is moved or deleted an editor tells as of one, and not of the files in it.
      const watchers = [...files, { globPattern: "**", kind: WatchKind.Create | WatchKind.Delete }];
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    },
  };
}

/** Neovim, up to 0.7, tells of a folder without a URI beside the one that has come or gone. */
function pathsOf(folders: readonly Partial<WorkspaceFolder>[]): string[] {
  return folders.flatMap(({ uri }) => (uri === undefined ? [] : (toFolder(uri) ?? [])));
}

/** Does something once for several keys in a document, when they have come to rest. */
function resting(act: (uri: string) => Promise<void>): (uri: string) => void {
  const timers = new Map<string, NodeJS.Timeout>();
  return (uri) => {
    clearTimeout(timers.get(uri));
    const due = () => {
      timers.delete(uri);
      inBackground(act(uri));
    };
    timers.set(uri, setTimeout(due, rest));
  };
}

/** Milliseconds since the last key. */
const rest = 200;
