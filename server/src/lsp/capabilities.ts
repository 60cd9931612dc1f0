import {
  CodeActionKind,
  type InitializeParams,
  type InitializeResult,
  MarkupKind,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import type { InitializationOptions } from "../protocol";
import type { ClientFeatures } from "./context";
import { toFolder, toUri } from "./convert";
import { triggerCharacters } from "./handlers/completion";

/** What the server can do for a client. */
export function capabilities(client: ClientFeatures): InitializeResult {
  return {
    serverInfo: { name: "tenantry" },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      ...(client.pullsDiagnostics && {
        diagnosticProvider: { identifier: "tenantry", interFileDependencies: true, workspaceDiagnostics: true },
      }),
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, `${CodeActionKind.SourceFixAll}.tenantry`],
        resolveProvider: client.resolvesCodeActions,
      },
      ...(client.codeLensCommands.size > 0 && { codeLensProvider: { resolveProvider: false } }),
      completionProvider: { triggerCharacters },
      hoverProvider: true,
      documentSymbolProvider: { label: "Tenantry" },
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

export function featuresOf(params: InitializeParams): ClientFeatures {
  const { workspace, textDocument } = params.capabilities;
  const { codeLensCommands = [], credentials = false } = optionsOf(params);
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    showsRelated: textDocument?.publishDiagnostics?.relatedInformation === true,
    takesSnippets:
      workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.snippetEditSupport === true,
    resolvesCodeActions: textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true,
    // One that doesn't say is of the time when all texts were Markdown.
    hoverFormat: textDocument?.hover?.contentFormat?.find((format) => format in formats) ?? MarkupKind.Markdown,
    nestsSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    foldingRangeLimit: textDocument?.foldingRange?.rangeLimit,
    credentials,
    codeLensCommands: new Set(codeLensCommands),
  };
}

const formats: Record<MarkupKind, true> = { markdown: true, plaintext: true };

export function optionsOf({ initializationOptions }: InitializeParams): InitializationOptions {
  return (initializationOptions ?? {}) as InitializationOptions;
}

/** The folders that a client has open. */
export function foldersOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
  // Editors of the protocol's first version know a path alone.
  const root = rootUri ?? (rootPath ? toUri(rootPath) : null);
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (root ? [root] : []);
  return uris.flatMap((uri) => toFolder(uri) ?? []);
}
