import { type AnalysedMigration, type CatalogHistory, type OpenCatalog, openCatalog } from "../model/catalog";
import { deedsOf } from "../model/deeds";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import { analyse, type OpenAnalysis } from "../sql/analyse";
import { openSlices, type Slices } from "./slices";

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

/** Says what is known of a migration, for `analysisOf` and `historyOf` to find. */
export function keepAnalysis(migration: Migration, analysis: OpenAnalysis): void {
  if (analysed.get(migration)?.analysis === analysis) return;
  const { path, scope, up } = migration;
  analysed.set(migration, { path, scope, up, analysis });
}

/** Analyses all of a project's migrations and folds them into its history, and lets other work in between. */
export function analyseAll(project: Project): Promise<void> {
  const { migrations } = project;
  const known = complete.get(migrations);
  if (known !== undefined) return known;
  const reading = readAll(project);
  complete.set(migrations, reading);
  return reading;
}

/**
 * What is known at each point of the history, once all of it is analysed. A migration that isn't part of it comes after everything, and
 * knows its own statements. It has to be used at once: the next one that is asked for takes its place.
 */
export function historyOf({ configuration, migrations }: Project, migration: Migration): CatalogHistory {
  const catalog = catalogs.get(configuration) ?? openCatalog(configuration);
  catalogs.set(configuration, catalog);
  asked.add(catalog);
  const { all, list } = listOf(migrations);
  return catalog.read(all.has(migration) ? list : [...list, analysedOf(migration)]);
}

/** The same list each time, as long as the history is the same. */
function listOf(migrations: readonly Migration[]): List {
  const known = lists.get(migrations);
  if (known !== undefined) return known;
  const list = { all: new Set(migrations), list: migrations.map(analysedOf) };
  lists.set(migrations, list);
  return list;
}

interface List {
  readonly all: ReadonlySet<Migration>;
  readonly list: readonly Analysed[];
}

/** The analysis of a migration that is analysed. */
export function analysisNow(migration: Migration): OpenAnalysis {
  return analysedOf(migration).analysis;
}

interface Analysed extends AnalysedMigration {
  readonly analysis: OpenAnalysis;
}

const analysed = new WeakMap<Migration, Analysed>();
const readings = new WeakMap<Migration, Promise<OpenAnalysis>>();
const lists = new WeakMap<readonly Migration[], List>();
const complete = new WeakMap<readonly Migration[], Promise<void>>();
const catalogs = new WeakMap<Configuration, OpenCatalog>();
/** Those that hold a whole history. */
const asked = new WeakSet<OpenCatalog>();

function analysedOf(migration: Migration): Analysed {
  const known = analysed.get(migration);
  if (known === undefined) throw new Error(`${migration.path} isn't analysed yet.`);
  return known;
}

async function readAll(project: Project): Promise<void> {
  const slices = openSlices();
  const { dialect } = project.configuration;
  for (const migration of project.migrations) {
    if (analysed.has(migration)) continue;
    const { text, statements } = await analysisOf(project, migration);
    await slices.rest();
    for (const statement of statements) deedsOf(text, statement, dialect);
    await slices.rest();
  }
  await foldAll(project, slices);
}

/** A history that is read for the first time is read in parts, as it would be by adding file after file; later on, what has changed is little. */
async function foldAll({ configuration, migrations }: Project, slices: Slices): Promise<void> {
  if (catalogs.has(configuration)) return;
  const catalog = openCatalog(configuration);
  catalogs.set(configuration, catalog);
  const { list } = listOf(migrations);
  for (let end = 0; end < list.length && !asked.has(catalog); end += filesAtOnce) {
    catalog.read(list.slice(0, end + filesAtOnce));
    await slices.rest();
  }
}

const filesAtOnce = 50;
