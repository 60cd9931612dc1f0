import type { Analysis } from "../sql/facts";
import { type Change, changesOfText } from "./changes";
import type { Scope } from "./migration";
import type { Settings } from "./settings";
import { type Definition, Timeline } from "./timeline";

export type { Definition };

/** Which tables are known at one point of the history. */
export interface Catalog {
  /** What a bare name stands for on either side of the boundary. */
  lookUp(name: string): { readonly public: Definition | null; readonly prototype: Definition | null };
  find(schema: string, name: string): Definition | null;
}

/** A migration with its analysis, as the catalog reads it. */
export interface AnalysedMigration {
  readonly path: string;
  readonly scope: Scope;
  readonly analysis: Analysis;
}

/** The catalogs of every point of the history. A view costs nothing to take, and a look-up a search among one name's changes. */
export interface CatalogHistory {
  /** What is known before a statement of a migration; after everything, for a path that isn't in the history. */
  before(path: string, statementIndex?: number): Catalog;
  readonly end: Catalog;
}

/** Folds migrations, given in the history's order, into what is known before each of their statements. */
export function buildCatalog(settings: Settings, migrations: Iterable<AnalysedMigration>): CatalogHistory {
  const names = new Timeline(settings);
  for (const table of settings.publicTables) {
    names.define(beginning, { schema: settings.publicSchema, name: table, kind: "table", file: null, span: null });
  }
  const starts = new Map<string, number>();
  let point = beginning + 1;
  for (const migration of migrations) {
    starts.set(migration.path, point);
    for (const { change, statement, offset } of changesOfText(migration.analysis, settings.dialect)) {
      apply(names, point + statement, change, migration, offset);
    }
    point += migration.analysis.statements.length;
  }
  const end = point;
  return {
    before(path, statementIndex = 0) {
      const start = starts.get(path);
      return viewAt(names, settings, start === undefined ? end : start + statementIndex);
    },
    end: viewAt(names, settings, end),
  };
}

const beginning = 0;

function viewAt(names: Timeline, settings: Settings, point: number): Catalog {
  return {
    lookUp: (name) => ({
      public: names.find(point, settings.publicSchema, name),
      prototype: names.find(point, settings.prototypeSchema, name),
    }),
    find: (schema, name) => names.find(point, schema, name),
  };
}

function apply(names: Timeline, point: number, change: Change, migration: AnalysedMigration, offset: number): void {
  switch (change.kind) {
    case "create": {
      const schema = change.schema ?? names.creationSchema(migration.scope);
      if (names.latest(schema, change.name) !== null) return;
      const span = { start: offset + change.start, end: offset + change.end };
      names.define(point, { schema, name: change.name, kind: change.object, file: migration.path, span });
      return;
    }
    case "drop":
      names.remove(point, change.schema ?? names.resolve(change.name, migration.scope), change.name);
      return;
    case "move": {
      const schema = change.schema ?? names.resolve(change.name, migration.scope);
      const definition = names.latest(schema, change.name);
      names.remove(point, schema, change.name);
      const moved = { schema: change.toSchema ?? schema, name: change.toName ?? change.name };
      const span = { start: offset + change.start, end: offset + change.end };
      names.define(point, { kind: definition?.kind ?? "table", ...moved, file: migration.path, span });
      return;
    }
    case "drop-schema":
      names.removeSchema(point, change.schema);
  }
}
