import { DidChangeWatchedFilesNotification, WatchKind } from "vscode-languageserver/node";
import { configurationFile } from "../project/load";
import type { Context } from "./context";
import { toPath } from "./convert";
import { openDocument } from "./documents";
import type { EditedDocument } from "./editedDocument";
import type { Diagnostics } from "./handlers/diagnostics";
import type { WorkspaceDiagnostics } from "./handlers/workspaceDiagnostics";

/** Follows what changes: the texts of open documents, the files, the folders. */
export interface Changes {
  /** Asks the client for what it doesn't tell unless it is asked to. */
  watch(): Promise<void>;
  /** Files have changed, or with null more than files. */
  filesChanged(paths: readonly (string | null)[]): void;
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
  const filesChanged = (paths: readonly (string | null)[]) => {
    for (const path of paths) workspace.forget(path);
    told();
  };
  // All files are checked again with another configuration, so that is done when the typing rests.
  const configurationRests = resting(() => {
    context.changed({ folder: null, what: ["folders"] });
    context.refreshDiagnostics();
  });
  const textRests = resting(async (uri) => {
    const document = await openDocument(context, uri);
    if (document === null || !(await unsaved.take(document))) return;
    if (documents.all().length > 1 || workspaceDiagnostics.isAsked) context.refreshDiagnostics();
  });
  const textChanged = (document: EditedDocument) => {
    const path = toPath(document.uri);
    context.lastChange.set(document.uri, { version: document.version, at: performance.now() });
    if (path?.endsWith(configurationFile)) {
      workspace.configurationTyped(path);
      configurationRests(document.uri);
    } else if (path !== null) {
      textRests(document.uri);
    }
    diagnostics.changed(document);
  };

  documents.onDidChangeContent(({ document }) => textChanged(document));
  documents.onDidSave(async ({ document: { uri } }) => {
    workspace.forget(toPath(uri));
    // What is known of the text as it was typed is known of the file, once that is told of.
    await openDocument(context, uri).catch(() => null);
    told();
  });
  documents.onDidClose(({ document }) => {
    workspace.forget(toPath(document.uri));
    context.lastChange.delete(document.uri);
    const isOther = unsaved.forget(document.uri);
    diagnostics.closed(document);
    workspaceDiagnostics.closed(document.uri);
    if (isOther) context.refreshDiagnostics();
  });
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    const paths = changes.flatMap(({ uri }) => toPath(uri) ?? []);
    if (await workspace.filesChanged(paths)) told();
  });

  return {
    filesChanged,
    async watch() {
      if (context.client.watchesFiles) {
        const files = ["**/tenantry.json", "**/*.sql", "**/.env"].map((globPattern) => ({ globPattern }));
        // Of a folder that is moved or deleted an editor tells as of one, and not of the files in it.
        const watchers = [...files, { globPattern: "**", kind: WatchKind.Create | WatchKind.Delete }];
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      if (!context.client.workspaceFolders) return;
      connection.workspace.onDidChangeWorkspaceFolders(async () => {
        const now = (await connection.workspace.getWorkspaceFolders()) ?? [];
        workspace.setFolders(now.flatMap(({ uri }) => toPath(uri) ?? []));
        filesChanged([]);
      });
    },
  };
}

/** Does something once for several keys in a document, when they have come to rest. */
function resting(act: (uri: string) => unknown): (uri: string) => void {
  const timers = new Map<string, NodeJS.Timeout>();
  return (uri) => {
    clearTimeout(timers.get(uri));
    const due = () => {
      timers.delete(uri);
      act(uri);
    };
    timers.set(uri, setTimeout(due, rest));
  };
}

/** Milliseconds since the last key. */
const rest = 200;
