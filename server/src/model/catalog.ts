import type { Analysis } from "../sql/facts";
import { type Change, changesOfText } from "./changes";
import { Columns, type KnownColumn } from "./columns";
import type { Scope } from "./migration";
import type { Settings } from "./settings";
import { type Definition, type NameSpace, spaceOf, Timeline } from "./timeline";

export type { Definition, KnownColumn, NameSpace };

/** Which tables and other objects are known at one point of the history. */
export interface Catalog {
  /** What a bare name stands for on either side of the boundary. @param space of tables and views, unless another is asked for */
  lookUp(name: string, space?: NameSpace): Sides;
  find(schema: string, name: string, space?: NameSpace): Definition | null;
  /** What is known of a table's column; null where no migration makes it. */
  column(schema: string, table: string, column: string): KnownColumn | null;
}

/** What is known of a name on either side of the boundary. */
export interface Sides {
  readonly public: Definition | null;
  readonly prototype: Definition | null;
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
  const columns = new Columns(settings);
  for (const table of settings.publicTables) {
    names.define(beginning, { schema: settings.publicSchema, name: table, kind: "table", file: null, span: null });
  }
  const starts = new Map<string, number>();
  let point = beginning + 1;
  for (const migration of migrations) {
    starts.set(migration.path, point);
    columns.add(point, migration);
    for (const { change, statement, offset } of changesOfText(migration.analysis, settings.dialect)) {
      apply(names, point + statement, change, migration, offset);
    }
    point += migration.analysis.statements.length;
  }
  const end = point;
  return {
    before(path, statementIndex = 0) {
      const start = starts.get(path);
      return viewAt(names, columns, settings, start === undefined ? end : start + statementIndex);
    },
    end: viewAt(names, columns, settings, end),
  };
}

const beginning = 0;

function viewAt(names: Timeline, columns: Columns, settings: Settings, point: number): Catalog {
  return {
    lookUp: (name, space = "table") => ({
      public: names.find(point, space, settings.publicSchema, name),
      prototype: names.find(point, space, settings.prototypeSchema, name),
    }),
    find: (schema, name, space = "table") => names.find(point, space, schema, name),
    column: (schema, table, column) => columns.find(point, schema, table, column),
  };
}

function apply(names: Timeline, point: number, change: Change, migration: AnalysedMigration, offset: number): void {
  if (change.kind === "drop-schema") {
    names.removeSchema(point, change.schema);
    return;
  }
  const space = spaceOf(change.object);
  switch (change.kind) {
    case "create": {
      const schema = change.schema ?? names.creationSchema(migration.scope);
      if (names.latest(space, schema, change.name) !== null) return;
      const span = { start: offset + change.start, end: offset + change.end };
      names.define(point, { schema, name: change.name, kind: change.object, file: migration.path, span });
      return;
    }
    case "drop":
      names.remove(point, space, change.schema ?? names.resolve(space, change.name, migration.scope), change.name);
      return;
    case "move": {
      const schema = change.schema ?? names.resolve(space, change.name, migration.scope);
      const definition = names.latest(space, schema, change.name);
      if (definition === null && !change.isCertain) return;
      names.remove(point, space, schema, change.name);
      const moved = { schema: change.toSchema ?? schema, name: change.toName ?? change.name };
      const span = { start: offset + change.start, end: offset + change.end };
      names.define(point, { kind: definition?.kind ?? change.object, ...moved, file: migration.path, span });
    }
  }
}
