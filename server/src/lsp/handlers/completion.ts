import { type CompletionItem, CompletionItemKind, type CompletionParams } from "vscode-languageserver/node";
import { type Completion, complete } from "../../app/complete";
import type { Context } from "../context";
import { toRange } from "../convert";
import { openDocument } from "../documents";

/** What asks for completion as soon as it is typed: the dot after a schema or table, the colon of a directive. */
export const triggerCharacters = [".", ":"];

/** Tables, columns and directives, where one of them is expected. */
export async function completion(
  context: Context,
  { textDocument: { uri }, position }: CompletionParams,
): Promise<CompletionItem[] | null> {
  const document = await openDocument(context, uri);
  if (!document?.analysis || document.opened.project === null) return null;
  const { path, lines, analysis } = document;
  const found = await complete(document.opened.project, path, analysis, lines.offsetAt(position));
  if (found === null) return null;
  const range = toRange(lines, found);
  return found.items.map(({ kind, label, detail, text, filter }) => ({
    label,
    kind: kinds[kind],
    detail,
    ...(filter !== label && { filterText: filter }),
    textEdit: { range, newText: text },
  }));
}

const kinds: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  table: CompletionItemKind.Struct,
  schema: CompletionItemKind.Module,
  column: CompletionItemKind.Field,
  common: CompletionItemKind.Variable,
  directive: CompletionItemKind.Keyword,
  rule: CompletionItemKind.EnumMember,
};
