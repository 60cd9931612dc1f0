import { type AnalysedMigration, type CatalogHistory, type OpenCatalog, openCatalog } from "../model/catalog";
import type { Migration } from "../model/migration";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import type { Slices } from "../project/slices";
import { outlineOf } from "./analyses";

/**
 * What is known at each point of the history, once all of it is analysed. A migration that isn't part of it comes after everything, and
 * knows its own statements. It has to be used at once: the next one that is asked for takes its place.
 */
export function historyOf({ configuration, migrations }: Project, migration: Migration): CatalogHistory {
  const catalog = catalogs.get(configuration) ?? openCatalog(configuration);
  catalogs.set(configuration, catalog);
  asked.add(catalog);
  const { all, list } = listOf(migrations);
  return catalog.read(all.has(migration) ? list : [...list, outlineOf(migration)]);
}

/** The same list each time, as long as the history is the same. */
function listOf(migrations: readonly Migration[]): List {
  const known = lists.get(migrations);
  if (known !== undefined) return known;
  const list = {
    all: new Set(migrations),
    list: migrations.map(outlineOf),
  };
  lists.set(migrations, list);
  return list;
}

interface List {
  readonly all: ReadonlySet<Migration>;
  readonly list: readonly AnalysedMigration[];
}

const lists = new WeakMap<readonly Migration[], List>();
const catalogs = new WeakMap<Configuration, OpenCatalog>();
/** Those that hold a whole history. */
const asked = new WeakSet<OpenCatalog>();

/** A history that is read for the first time is read in parts, as it would be by adding file after file; later on, what has changed is little. */
export async function foldAll({ configuration, migrations }: Project, slices: Slices): Promise<void> {
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
