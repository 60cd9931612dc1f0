import { type Dialect, foldName } from "../sql/dialect";
import { replaceIn } from "../sql/replaceIn";
import type { Span } from "../sql/span";
import type { AnalysedMigration } from "./catalog";
import { type Deed, deedsOf, namesOf, type Outline } from "./deeds";
import type { Scope } from "./migration";

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
  let files = new Map<string, File>();
  let last: readonly AnalysedMigration[] = [];
  const byName = new Map<string, Moving[]>();
  const schemaDrops: Moving[] = [];

  const listsOf = (deed: Deed): Moving[][] => {
    if (deed.kind === "drop-schema") return [schemaDrops];
    return namesOf(deed).map((name) => {
      const list = byName.get(fold(name)) ?? [];
      byName.set(fold(name), list);
      return list;
    });
  };
  const put = (place: Moving) => {
    for (const list of listsOf(place.deed)) list.push(place);
  };
  const take = (place: Moving) => {
    for (const list of listsOf(place.deed)) list.splice(list.indexOf(place), 1);
  };
  const changed = (places: readonly Place[], into: Set<string>): boolean => {
    for (const { deed } of places) for (const name of namesOf(deed)) into.add(fold(name));
    return places.some(({ deed }) => deed.kind === "drop-schema");
  };

  const replace = (file: File, migration: AnalysedMigration, into: Set<string>): boolean => {
    if (file.analysis === migration.analysis && file.scope === migration.scope) return false;
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
    for (const place of gone) take(place);
    for (const place of come) put(place);
    const wasAll = changed(gone, into);
    return changed(come, into) || wasAll;
  };

  const readAll = (migrations: readonly AnalysedMigration[]): "all" => {
    byName.clear();
    schemaDrops.length = 0;
    files = new Map();
    migrations.forEach((migration, rank) => {
      const file = newFile(migration, rank);
      files.set(migration.path, file);
      replace(file, migration, new Set());
    });
    return "all";
  };

  /** Null where files have changed their order, so that everything has to be read again. */
  const readChanged = (migrations: readonly AnalysedMigration[]): ReadonlySet<string> | "all" | null => {
    const into = new Set<string>();
    let isAll = false;
    const isSamePaths =
      migrations.length === last.length && migrations.every(({ path }, index) => path === last[index]?.path);
    // As where a folder is read part by part.
    const isGrown = migrations.length > last.length && last.every((one, index) => one === migrations[index]);
    if (!isSamePaths && !isGrown) {
      const paths = new Set(migrations.map(({ path }) => path));
      for (const [path, file] of files) {
        if (paths.has(path)) continue;
        for (const place of file.places) take(place);
        isAll = changed(file.places, into) || isAll;
        files.delete(path);
      }
      let before = -1;
      for (const { path } of migrations) {
        const rank = files.get(path)?.rank ?? before;
        if (rank < before) return null;
        before = rank;
      }
    }
    const known = isSamePaths || isGrown ? last : [];
    migrations.forEach((migration, rank) => {
      if (migration === known[rank]) return;
      const file = files.get(migration.path) ?? newFile(migration, rank);
      files.set(migration.path, file);
      file.rank = rank;
      isAll = replace(file, migration, into) || isAll;
    });
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

    names: () => byName.keys(),

    of(name) {
      const names = new Set([fold(name)]);
      const deeds = new Set(schemaDrops);
      // The set grows while it is gone through: what was renamed belongs to both of its names.
      for (const one of names) {
        for (const place of byName.get(one) ?? []) {
          deeds.add(place);
          for (const other of namesOf(place.deed)) names.add(fold(other));
        }
      }
      return { names, deeds: [...deeds].sort((a, b) => a.point - b.point || a.index - b.index) };
    },
  };
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
