import { join } from "node:path";
import { analysisOf, isOutlined, keepAnalysis } from "../app/analyses";
import type { Migration } from "../model/migration";
import { editAnalysis, type OpenAnalysis, openAnalysis } from "../sql/analyse";
import type { EditedText } from "../sql/editedText";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { Context } from "./context";
import { toPath, toProjectPath } from "./convert";
import type { EditedDocument } from "./editedDocument";
import type { OpenProject } from "./workspace";

/** An open document as it stands in its editor: the same object for the same text in the same project. */
export interface HeldDocument {
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
  /** The project's own file, where it has this text and no other was read since the document was opened. */
  unread(): Migration | null;
  /** It is read once, for all that is asked of it. */
  read(): Promise<OpenDocument>;
}

/** An open document that is read. */
export interface OpenDocument extends Omit<HeldDocument, "unread" | "read"> {
  readonly held: HeldDocument;
  /** Null for what isn't SQL. */
  readonly analysis: OpenAnalysis | null;
}

/** After an edit only what it touched is read again. Null for a document that isn't open. */
export async function openDocument(context: Context, uri: string): Promise<OpenDocument | null> {
  const held = await heldDocument(context, uri);
  return held === null ? null : held.read();
}

/** The document, of which nothing is read yet that nobody has asked for. Null for one that isn't open. */
export async function heldDocument(
  { documents, workspace, unsaved }: Context,
  uri: string,
): Promise<HeldDocument | null> {
  const document = documents.get(uri);
  if (!document) return null;
  // A document that is no file yet is taken for a file of the first folder.
  const path = toPath(uri) ?? join((await workspace.roots())[0] ?? process.cwd(), "untitled.sql");
  const saved = await workspace.projectOf(path);
  const opened = unsaved.in(saved);
  const before = last.get(document) ?? null;
  if (before?.held.version === document.version && before.held.opened === opened) return before.held;
  // What is typed in a file that nobody has read yet is read as an edit of it, for the two to have in common what is the same in them.
  if (before?.held.version !== document.version && before?.held.unread()) before.held.read().catch(() => {});
  const now = hold(document, { opened, saved, path: toProjectPath(opened.root, path) ?? path }, before);
  last.set(document, now);
  return now.held;
}

/** What is held of a document, and the last analysis that was asked for: of this text or of an earlier one. */
interface Held {
  readonly held: HeldDocument;
  analysis: Promise<OpenAnalysis | null> | null;
}

/** What was held of a document last, for as long as it is open. */
const last = new WeakMap<EditedDocument, Held>();

function hold(
  document: EditedDocument,
  place: Pick<HeldDocument, "opened" | "saved" | "path">,
  before: Held | null,
): Held {
  // The document object is changed in place by the next edit.
  const { uri, version, text, languageId } = document;
  const isSql = languageId !== "json" && languageId !== "jsonc";
  const shown = { uri, version, text, ...place, lines: lineIndex(text) };
  let reading: Promise<OpenDocument> | null = null;
  const held: HeldDocument = {
    ...shown,
    unread: () => (now.analysis === null && isSql ? savedFile(shown) : null),
    read() {
      if (reading === null) {
        const analysis = isSql ? analysisAfter(now.analysis, shown) : Promise.resolve(null);
        now.analysis = analysis;
        reading = analysis.then((analysis) => ({ ...shown, held, analysis }));
      }
      return reading;
    },
  };
  const now: Held = { held, analysis: before?.analysis ?? null };
  return now;
}

type Shown = Pick<HeldDocument, "opened" | "path" | "text">;

async function analysisAfter(previous: Promise<OpenAnalysis | null> | null, shown: Shown): Promise<OpenAnalysis> {
  const { project } = shown.opened;
  const dialect = project?.configuration.dialect ?? "postgresql";
  const known = await previous;
  if (known?.language.dialect === dialect) {
    const analysis = editAnalysis(known, shown.text);
    // Where nothing was typed, the file may have been saved, which needn't be read for its own sake then.
    const saved = analysis === known ? savedFile(shown) : null;
    if (saved !== null && !isOutlined(saved)) keepAnalysis(saved, analysis);
    return analysis;
  }
  // A file that is opened as it is saved may be known already.
  const saved = savedFile(shown);
  return project && saved ? analysisOf(project, saved) : openAnalysis(shown.text.toString(), dialect);
}

function savedFile({ opened: { project }, path, text }: Shown): Migration | null {
  const saved = project?.migrations.find((migration) => migration.path === path);
  return saved !== undefined && saved.text.length === text.length && saved.text === text.toString() ? saved : null;
}
