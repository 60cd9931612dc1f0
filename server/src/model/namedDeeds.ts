import { type Deed, namesOf } from "./deeds";

/** What is done in a history, by the names that it concerns; names are folded. */
export interface NamedDeeds<T extends { readonly deed: Deed }> {
  put(place: T): void;
  take(place: T): void;
  clear(): void;
  /** The names that anything was ever done to. */
  names(): Iterable<string>;
  /** A name with all those that objects went to or came from by renaming, and what concerns them, in no order. */
  of(name: string): { readonly names: ReadonlySet<string>; readonly places: ReadonlySet<T> };
}

export function openNamedDeeds<T extends { readonly deed: Deed }>(fold: (name: string) => string): NamedDeeds<T> {
  const byName = new Map<string, T[]>();
  /** They concern whatever stands in the schema. */
  const schemaDrops: T[] = [];
  const listsOf = (deed: Deed): T[][] => {
    if (deed.kind === "drop-schema") return [schemaDrops];
    return namesOf(deed).map((name) => {
      const list = byName.get(fold(name)) ?? [];
      byName.set(fold(name), list);
      return list;
    });
  };
  return {
    put(place) {
      for (const list of listsOf(place.deed)) list.push(place);
    },

    take(place) {
      for (const list of listsOf(place.deed)) list.splice(list.indexOf(place), 1);
    },

    clear() {
      byName.clear();
      schemaDrops.length = 0;
    },

    names: () => byName.keys(),

    of(name) {
      const names = new Set([fold(name)]);
      const places = new Set(schemaDrops);
      // The set grows while it is gone through: what was renamed belongs to both of its names.
      for (const one of names) {
        for (const place of byName.get(one) ?? []) {
          places.add(place);
          for (const other of namesOf(place.deed)) names.add(fold(other));
        }
      }
      return { names, places };
    },
  };
}
