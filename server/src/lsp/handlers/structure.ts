import { join } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { editAnalysis, type OpenAnalysis, openAnalysis } from "../../sql/analyse";
import type { Dialect } from "../../sql/dialect";
import type { Context } from "../context";
import { toPath } from "../convert";

/** A document's analysis lasts as long as the document is open. */
const opened = new WeakMap<TextDocument, OpenAnalysis>();

/** An open document's statements as they stand in its editor; after an edit only what it touched is read again. Null for other files. */
export async function openStatements(context: Context, uri: string): Promise<OpenAnalysis | null> {
  const document = context.documents.get(uri);
  if (!document || document.languageId === "jsonc" || document.languageId === "json") return null;
  const dialect = await dialectOf(context, uri);
  const text = document.getText();
  const before = opened.get(document);
  const analysis =
    before?.language.dialect === dialect ? editAnalysis(before, text) : await openAnalysis(text, dialect);
  opened.set(document, analysis);
  return analysis;
}

/** A document that is no file yet is taken for a file of the first folder. Structure needs no more of a configuration than the dialect. */
async function dialectOf({ workspace }: Context, uri: string): Promise<Dialect> {
  const path = toPath(uri) ?? join((await workspace.roots())[0] ?? process.cwd(), "untitled.sql");
  const { project } = await workspace.projectOf(path);
  return project?.configuration.dialect ?? "postgresql";
}
