import type { QualifiedName } from "../sql/facts";
import type { Keys } from "./earlierKeys";
import type { Summary } from "./summary";

/** A statement among those of its file; its index and count change while the file is edited. */
export interface Entry {
  readonly summary: Summary;
  index: number;
  /** How many objects the statements before it create. */
  created: number;
}

/** A statement, and the name as it is written of what it does something to. */
export interface Place {
  readonly entry: Entry;
  readonly name: string;
}

/** What becomes of some names in a file. */
export interface FoldedNames {
  /** Folded; objects go from one to the other by renaming. */
  readonly names: ReadonlySet<string>;
  /** Where each is made or locked first. */
  readonly tables: ReadonlyMap<string, Entry>;
  readonly columns: ReadonlyMap<string, Entry>;
  readonly unchecked: ReadonlyMap<string, Entry>;
  /** By each name that a table has in the file. */
  readonly exclusive: ReadonlyMap<string, Place>;
  readonly totals: Totals;
}

/** What counts for all statements after it, whatever names they ask about. */
export interface Totals {
  readonly locks: ReadonlySet<Place>;
  readonly bulk: ReadonlySet<Place>;
  readonly enumValues: ReadonlySet<Place>;
}

/** Folds what some statements do to some names. @param entries in their order */
export function foldNames(
  names: ReadonlySet<string>,
  entries: readonly Entry[],
  { fold, keyOf, partKeyOf }: Keys,
  transactional: boolean,
): FoldedNames {
  const tables = new Map<string, Entry>();
  const columns = new Map<string, Entry>();
  const unchecked = new Map<string, Entry>();
  const exclusive = new Map<string, Place>();
  const types = new Set<string>();
  const bulk = new Set<Place>();
  const enumValues = new Set<Place>();
  const isAmong = ({ name }: QualifiedName) => names.has(fold(name));
  for (const entry of entries) {
    const { summary } = entry;
    if (transactional) {
      for (const table of summary.locks.filter(isAmong)) {
        const key = keyOf(table);
        if (!tables.has(key) && !exclusive.has(key)) exclusive.set(key, { entry, name: shown(table) });
      }
      for (const table of summary.bulk.filter(isAmong))
        if (!tables.has(keyOf(table))) bulk.add({ entry, name: shown(table) });
    }
    for (const { from, to } of summary.renames) {
      const held = exclusive.get(keyOf(from));
      if (tables.has(keyOf(from))) setFirst(tables, keyOf(to), entry);
      else if (held !== undefined) setFirst(exclusive, keyOf(to), held);
    }
    for (const table of summary.tables.filter(isAmong)) setFirst(tables, keyOf(table), entry);
    for (const added of summary.columns.filter(isAmong)) setFirst(columns, partKeyOf(added, added.column), entry);
    for (const added of summary.unchecked.filter(isAmong))
      setFirst(unchecked, partKeyOf(added, added.constraint), entry);
    for (const type of summary.types.filter(isAmong)) types.add(keyOf(type));
    if (!transactional) continue;
    for (const { type, value } of summary.enumValues)
      if (isAmong(type) && !types.has(keyOf(type))) enumValues.add({ entry, name: value });
  }
  const locks = new Set(exclusive.values());
  return { names, tables, columns, unchecked, exclusive, totals: { locks, bulk, enumValues } };
}

/** What comes later takes nothing back: it says nothing of the statements before it. */
function setFirst<T>(places: Map<string, T>, key: string, place: T): void {
  if (!places.has(key)) places.set(key, place);
}

/** A table as a place names it. */
export function shown({ schema, name }: QualifiedName): string {
  return schema === null ? name : `${schema}.${name}`;
}
