import type {
  TextDocumentContentChangeEvent,
  TextDocuments,
  TextDocumentsConfiguration,
} from "vscode-languageserver/node";
import { type EditedText, editedText } from "../sql/editedText";
import { lineIndex } from "../sql/lineIndex";
import { toPath, toUri } from "./convert";

/** A document that an editor holds; it is the same object for as long as it is open. */
export interface EditedDocument {
  readonly uri: string;
  /** Null for one that is no file. */
  readonly path: string | null;
  readonly languageId: string;
  readonly version: number;
  readonly text: EditedText;
}

/** How documents are made and edited. A range that lies outside of the text is brought to its nearest place inside. */
export const editedDocuments: TextDocumentsConfiguration<EditedDocument> = {
  create: (uri, languageId, version, content) => ({
    uri,
    path: toPath(uri),
    languageId,
    version,
    text: editedText(content),
  }),
  update: (document, changes, version) =>
    Object.assign(document, { version, text: changes.reduce(changed, document.text) }),
};

/** The document in which an editor holds a file. Editors differ in which characters of a path they escape. */
export function documentAt(documents: TextDocuments<EditedDocument>, path: string): EditedDocument | undefined {
  return documents.get(toUri(path)) ?? documents.all().find((document) => document.path === path);
}

function changed(text: EditedText, change: TextDocumentContentChangeEvent): EditedText {
  if (!("range" in change)) return editedText(change.text);
  const lines = lineIndex(text);
  const [one, other] = [lines.offsetAt(change.range.start), lines.offsetAt(change.range.end)];
  return text.replace(Math.min(one, other), Math.max(one, other), change.text);
}
