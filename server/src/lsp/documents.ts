import { basename, join } from "node:path";
import { analysisOf, isOutlined, keepAnalysis, keepReading } from "../app/analyses";
import type { Migration } from "../model/migration";
import { configurationFile } from "../project/load";
import { openSlices } from "../project/slices";
import { editAnalysis, type OpenAnalysis, openAnalysis } from "../sql/analyse";
import type { Dialect } from "../sql/dialect";
import type { EditedText } from "../sql/editedText";
import { type LineIndex, lineIndex } from "../sql/lineIndex";
import type { Context } from "./context";
import { toPath, toProjectPath } from "./convert";
import type { EditedDocument } from "./editedDocument";
import type { OpenProject } from "./heldProject";
import type { Workspace } from "./workspace";

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

/** What a document's text says by itself. */
export interface DocumentStatements {
  readonly lines: LineIndex;
  readonly analysis: OpenAnalysis;
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
  const path = await pathOf(workspace, uri);
  const saved = await workspace.projectOf(path);
  const opened = unsaved.in(saved);
  const before = last.get(document);
  if (before?.version === document.version && before.opened === opened) return before;
  // What is typed in a file that nobody has read yet is read as an edit of it, for the two to have in common what is the same in them.
  if (before?.version !== document.version && before?.unread()) before.read().catch(() => {});
  const now = hold(document, { opened, saved, path: toProjectPath(opened.root, path) ?? path });
  last.set(document, now);
  return now;
}

/** A document's statements alone, for which nothing has to be read but how its folder is configured. Null for one that isn't open, and for what isn't SQL. */
export async function documentStatements(context: Context, uri: string): Promise<DocumentStatements | null> {
  const { documents, workspace } = context;
  const path = await pathOf(workspace, uri);
  const { dialect, isRead } = await workspace.dialectOf(path);
  if (isRead) {
    const document = await openDocument(context, uri);
    return document?.analysis ? { lines: document.lines, analysis: document.analysis } : null;
  }
  const document = documents.get(uri);
  if (!document || !isSql(document)) return null;
  const { text, version } = document;
  const reading = readText(document, version, (before) => statementsAfter(before, text, dialect));
  const share = async () => {
    const { root, project } = await workspace.projectOf(path);
    const saved = savedFile({ opened: { project }, path: toProjectPath(root, path) ?? path, text });
    if (saved !== null && project?.configuration.dialect === dialect) keepReading(saved, reading);
  };
  share().catch(() => {});
  return { lines: lineIndex(text), analysis: await reading };
}

/** A document that is no file yet is taken for a file of the first folder. */
async function pathOf(workspace: Workspace, uri: string): Promise<string> {
  return toPath(uri) ?? join((await workspace.firstRoot()) ?? process.cwd(), "untitled.sql");
}

/** What was held of a document last, for as long as it is open. */
const last = new WeakMap<EditedDocument, HeldDocument>();

function hold(document: EditedDocument, place: Pick<HeldDocument, "opened" | "saved" | "path">): HeldDocument {
  // The document object is changed in place by the next edit.
  const { uri, version, text } = document;
  const shown = { uri, version, text, ...place, lines: lineIndex(text) };
  let reading: Promise<OpenDocument> | null = null;
  const held: HeldDocument = {
    ...shown,
    unread() {
      const read = lastRead.get(document);
      if (!isSql(document) || (read !== undefined && read.isOnly !== version)) return null;
      const file = savedFile(shown);
      // With a text that nobody has saved, the project's own problems aren't those of its file.
      return file !== null && place.saved.project?.migrations.includes(file) ? file : null;
    },
    read() {
      reading ??= (
        isSql(document) ? readText(document, version, (before) => analysisAfter(before, shown)) : notSql
      ).then((analysis) => ({ ...shown, held, analysis }));
      return reading;
    },
  };
  return held;
}

const notSql: Promise<OpenAnalysis | null> = Promise.resolve(null);

/** Editors have other names than these for what a configuration is written in. */
function isSql({ languageId, path }: EditedDocument): boolean {
  return languageId !== "json" && languageId !== "jsonc" && (path === null || basename(path) !== configurationFile);
}

/** The last analysis that was asked for of a document: of its text or of an earlier one. */
interface LastRead {
  readonly analysis: Promise<OpenAnalysis>;
  /** The version, where no other was read since the document was opened. */
  readonly isOnly: number | null;
}

const lastRead = new WeakMap<EditedDocument, LastRead>();

function readText(
  document: EditedDocument,
  version: number,
  read: (before: OpenAnalysis | null) => OpenAnalysis | Promise<OpenAnalysis>,
): Promise<OpenAnalysis> {
  const before = lastRead.get(document);
  const isOnly = before === undefined || before.isOnly === version ? version : null;
  const analysis = Promise.resolve(before?.analysis ?? null).then(read);
  lastRead.set(document, { analysis, isOnly });
  return analysis;
}

/** What of a document decides how it is read. */
interface Shown {
  readonly opened: Pick<OpenProject, "project">;
  readonly path: string;
  readonly text: EditedText;
}

async function analysisAfter(before: OpenAnalysis | null, shown: Shown): Promise<OpenAnalysis> {
  const { project } = shown.opened;
  const dialect = project?.configuration.dialect ?? "postgresql";
  // A file that is opened as it is saved may be known already.
  const opened = before?.language.dialect === dialect ? null : savedFile(shown);
  if (project && opened) return analysisOf(project, opened);
  const analysis = await statementsAfter(before, shown.text, dialect);
  // Where nothing was typed, the file may have been saved, which needn't be read for its own sake then.
  const saved = analysis === before ? savedFile(shown) : null;
  if (saved !== null && !isOutlined(saved)) keepAnalysis(saved, analysis);
  return analysis;
}

function statementsAfter(
  before: OpenAnalysis | null,
  text: EditedText,
  dialect: Dialect,
): OpenAnalysis | Promise<OpenAnalysis> {
  if (before?.language.dialect === dialect) return editAnalysis(before, text);
  return openAnalysis(text.toString(), dialect, openSlices().rest);
}

function savedFile({ opened: { project }, path, text }: Shown): Migration | null {
  const saved = project?.migrations.find((migration) => migration.path === path);
  return saved !== undefined && saved.text.length === text.length && saved.text === text.toString() ? saved : null;
}
