import { type Dialect, foldName } from "../sql/dialect";
import { replaceIn } from "../sql/replaceIn";
import type { Span } from "../sql/span";
import type { AnalysedMigration } from "./catalog";
import { type Deed, deedsOf, namesOf, type Outline } from "./deeds";
import type { Scope } from "./migration";
import { openNamedDeeds } from "./namedDeeds";

/** A deed at its place in the history, which moves while the texts before it are edited. */
export interface Place {
  readonly deed: Deed;
  readonly path: string;
  readonly scope: Scope;
  /** Grows with the history; the same for all that one statement does. */
  readonly point: number;
  /** Where its statement begins in the file. */
  readonly offset: number;
}

/** All deeds of a history, by the names that they concern. */
export interface Places {
  fold(name: string): string;
  /** Brings the places up to date. @returns the names, folded, whose deeds are others than before. */
  read(migrations: readonly AnalysedMigration[]): ReadonlySet<string> | "all";
  /** The point before a statement; after everything, for a path that isn't in the history. */
  pointOf(path: string, statement: number): number;
  /** The names, folded, that anything was ever done to. */
  names(): Iterable<string>;
  /** A name, folded, with all those that objects went to or came from by renaming, and what concerns them, in the history's order. */
  of(name: string): { readonly names: ReadonlySet<string>; readonly deeds: readonly Place[] };
}

export function openPlaces(dialect: Dialect): Places {
  const fold = (name: string) => foldName(name, dialect);
  const named = openNamedDeeds<Moving>(fold);
  const files = new Map<string, File>();
  let last: readonly AnalysedMigration[] = [];

  /** Notes what is no longer done, or done now. @returns whether that may concern any name */
  const note = (places: readonly Moving[], into: Set<string>): boolean => {
    for (const { deed } of places) for (const name of namesOf(deed)) into.add(fold(name));
    return places.some(({ deed }) => deed.kind === "drop-schema");
  };

  const readFile = (migration: AnalysedMigration, rank: number, into: Set<string>): boolean => {
    const file = files.get(migration.path) ?? newFile(migration, rank);
    files.set(migration.path, file);
    file.rank = rank;
    const { gone, come } = exchanged(file, migration, dialect);
    for (const place of gone) named.take(place);
    for (const place of come) named.put(place);
    const isAll = note(gone, into);
    return note(come, into) || isAll;
  };

  /** Forgets the files of all paths but some. */
  const leaveAllBut = (paths: ReadonlySet<string>, into: Set<string>): boolean => {
    let isAll = false;
    for (const [path, { places }] of files) {
      if (paths.has(path)) continue;
      for (const place of places) named.take(place);
      isAll = note(places, into) || isAll;
      files.delete(path);
    }
    return isAll;
  };

  const readAll = (migrations: readonly AnalysedMigration[]): "all" => {
    named.clear();
    files.clear();
    for (const [rank, migration] of migrations.entries()) readFile(migration, rank, new Set());
    return "all";
  };

  /** Null where files have changed their order, so that everything has to be read again. */
  const readChanged = (migrations: readonly AnalysedMigration[]): ReadonlySet<string> | "all" | null => {
    const into = new Set<string>();
    const known = goesOn(last, migrations) ? last : null;
    let isAll = known === null && leaveAllBut(new Set(migrations.map(({ path }) => path)), into);
    if (known === null && !areInOrder(files, migrations)) return null;
    for (const [rank, migration] of migrations.entries())
      if (migration !== known?.[rank]) isAll = readFile(migration, rank, into) || isAll;
    return isAll ? "all" : into;
  };

  return {
    fold,

    read(migrations) {
      if (migrations === last && last.length > 0) return nothing;
      const found = (last.length === 0 ? null : readChanged(migrations)) ?? readAll(migrations);
      last = migrations;
      return found;
    },

    pointOf(path, statement) {
      const file = files.get(path);
      return file === undefined ? Number.POSITIVE_INFINITY : pointAt(file, statement);
    },

    names: named.names,

    of(name) {
      const { names, places } = named.of(name);
      return { names, deeds: [...places].sort((a, b) => a.point - b.point || a.index - b.index) };
    },
  };
}

/** Whether the files are those of before, or more come after them, as where a folder is read part by part. */
function goesOn(before: readonly AnalysedMigration[], now: readonly AnalysedMigration[]): boolean {
  const areSame = before.length === now.length && now.every(({ path }, index) => path === before[index]?.path);
  return areSame || (now.length > before.length && before.every((one, index) => one === now[index]));
}

function areInOrder(files: ReadonlyMap<string, File>, migrations: readonly AnalysedMigration[]): boolean {
  let before = -1;
  for (const { path } of migrations) {
    const rank = files.get(path)?.rank ?? before;
    if (rank < before) return false;
    before = rank;
  }
  return true;
}

/** Brings a file's places up to date. @returns those that it no longer has, and the new ones */
function exchanged(
  file: File,
  migration: AnalysedMigration,
  dialect: Dialect,
): { readonly gone: readonly Moving[]; readonly come: readonly Moving[] } {
  if (file.analysis === migration.analysis && file.scope === migration.scope) return { gone: [], come: [] };
  const { places: before, statements: was, first: from } = file;
  const { statements, first } = statementsUp(migration);
  const isMoved = file.scope !== migration.scope || from !== first;
  const start = isMoved ? 0 : commonStart(was, statements);
  const end = isMoved ? 0 : commonEnd(was, statements, start);
  const begin = before.findIndex(({ statement }) => statement >= from + start);
  const kept = begin === -1 ? before.length : begin;
  const rest = before.findIndex(({ statement }) => statement >= from + was.length - end);
  const gone = before.slice(kept, rest === -1 ? before.length : rest);
  Object.assign(file, { analysis: migration.analysis, scope: migration.scope, statements, first });
  const come = statements.slice(start, statements.length - end).flatMap((statement, index) =>
    deedsOf(migration.analysis.source, statement, dialect).map((deed) => {
      const place = new Moving(file, deed);
      place.statement = first + start + index;
      return place;
    }),
  );
  const grown = statements.length - was.length;
  if (grown !== 0) for (const place of before.slice(kept + gone.length)) place.statement += grown;
  replaceIn(before, kept, gone.length, come);
  let index = kept;
  for (const place of gone.length === come.length ? come : before.slice(kept)) place.index = index++;
  return { gone, come };
}

interface File {
  readonly path: string;
  analysis: Outline | null;
  scope: Scope;
  rank: number;
  /** Those that are run going up, and where the first of them stands among all. */
  statements: Outline["statements"];
  first: number;
  readonly places: Moving[];
}

function newFile({ path, scope }: AnalysedMigration, rank: number): File {
  return { path, scope, analysis: null, rank, statements: [], first: 0, places: [] };
}

class Moving implements Place {
  readonly deed: Deed;
  readonly #file: File;
  statement = 0;
  index = 0;

  constructor(file: File, deed: Deed) {
    this.deed = deed;
    this.#file = file;
  }

  get point(): number {
    return pointAt(this.#file, this.statement);
  }

  get offset(): number {
    const { statements, first } = this.#file;
    return statements[this.statement - first]?.start ?? 0;
  }

  get path(): string {
    return this.#file.path;
  }

  get scope(): Scope {
    return this.#file.scope;
  }
}

const nothing: ReadonlySet<string> = new Set();

/** No file has as many statements. */
const mostStatements = 2 ** 26;

function pointAt({ rank }: File, statement: number): number {
  return rank * mostStatements + statement;
}

function statementsUp({ analysis, up }: AnalysedMigration): Pick<File, "statements" | "first"> {
  const all = analysis.statements;
  const isIn = ({ start, end }: Span) => start >= up.start && end <= up.end;
  const [begin] = all;
  const last = all.at(-1);
  if (begin === undefined || last === undefined || (isIn(begin) && isIn(last))) return { statements: all, first: 0 };
  return { statements: all.filter(isIn), first: Math.max(0, all.findIndex(isIn)) };
}

/** How many statements are the same from the beginning on. */
function commonStart(was: Outline["statements"], now: Outline["statements"]): number {
  const most = Math.min(was.length, now.length);
  let length = 0;
  while (length < most && was[length]?.facts === now[length]?.facts) length++;
  return length;
}

function commonEnd(was: Outline["statements"], now: Outline["statements"], without: number): number {
  const most = Math.min(was.length, now.length) - without;
  let length = 0;
  while (length < most && was[was.length - 1 - length]?.facts === now[now.length - 1 - length]?.facts) length++;
  return length;
}
