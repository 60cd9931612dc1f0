import {
  type Disposable,
  EventEmitter,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { Preview } from "../../server/src/protocol";
import { type Server, uriOf } from "./languageClient";

/** Read-only pages of the `tenantry:` scheme: texts that were made once, and previews that follow their migration. */
export interface Documents extends Disposable {
  /** Shows a text under a title, in place of the last one with the same title. */
  show(title: string, text: string): Promise<void>;
  /** Shows a migration as it would be sent for one tenant, beside the editor; it is rendered again when the migration changes. */
  showPreview(migration: string, tenant: string): Promise<void>;
}

export function createDocuments(server: Server): Documents {
  const changed = new EventEmitter<Uri>();
  const texts = new Map<string, string>();
  const timers = new Map<string, NodeJS.Timeout>();

  const provider: TextDocumentContentProvider = {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri, token) => {
      const source = sourceOf(uri);
      if (!source)
        return texts.get(uri.path) ?? l10n.t("This page was made in an earlier session; run its command again.");
      const answer = await server.request("tenantry/preview", source, token);
      return answer.ok ? previewText(answer.value) : comment(answer.problem.message);
    },
  };

  const follow = workspace.onDidChangeTextDocument(({ document }) => {
    const migration = document.uri.toString();
    for (const { uri } of workspace.textDocuments) {
      if (uri.scheme !== scheme || sourceOf(uri)?.uri !== migration) continue;
      clearTimeout(timers.get(uri.toString()));
      timers.set(
        uri.toString(),
        setTimeout(() => changed.fire(uri), renderDelay),
      );
    }
  });
  const registration = workspace.registerTextDocumentContentProvider(scheme, provider);

  return {
    show: async (title, text) => {
      const uri = Uri.from({ scheme, path: `/${title}.txt` });
      texts.set(uri.path, text);
      changed.fire(uri);
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    },
    showPreview: async (migration, tenant) => {
      const file = uriOf(migration).path.split("/").at(-1) ?? "migration.sql";
      const query = JSON.stringify({ uri: migration, tenant });
      // A tenant's name may hold anything, a slash included, and the path is the tab's title.
      const uri = Uri.from({ scheme, path: `/${tenant.replaceAll("/", "∕")}: ${file}`, query });
      const document = await workspace.openTextDocument(uri);
      await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true, preserveFocus: true });
    },
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      follow.dispose();
      registration.dispose();
      changed.dispose();
    },
  };
}

const scheme = "tenantry";
/** Milliseconds without a keystroke after which a preview is rendered again. */
const renderDelay = 300;

function sourceOf(uri: Uri): { uri: string; tenant: string } | null {
  if (uri.query === "") return null;
  const value: unknown = JSON.parse(uri.query);
  if (typeof value !== "object" || value === null || !("uri" in value) || !("tenant" in value)) return null;
  return { uri: String(value.uri), tenant: String(value.tenant) };
}

function previewText({ sql, problems }: Preview): string {
  const heads = problems.map(({ message }) => comment(l10n.t("Not sure: {0}", message)));
  return heads.length === 0 ? sql : `${heads.join("")}\n${sql}`;
}

function comment(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `-- ${line}\n`)
    .join("");
}
