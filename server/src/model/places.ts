import type { Dialect } from "../sql/dialect";
import type { Analysis } from "../sql/facts";
import type { AnalysedMigration } from "./catalog";
import { type Deed, deedsOf, namesOf } from "./deeds";
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
  /** A name, folded, with all those that objects went to or came from by renaming, and what concerns them, in the history's order. */
  of(name: string): { readonly names: ReadonlySet<string>; readonly deeds: readonly Place[] };
}

export function openPlaces(dialect: Dialect): Places {
  // SQL Server's usual collations don't tell upper from lower case.
  const fold = (name: string) => (dialect === "sqlserver" ? name.toLowerCase() : name);
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
    file.analysis = migration.analysis;
    const before = file.places;
    const now = deedsIn(migration, dialect);
    const isMoved = file.scope !== migration.scope;
    const start = isMoved ? 0 : commonLength(before, now, (index) => index);
    const end = isMoved ? 0 : commonLength(before.slice(start), now.slice(start), (index, of) => of - 1 - index);
    const gone = before.slice(start, before.length - end);
    const come = now.slice(start, now.length - end).map((found) => new Moving(file, found));
    file.scope = migration.scope;
    file.places = [...before.slice(0, start), ...come, ...before.slice(before.length - end)];
    file.places.forEach((place, index) => {
      const found = now[index];
      if (found) place.moveTo(found, index);
    });
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
    if (!isSamePaths) {
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
    const known = isSamePaths ? last : [];
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
      const found = (last.length === 0 ? null : readChanged(migrations)) ?? readAll(migrations);
      last = migrations;
      return found;
    },

    pointOf(path, statement) {
      const file = files.get(path);
      return file === undefined ? Number.POSITIVE_INFINITY : pointAt(file, statement);
    },

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
  analysis: Analysis | null;
  scope: Scope;
  rank: number;
  places: Moving[];
}

function newFile({ path, scope }: AnalysedMigration, rank: number): File {
  return { path, scope, analysis: null, rank, places: [] };
}

interface Found {
  readonly deed: Deed;
  readonly statement: number;
  readonly offset: number;
}

class Moving implements Place {
  readonly deed: Deed;
  readonly #file: File;
  #statement = 0;
  offset = 0;
  index = 0;

  constructor(file: File, { deed }: Found) {
    this.deed = deed;
    this.#file = file;
  }

  moveTo({ statement, offset }: Found, index: number): void {
    this.#statement = statement;
    this.offset = offset;
    this.index = index;
  }

  get point(): number {
    return pointAt(this.#file, this.#statement);
  }

  get path(): string {
    return this.#file.path;
  }

  get scope(): Scope {
    return this.#file.scope;
  }
}

/** No file has as many statements. */
const mostStatements = 2 ** 26;

function pointAt({ rank }: File, statement: number): number {
  return rank * mostStatements + statement;
}

function deedsIn({ analysis, up }: AnalysedMigration, dialect: Dialect): Found[] {
  const found: Found[] = [];
  for (const [index, statement] of analysis.statements.entries()) {
    if (statement.start < up.start || statement.end > up.end) continue;
    for (const deed of deedsOf(analysis.text, statement, dialect))
      found.push({ deed, statement: index, offset: statement.start });
  }
  return found;
}

function commonLength(
  before: readonly Found[] | readonly Place[],
  now: readonly Found[],
  at: (index: number, of: number) => number,
): number {
  const most = Math.min(before.length, now.length);
  let length = 0;
  while (length < most && before[at(length, before.length)]?.deed === now[at(length, now.length)]?.deed) length++;
  return length;
}
