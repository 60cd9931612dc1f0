import { createHash } from "node:crypto";
import { foreignKeyName } from "../sql/generatedName";
import { firstPast } from "../sql/sorted";
import type { Span } from "../sql/span";
import type { Change, Move } from "./changes";
import { Columns, type KnownColumn, type NamedColumn } from "./columns";
import { constraintsOf, type Outline, type TableAction } from "./deeds";
import { Families } from "./families";
import type { Scope } from "./migration";
import { openPlaces, type Place } from "./places";
import { ownSchema, type Settings } from "./settings";
import { type DefinedKind, type Definition, type NameSpace, spaceOf, Timeline } from "./timeline";

export type { DefinedKind, Definition, KnownColumn, NamedColumn, NameSpace };

/** Which tables and other objects are known at one point of the history. */
export interface Catalog {
  /** What a bare name stands for on either side of the boundary. @param space of tables and views, unless another is asked for */
  lookUp(name: string, space?: NameSpace): Sides;
  find(schema: string, name: string, space?: NameSpace): Definition | null;
  /** What is known of a table's column; null where no migration makes it. */
  column(schema: string, table: string, column: string): KnownColumn | null;
}

/** A catalog that can be asked for all that it knows, which costs more the more there is. */
export interface WholeCatalog extends Catalog {
  /** All tables and views, in no certain order. */
  tables(): Definition[];
  /** The columns of a table or a view in their order, as far as they are known. */
  columns(schema: string, table: string): NamedColumn[];
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
  /** The part of the text that is run going up. */
  readonly up: Span;
  readonly analysis: Outline;
}

/** The catalogs of every point of the history. A view costs nothing to take, and a look-up a search among one name's changes. */
export interface CatalogHistory {
  /** What is known before a statement of a migration; after everything, for a path that isn't in the history. */
  before(path: string, statementIndex?: number): WholeCatalog;
  readonly end: WholeCatalog;
  /** The history that this is a state of. */
  readonly of: OpenCatalog;
  /** Grows with each edit that changes what is known. */
  readonly version: number;
  /** The names, as `fold` gives them, of which other things are said than at a version. What is said of all others before a statement is the same. */
  changedSince(version: number): ReadonlySet<string> | "all";
  /** A name, folded, with all those that objects went to or came from by renaming. */
  together(name: string): ReadonlySet<string>;
  /** Stands for all that can be said of some names at the points of a file: what is said is the same where this is. */
  restOf(path: string, names: Iterable<string>): string;
}

/** A history whose files are edited, with what was worked out of it so far. */
export interface OpenCatalog {
  /** The history as it is now, its files in their order. What was given out before must not be asked any more: it would tell of the new places. */
  read(migrations: readonly AnalysedMigration[]): CatalogHistory;
  /** Names that are one for the server are the same when they are folded. */
  fold(name: string): string;
}

/** Folds migrations into what is known before each of their statements. After an edit in one file, only the names are looked at again that it concerns. */
export function openCatalog(settings: Settings): OpenCatalog {
  const places = openPlaces(settings.dialect);
  const told = new Map<string, Told>();
  const of = (name: string): Told => {
    const known = told.get(places.fold(name));
    if (known !== undefined) return known;
    const { names, deeds } = places.of(name);
    const now = new Told(settings, names, deeds, places.fold);
    for (const one of names) told.set(one, now);
    return now;
  };
  /** Of names that belong together, what is said of one may depend on the others. @returns all of them */
  const forget = (changed: ReadonlySet<string>): ReadonlySet<string> => {
    const all = new Set(changed);
    for (const name of changed) for (const one of told.get(name)?.names ?? []) all.add(one);
    for (const name of all) told.delete(name);
    return all;
  };
  const log: { readonly version: number; readonly changed: ReadonlySet<string> | "all" }[] = [];
  let version = 0;
  const note = (changed: ReadonlySet<string> | "all") => {
    version++;
    log.push({ version, changed });
    if (log.length > longestLog) log.shift();
  };
  const viewAt = (point: number): WholeCatalog => ({
    lookUp(name, space = "table") {
      const { timeline } = of(name);
      const { publicSchema, prototypeSchema } = settings;
      return {
        public: timeline.find(point, space, publicSchema, name),
        prototype: timeline.find(point, space, prototypeSchema, name),
      };
    },
    find(schema, name, space = "table") {
      // How a key without a name is called depends on the other keys of its table.
      const { timeline } = of(space === "constraint" ? constraintsOf(name) : name);
      return timeline.find(point, space, schema, name);
    },
    tables() {
      const timelines = [...settings.publicTables, ...places.names()].map((name) => of(name).timeline);
      return [...new Set(timelines)].flatMap((timeline) => timeline.tables(point));
    },
    columns: (schema, table) => columnsAt(point, schema, table, 0),
    column: (schema, table, column) => of(table).columns.find(point, schema, table, column),
  });
  const columnsAt = (point: number, schema: string, table: string, depth: number): NamedColumn[] => {
    const all = of(table).columns.list(point, schema, table);
    return all.flatMap((one) => {
      if (!("table" in one)) return [one];
      if (depth >= deepestView) return [];
      const sides = one.schema === null && one.of.scope === "tenant" ? viewAt(one.of.point).lookUp(one.table) : null;
      const known = sides === null ? null : (sides.prototype ?? sides.public);
      const own = one.schema ?? known?.schema ?? ownSchema(one.of.scope, settings);
      return columnsAt(one.of.point, own, one.table, depth + 1);
    });
  };
  let last: readonly AnalysedMigration[] = [];
  let traces = new Map<Told, string>();
  const traceOf = (known: Told): string => {
    const trace = traces.get(known) ?? traced(known.deeds);
    traces.set(known, trace);
    return trace;
  };
  const open: OpenCatalog = {
    fold: places.fold,
    read(migrations) {
      // A text before a deed may be edited, and the deed be the same at another place.
      if (migrations !== last) traces = new Map();
      last = migrations;
      const changed = places.read(migrations);
      // Of a folder with thousands of files this would be most of what is held.
      if (told.size > mostTold) told.clear();
      if (changed === "all") {
        told.clear();
        note(changed);
      } else if (changed.size > 0) {
        note(forget(changed));
      }
      return {
        before: (path, statementIndex = 0) => viewAt(places.pointOf(path, statementIndex)),
        end: viewAt(Number.POSITIVE_INFINITY),
        of: open,
        version,
        together: (name) => of(name).names,
        restOf(path, names) {
          const begin = places.pointOf(path, 0);
          const hash = createHash("sha256");
          for (const name of [...names].sort()) {
            const known = of(name);
            const before = firstPast(known.deeds, ({ point }) => point >= begin);
            hash.update(`${JSON.stringify(name)} ${before} ${traceOf(known)}\n`);
          }
          return hash.digest("base64url");
        },
        changedSince(since) {
          if (since < (log[0]?.version ?? 1) - 1) return "all";
          const names = new Set<string>();
          for (const entry of log.filter((one) => one.version > since)) {
            if (entry.changed === "all") return "all";
            for (const name of entry.changed) names.add(name);
          }
          return names;
        },
      };
    },
  };
  return open;
}

/** Views of views are followed so far. */
const deepestView = 8;

/** More is never asked for than a few edits back. */
const longestLog = 1000;

/** More names are not held from one state of the history to the next. */
const mostTold = 10_000;

/** What was worked out of names that belong together, as objects went from one to the other. */
class Told {
  readonly names: ReadonlySet<string>;
  /** In the history's order. */
  readonly deeds: readonly Place[];
  readonly #settings: Settings;
  readonly #fold: (name: string) => string;
  #timeline: Timeline | null = null;
  #columns: Columns | null = null;

  constructor(settings: Settings, names: ReadonlySet<string>, deeds: readonly Place[], fold: (name: string) => string) {
    this.#settings = settings;
    this.names = names;
    this.deeds = deeds;
    this.#fold = fold;
  }

  get timeline(): Timeline {
    this.#timeline ??= foldChanges(this.#settings, (table) => this.names.has(this.#fold(table)), this.deeds);
    return this.#timeline;
  }

  get columns(): Columns {
    this.#columns ??= new Columns(this.#settings, this.deeds, this.timeline);
    return this.#columns;
  }
}

/** Stands for deeds, and for where they are done. */
function traced(deeds: readonly Place[]): string {
  const hash = createHash("sha256");
  for (const { path, scope, offset, deed } of deeds) hash.update(`${JSON.stringify([path, scope, offset, deed])}\n`);
  return hash.digest("base64url");
}

/** What becomes of some names. @param deeds in the history's order. */
function foldChanges(settings: Settings, isAmong: (name: string) => boolean, deeds: readonly Place[]): Timeline {
  const names = new Timeline(settings);
  for (const table of settings.publicTables.filter(isAmong)) {
    names.define(beginning, { schema: settings.publicSchema, name: table, kind: "table", file: null, span: null });
  }
  const families = new Families(settings.dialect);
  for (const place of deeds) {
    const { deed } = place;
    if (deed.kind === "action") removeHeirs(names, families, place, deed);
    else apply(names, settings, place, deed);
    if (deed.kind === "drop-schema") families.dropSchema(deed.schema);
  }
  return names;
}

/** The tables that go with their parent; what the same statement has made stays. */
function removeHeirs(names: Timeline, families: Families, at: Place, deed: TableAction): void {
  const gone = families.follow(deed.action, names.tableOf(deed, at), (name) => names.tableMeant(name, at));
  for (const { schema, name } of gone) {
    const isOld = names.latest("table", schema, name) === names.find(at.point, "table", schema, name);
    if (isOld) names.remove(at, "table", schema, name);
  }
}

const beginning = { point: -1 };

function apply(names: Timeline, settings: Settings, place: Place, change: Change): void {
  if (change.kind === "drop-schema") {
    names.removeSchema(place, change.schema);
    return;
  }
  const { scope } = place;
  const space = spaceOf(change.object);
  switch (change.kind) {
    case "create": {
      const schema = change.schema ?? ownSchema(scope, settings);
      const isTaken = (name: string) => names.latest(space, schema, name) !== null;
      const { nameless } = change;
      let { name } = change;
      for (let number = 1; nameless !== undefined && isTaken(name); number++) {
        const { table, columns } = nameless;
        name = `${table}.${foreignKeyName(table, columns, settings.dialect, String(number))}`;
      }
      if (!isTaken(name)) names.define(place, new Made(schema, name, change.object, place, change));
      return;
    }
    case "drop":
      names.remove(place, space, change.schema ?? names.resolve(space, change.name, scope), change.name);
      return;
    case "move": {
      const from = spaceOfMoved(names, scope, change);
      const schema = change.schema ?? names.resolve(from, change.name, scope);
      const definition = names.latest(from, schema, change.name);
      if (definition === null && !change.isCertain) return;
      names.remove(place, from, schema, change.name);
      const toSchema = change.toSchema ?? schema;
      const toName = change.toName ?? change.name;
      names.define(place, new Made(toSchema, toName, definition?.kind ?? change.object, place, change));
    }
  }
}

/** Where the moved object's name is known: ALTER TABLE takes a sequence and an index for a table, too. */
function spaceOfMoved(names: Timeline, scope: Scope, { object, schema, name }: Move): NameSpace {
  const isKnown = (space: NameSpace) => names.latest(space, schema ?? names.resolve(space, name, scope), name) !== null;
  return (object === "table" ? likeTables.find(isKnown) : undefined) ?? spaceOf(object);
}

const likeTables = ["table", "sequence", "index"] as const;

/** A definition whose place is read anew each time, as the text before it is edited. */
class Made implements Definition {
  readonly schema: string;
  readonly name: string;
  readonly kind: Definition["kind"];
  readonly #place: Place;
  readonly #within: Span;

  constructor(schema: string, name: string, kind: Definition["kind"], place: Place, within: Span) {
    this.schema = schema;
    this.name = name;
    this.kind = kind;
    this.#place = place;
    this.#within = within;
  }

  get file(): string {
    return this.#place.path;
  }

  get span(): Span {
    const { offset } = this.#place;
    return { start: offset + this.#within.start, end: offset + this.#within.end };
  }
}
