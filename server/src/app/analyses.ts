import type { AnalysedMigration } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import { analyse, type OpenAnalysis } from "../sql/analyse";
import { outlineText, readOutline } from "./outlineText";

/** A migration's analysis; an editor's text brings its own. It is kept as long as its migration is. */
export async function analysisOf(
  { configuration: { dialect } }: Pick<Project, "configuration">,
  migration: Migration,
): Promise<OpenAnalysis> {
  const known = analysed.get(migration);
  if (known !== undefined) return known.analysis;
  // Whoever asks meanwhile waits for the same.
  const reading = readings.get(migration) ?? analyse(migration.text, dialect, openSlices().rest);
  readings.set(migration, reading);
  const analysis = await reading;
  if (!analysed.has(migration)) keepAnalysis(migration, analysis);
  return analysis;
}

/** Says that a migration's text is being read already, for `analysisOf` to wait for that. */
export function keepReading(migration: Migration, reading: Promise<OpenAnalysis>): void {
  if (!readings.has(migration)) readings.set(migration, reading);
}

/** Says what is known of a migration, for `analysisOf` and `historyOf` to find. */
export function keepAnalysis(migration: Migration, analysis: OpenAnalysis): void {
  if (analysed.get(migration)?.analysis === analysis) return;
  const { path, scope, up } = migration;
  analysed.set(migration, { path, scope, up, analysis });
}

/** Says what a migration's statements do, as a text, for `historyOf` to find where no more of it is known. */
export function keepOutline(migration: Migration, outline: string): void {
  outlineTexts.set(migration, outline);
}

/** Whether it is known what a migration's statements do. */
export function isOutlined(migration: Migration): boolean {
  return analysed.has(migration) || outlineTexts.has(migration);
}

/** What a migration's statements do, as a text. @throws where that isn't known yet */
export function outlineTextOf({ configuration }: Pick<Project, "configuration">, migration: Migration): string {
  return outlineTexts.get(migration) ?? outlineText(analysedOf(migration).analysis, configuration.dialect);
}

/** The analysis of a migration that is analysed. */
export function analysisNow(migration: Migration): OpenAnalysis {
  return analysedOf(migration).analysis;
}

/** What the history has to know of a migration. @throws where that isn't known yet */
export function outlineOf(migration: Migration): AnalysedMigration {
  const known = analysed.get(migration) ?? outlined.get(migration);
  if (known !== undefined) return known;
  const text = outlineTexts.get(migration);
  if (text === undefined) return analysedOf(migration);
  const { path, scope, up } = migration;
  const read = { path, scope, up, analysis: readOutline(migration.text, text) };
  outlined.set(migration, read);
  return read;
}

interface Analysed extends AnalysedMigration {
  readonly analysis: OpenAnalysis;
}

const analysed = new WeakMap<Migration, Analysed>();
const outlineTexts = new WeakMap<Migration, string>();
/** Those that were asked for. */
const outlined = new WeakMap<Migration, AnalysedMigration>();
const readings = new WeakMap<Migration, Promise<OpenAnalysis>>();

function analysedOf(migration: Migration): Analysed {
  const known = analysed.get(migration);
  if (known === undefined) throw new Error(`${migration.path} isn't analysed yet.`);
  return known;
}
