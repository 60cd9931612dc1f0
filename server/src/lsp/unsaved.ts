import { analyseAll } from "../app/analyseAll";
import { keepAnalysis } from "../app/analyses";
import { historyOf } from "../app/history";
import { deedsOf } from "../model/deeds";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import { type ReadSql, readOpenText, readText, withRead } from "../project/sqlText";
import type { OpenAnalysis } from "../sql/analyse";
import type { LineIndex } from "../sql/lineIndex";
import type { OpenDocument } from "./documents";
import type { OpenProject } from "./heldProject";

/**
 * What editors hold of a project's files and nobody has saved yet. It counts for what is said of the other files, as it was when the typing
 * rested last; what is run, and planned, is what is saved.
 */
export interface Unsaved {
  /** The project with these texts in it; the same object, as long as they are the same. */
  in(opened: OpenProject): OpenProject;
  /** Takes over a document as it is now. @returns whether other things may be said of other files than before */
  take(document: OpenDocument): Promise<boolean>;
  /** The document is closed. @returns whether what it held was another thing than the file does */
  forget(uri: string): boolean;
}

export function openUnsaved(): Unsaved {
  const texts = new Map<string, Text>();
  const known = new WeakMap<OpenProject, { readonly at: number; readonly with: OpenProject }>();
  const toldVersions = new WeakMap<Configuration, number>();
  const toldPlaces = new Map<string, Places>();
  let changes = 0;
  const within = (opened: OpenProject): OpenProject => {
    const before = known.get(opened);
    if (before?.at === changes) return before.with;
    const project = opened.project && withTexts(opened.project, opened.root, texts.values());
    const now = project === opened.project ? opened : { ...opened, project };
    known.set(opened, { at: changes, with: now });
    return now;
  };

  return {
    in: within,

    async take({ uri, saved, path, analysis, lines }) {
      const { project, root } = saved;
      if (project === null || analysis === null || texts.get(uri)?.analysis === analysis) return false;
      const file = project.migrations.find((migration) => migration.path === path);
      if (file?.text === analysis.text) {
        if (texts.delete(uri)) changes++;
      } else {
        texts.set(uri, { root, path, analysis, read: null });
        changes++;
      }
      const { project: now } = within(saved);
      if (now === null) return false;
      await analyseAll(now);
      const migration = now.migrations.find((one) => one.path === path);
      if (migration === undefined) return false;
      const { version } = historyOf(now, migration);
      const places = placesOf(analysis, lines);
      const isSame = toldVersions.get(now.configuration) === version && arePlacesSame(toldPlaces.get(uri), places);
      toldVersions.set(now.configuration, version);
      toldPlaces.set(uri, places);
      return !isSame;
    },

    forget(uri) {
      toldPlaces.delete(uri);
      const isOther = texts.delete(uri);
      if (isOther) changes++;
      return isOther;
    },
  };
}

/** Line and character of statements, in turn. */
type Places = readonly number[];

/** Where the statements stand that others may point at: an edit before them moves them, and changes nothing of what they do. */
function placesOf({ source, statements, language }: OpenAnalysis, lines: LineIndex): Places {
  const places: number[] = [];
  for (const statement of statements) {
    if (deedsOf(source, statement, language.dialect).length === 0) continue;
    const { line, character } = lines.positionAt(statement.start);
    places.push(line, character);
  }
  return places;
}

function arePlacesSame(before: Places | undefined, now: Places): boolean {
  return before?.length === now.length && before.every((place, at) => place === now[at]);
}

interface Text {
  readonly root: string;
  readonly path: string;
  readonly analysis: OpenAnalysis;
  /** As it was read with a configuration, by which the history knows that it is the same. */
  read: { readonly with: Configuration; readonly sql: ReadSql } | null;
}

function withTexts(saved: Project, root: string, texts: Iterable<Text>): Project {
  let project = saved;
  for (const text of texts) {
    if (text.root !== root) continue;
    const { configuration, migrations } = saved;
    if (migrations.some(({ path, text: own }) => path === text.path && own === text.analysis.text)) continue;
    if (text.read?.with !== configuration) {
      text.read = { with: configuration, sql: readWith(saved, text) };
    }
    project = withRead(project, text.path, text.read.sql);
  }
  return project;
}

function readWith(saved: Project, { path, analysis }: Text): ReadSql {
  // It may have been typed in a folder of another dialect.
  if (analysis.language.dialect !== saved.configuration.dialect) return readText(saved, path, analysis.text);
  const sql = readOpenText(saved, path, analysis);
  keepAnalysis(sql.migration, analysis);
  return sql;
}
