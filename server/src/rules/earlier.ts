import type { Scope } from "../model/migration";
import type { Settings } from "../model/settings";
import { replaceIn } from "../sql/replaceIn";
import { type Keys, namesIn, openKeys } from "./earlierKeys";
import { type Entry, type FoldedNames, foldNames, type Place, shown, type Totals } from "./earlierNames";
import { nothing, type Summary } from "./summary";

/**
 * What stands before a statement in its file. Every look-up takes and gives plain values, so that findings can be kept as long as the
 * look-ups that they rest on give the same. A schema that isn't written is the one that the migration is for.
 */
export interface Earlier {
  /** Whether a table is made by the file itself, so that nobody uses it yet. */
  createsTable(schema: string | null, name: string): boolean;
  addsColumn(schema: string | null, table: string, column: string): boolean;
  /** Whether a constraint was added that doesn't hold the rows that are there: NOT VALID, WITH NOCHECK. */
  addsUnchecked(schema: string | null, table: string, constraint: string): boolean;
  /** Whether the transaction holds a lock on an older table that nobody reads beside. */
  locksExclusively(schema: string | null, name: string): boolean;
  /** The first older table that the transaction locks so, as it is written; null for none. */
  firstExclusive(): string | null;
  /** How many older tables the transaction locks so; 2 for more. */
  exclusiveCount(): number;
  /** The first older table whose rows the transaction has changed in bulk; null for none. */
  firstBulkChange(): string | null;
  /** Whether the file has created so many objects with a row in `pg_class` or `sys.objects`. */
  createsAtLeast(count: number): boolean;
  /** The values that the transaction has added to enum types older than itself, with their quotes, joined by NUL; empty for none. */
  newEnumValues(): string;
  /** How many they are. An object more or less before a statement has whoever asks this look at it again. */
  createdCount(): number;
}

/** What stands before each of a file's statements, while the file is edited. */
export interface OpenEarlier {
  /**
   * Puts statements in the place of others.
   * @returns the names, folded, with which those that have come or gone do something; `""` for what is only counted
   */
  replace(at: number, gone: number, come: readonly Summary[]): ReadonlySet<string>;
  before(index: number): Earlier;
  /** How many objects are created before a statement. */
  created(index: number): number;
  /** Grows when the look-ups that are about no one name may give something else. */
  readonly totals: TotalsVersions;
}

/** By what they are about. */
export type TotalsVersions = { readonly [Kind in keyof Totals]: number };

/** What decides how a file's statements are read together. */
export interface FileContext {
  readonly settings: Settings;
  readonly scope: Scope;
  /** Whether a lock is held from one statement to the next. */
  readonly transactional: boolean;
}

/** After an edit only the names are looked at again with which it does something. */
export function openEarlier({ settings, scope, transactional }: FileContext): OpenEarlier {
  const keys = openKeys(settings, scope);
  const entries: Entry[] = [];
  const byName = new Map<string, Entry[]>();
  const folded = new Map<string, FoldedNames>();
  const all = { locks: new Set<Place>(), bulk: new Set<Place>(), enumValues: new Set<Place>() };
  let totals: First = { locks: [], bulk: [], enumValues: [] };
  let versions: TotalsVersions = { locks: 0, bulk: 0, enumValues: 0 };

  const foldAgain = (name: string) => {
    const { names, concerned } = together(name, byName, keys);
    const now = foldNames(names, concerned, keys, transactional);
    for (const one of names) folded.set(one, now);
    for (const kind of kinds) for (const place of now.totals[kind]) all[kind].add(place);
  };
  /** @returns the names with all those that were folded together with them */
  const forget = (names: ReadonlySet<string>): ReadonlySet<string> => {
    const gone = new Set(names);
    for (const before of new Set([...names].flatMap((name) => folded.get(name) ?? []))) {
      for (const name of before.names) {
        gone.add(name);
        folded.delete(name);
      }
      for (const kind of kinds) for (const place of before.totals[kind]) all[kind].delete(place);
    }
    return gone;
  };
  const put = (entry: Entry, name: string) => {
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [entry]);
    else list.push(entry);
  };
  const take = (entry: Entry, name: string) => {
    const list = byName.get(name) ?? [];
    list.splice(list.indexOf(entry), 1);
    if (list.length === 0) byName.delete(name);
  };
  const countFrom = (at: number) => {
    const before = entries[at - 1];
    let created = before === undefined ? 0 : before.created + before.summary.objects;
    for (let index = at; index < entries.length; index++) {
      const entry = entries[index];
      if (entry === undefined) continue;
      entry.index = index;
      entry.created = created;
      created += entry.summary.objects;
    }
  };
  const total = () => {
    const now = { locks: firstOf(all.locks, 2), bulk: firstOf(all.bulk, 1), enumValues: firstOf(all.enumValues) };
    const versionOf = (kind: keyof Totals) => versions[kind] + (areSame(totals[kind], now[kind]) ? 0 : 1);
    versions = { locks: versionOf("locks"), bulk: versionOf("bulk"), enumValues: versionOf("enumValues") };
    totals = now;
  };

  return {
    replace(at, gone, come) {
      const added = come.map((summary): Entry => ({ summary, index: 0, created: 0 }));
      const removed = replaceIn(entries, at, gone, added);
      const changed = [...removed, ...added].filter(({ summary }) => summary !== nothing);
      countFrom(at);
      if (changed.length === 0) return none;
      for (const entry of removed) for (const name of namesIn(entry.summary, keys)) take(entry, name);
      for (const entry of added) for (const name of namesIn(entry.summary, keys)) put(entry, name);
      const names = new Set(changed.flatMap(({ summary }) => [...namesIn(summary, keys)]));
      for (const name of forget(names)) if (!folded.has(name) && byName.has(name)) foldAgain(name);
      total();
      return changed.some(({ summary }) => isCounted(summary)) ? names.add("") : names;
    },

    before: (index) => new Before(entries[index] ?? nowhere, keys, folded, totals),

    created: (index) => (entries[index] ?? nowhere).created,

    get totals() {
      return versions;
    },
  };
}

/** One is made for each statement that is checked, so it holds no more than it has to. */
class Before implements Earlier {
  readonly #entry: Entry;
  readonly #keys: Keys;
  readonly #folded: ReadonlyMap<string, FoldedNames>;
  readonly #totals: First;

  constructor(entry: Entry, keys: Keys, folded: ReadonlyMap<string, FoldedNames>, totals: First) {
    this.#entry = entry;
    this.#keys = keys;
    this.#folded = folded;
    this.#totals = totals;
  }

  createsTable(schema: string | null, name: string): boolean {
    return this.#isBefore(this.#of(name)?.tables.get(this.#keys.keyOf({ schema, name })));
  }

  addsColumn(schema: string | null, name: string, column: string): boolean {
    return this.#isBefore(this.#of(name)?.columns.get(this.#keys.partKeyOf({ schema, name }, column)));
  }

  addsUnchecked(schema: string | null, name: string, constraint: string): boolean {
    return this.#isBefore(this.#of(name)?.unchecked.get(this.#keys.partKeyOf({ schema, name }, constraint)));
  }

  locksExclusively(schema: string | null, name: string): boolean {
    return this.#isBefore(this.#of(name)?.exclusive.get(this.#keys.keyOf({ schema, name }))?.entry);
  }

  firstExclusive(): string | null {
    return this.#first("locks")[0]?.name ?? null;
  }

  exclusiveCount(): number {
    return this.#first("locks").length;
  }

  firstBulkChange(): string | null {
    return this.#first("bulk")[0]?.name ?? null;
  }

  newEnumValues(): string {
    return this.#first("enumValues")
      .map(({ name }) => name)
      .join("\0");
  }

  createsAtLeast(count: number): boolean {
    return count <= this.#entry.created;
  }

  createdCount(): number {
    return this.#entry.created;
  }

  #of(name: string): FoldedNames | undefined {
    return this.#folded.get(this.#keys.fold(name));
  }

  #first(kind: keyof Totals): readonly Place[] {
    const places = this.#totals[kind];
    return places.length === 0 ? places : places.filter(({ entry }) => this.#isBefore(entry));
  }

  #isBefore(found: Entry | undefined): boolean {
    return found !== undefined && found.index < this.#entry.index;
  }
}

/** Those that may be asked for, in their order. */
type First = { readonly [Kind in keyof Totals]: readonly Place[] };

const kinds = ["locks", "bulk", "enumValues"] as const;
const nowhere: Entry = { summary: nothing, index: 0, created: 0 };
const none: ReadonlySet<string> = new Set();

/** A name with all those that objects went to or came from by renaming, and the statements that concern them, in their order. */
function together(
  name: string,
  byName: ReadonlyMap<string, readonly Entry[]>,
  { fold }: Keys,
): { names: ReadonlySet<string>; concerned: readonly Entry[] } {
  const names = new Set([name]);
  const concerned = new Set<Entry>();
  // The set grows while it is gone through: what was renamed belongs to both of its names, from whichever of them it is asked for. What else
  // the same statement renames is no concern of theirs.
  for (const one of names) {
    for (const entry of byName.get(one) ?? []) {
      concerned.add(entry);
      for (const { from, to } of entry.summary.renames) {
        const both = [fold(from.name), fold(to.name)];
        if (both.includes(one)) for (const name of both) names.add(name);
      }
    }
  }
  return { names, concerned: [...concerned].sort((a, b) => a.index - b.index) };
}

function firstOf(places: ReadonlySet<Place>, most = places.size): Place[] {
  return [...places].sort((a, b) => a.entry.index - b.entry.index || placeIn(a) - placeIn(b)).slice(0, most);
}

/** Which of the tables a place's statement names it is: they aren't found in their order, but by their names. */
function placeIn({ entry: { summary }, name }: Place): number {
  return [...summary.locks, ...summary.bulk].findIndex((table) => shown(table) === name);
}

function areSame(before: readonly Place[], now: readonly Place[]): boolean {
  return before.length === now.length && before.every((place, index) => isSame(place, now[index]));
}

function isSame({ entry, name }: Place, other: Place | undefined): boolean {
  return entry === other?.entry && name === other.name;
}

/** Whether something that a statement does counts for those after it, whatever they name. */
function isCounted({ objects, types, enumValues }: Summary): boolean {
  return objects + types.length + enumValues.length > 0;
}
