import type { SnippetTextEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver/node";
import { reasonToWrite } from "../rules/ignoreFix";
import type { Fix } from "../rules/rule";
import type { ClientFeatures } from "./context";
import { toTextEdits } from "./convert";
import type { OpenDocument } from "./documents";

/** The edits of a fix for a client; the reason that an author has yet to write is selected where the client can do that. */
export function fixEdit(
  { takesSnippets }: ClientFeatures,
  { uri, lines }: Pick<OpenDocument, "uri" | "lines">,
  edits: Fix["edits"],
): WorkspaceEdit {
  const plain = toTextEdits(lines, edits);
  if (!takesSnippets || !plain.some(asksForReason)) return { changes: { [uri]: plain } };
  const some = plain.map((edit) => (asksForReason(edit) ? toSnippet(edit) : edit));
  return { documentChanges: [{ textDocument: { uri, version: null }, edits: some }] };
}

/** Lines behind the first would get the indentation a second time that a snippet adds to them. */
function asksForReason({ newText }: TextEdit): boolean {
  return newText.includes(reasonToWrite) && !/^[\r\n]/.test(newText);
}

function toSnippet({ range, newText }: TextEdit): SnippetTextEdit {
  const value = newText.replace(/[\\$}]/g, "\\$&").replace(reasonToWrite, `\${1:${reasonToWrite}}`);
  return { range, snippet: { kind: "snippet", value } };
}
