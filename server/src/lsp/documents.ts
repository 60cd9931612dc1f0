import { join } from "node:path";
import { analysisOf } from "../app/analyses";
import { editAnalysis, type OpenAnalysis, openAnalysis } from "../sql/analyse";
import type { Dialect } from "../sql/dialect";
import type { EditedText } from "../sql/editedText";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { Context } from "./context";
import { toPath, toProjectPath } from "./convert";
import type { EditedDocument } from "./editedDocument";
import type { OpenProject } from "./workspace";

/** An open document as it stands in its editor. It is read once, for all that is asked of it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  /** The project, with what other editors hold. */
  readonly opened: OpenProject;
  /** The project as it was read. */
  readonly saved: OpenProject;
  /** As the project names the file. */
  readonly path: string;
  readonly text: EditedText;
  readonly lines: LineIndex;
  /** Null for what isn't SQL. */
  readonly analysis: OpenAnalysis | null;
}

/** After an edit only what it touched is read again. Null for a document that isn't open. */
export async function openDocument(
  { documents, workspace, unsaved }: Context,
  uri: string,
): Promise<OpenDocument | null> {
  const document = documents.get(uri);
  if (!document) return null;
  // A document that is no file yet is taken for a file of the first folder.
  const path = toPath(uri) ?? join((await workspace.roots())[0] ?? process.cwd(), "untitled.sql");
  const saved = await workspace.projectOf(path);
  const opened = unsaved.in(saved);
  const before = last.get(document);
  if (before?.version === document.version && before.opened === opened) return before.read;
  // The document object is changed in place by the next edit.
  const { version } = document;
  const file = toProjectPath(opened.root, path) ?? path;
  const { text } = document;
  const read = Promise.resolve(before?.read ?? null).then(async (previous): Promise<OpenDocument> => {
    const dialect = opened.project?.configuration.dialect ?? "postgresql";
    const isSql = document.languageId !== "json" && document.languageId !== "jsonc";
    const known = previous?.analysis?.language.dialect === dialect ? previous.analysis : null;
    const analysis = known
      ? editAnalysis(known, text)
      : isSql
        ? await analysisOfText(opened, file, text.toString(), dialect)
        : null;
    const lines = lineIndex(text);
    return { uri, version, opened, saved, path: file, text, lines, analysis };
  });
  last.set(document, { version, opened, read });
  return read;
}

/** A file that is opened as it is saved may be known already. */
function analysisOfText({ project }: OpenProject, path: string, text: string, dialect: Dialect): Promise<OpenAnalysis> {
  const saved = project?.migrations.find((migration) => migration.path === path);
  return project && saved?.text === text ? analysisOf(project, saved) : openAnalysis(text, dialect);
}

/** What was read of a document last, for as long as it is open. */
const last = new WeakMap<
  EditedDocument,
  { readonly version: number; readonly opened: OpenProject; readonly read: Promise<OpenDocument> }
>();
