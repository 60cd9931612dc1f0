import type { TextDocumentContentChangeEvent, TextDocumentsConfiguration } from "vscode-languageserver/node";
import { type EditedText, editedText } from "../sql/editedText";
import { lineIndex } from "../sql/lineIndex";

/** A document that an editor holds; it is the same object for as long as it is open. */
export interface EditedDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: EditedText;
}

/** How documents are made and edited. A range that lies outside of the text is brought to its nearest place inside. */
export const editedDocuments: TextDocumentsConfiguration<EditedDocument> = {
  create: (uri, languageId, version, content) => ({ uri, languageId, version, text: editedText(content) }),
  update: (document, changes, version) =>
    Object.assign(document, { version, text: changes.reduce(changed, document.text) }),
};

function changed(text: EditedText, change: TextDocumentContentChangeEvent): EditedText {
  if (!("range" in change)) return editedText(change.text);
  const lines = lineIndex(text);
  const [one, other] = [lines.offsetAt(change.range.start), lines.offsetAt(change.range.end)];
  return text.replace(Math.min(one, other), Math.max(one, other), change.text);
}
