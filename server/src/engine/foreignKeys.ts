import type { QualifiedName } from "../sql/facts";
import { foreignKeyName } from "../sql/generatedName";

export interface ForeignKey {
  readonly constraint: string;
  readonly columns: readonly string[];
  readonly target: Table;
}

/** A table whose schema is known. */
export type Table = QualifiedName & { readonly schema: string };

/** The tables' foreign keys as the statements leave them that were followed so far. */
export class ForeignKeys {
  /** By the table that has them; a partition has those of its parent, too. */
  readonly #keys = new Map<string, readonly ForeignKey[]>();
  readonly #parents = new Map<string, Table>();

  /** All that a table has, also from the tables that it is a partition of. */
  of(table: Table): readonly ForeignKey[] {
    // What no server takes may make a table its own ancestor.
    const ancestors = new Set<string>();
    const keys = [...this.#own(table)];
    for (let of = this.parentOf(table); of !== undefined && !ancestors.has(idOf(of)); of = this.parentOf(of)) {
      ancestors.add(idOf(of));
      keys.push(...this.#own(of));
    }
    return keys;
  }

  parentOf(table: Table): Table | undefined {
    return this.#parents.get(idOf(table));
  }

  /** @param constraint null where the server chooses the name */
  add(table: Table, constraint: string | null, columns: readonly string[], target: Table): void {
    const name = constraint ?? this.#freeName(table, columns);
    this.#keys.set(idOf(table), [...this.#own(table), { constraint: name, columns, target }]);
  }

  change(table: Table, change: (key: ForeignKey) => ForeignKey): void {
    this.#keys.set(idOf(table), this.#own(table).map(change));
  }

  /** @returns the table's own keys that were taken away */
  take(table: Table, is: (key: ForeignKey) => boolean): readonly ForeignKey[] {
    const keys = this.#own(table);
    const left = keys.filter((key) => !is(key));
    if (left.length < keys.length) this.#keys.set(idOf(table), left);
    return keys.filter(is);
  }

  /** The keys that point at a dropped table are dropped with it. @returns those that it had itself */
  drop(table: Table): readonly ForeignKey[] {
    const dropped = this.#own(table);
    this.#keys.delete(idOf(table));
    this.#parents.delete(idOf(table));
    for (const [id, keys] of this.#keys) {
      if (keys.some(({ target }) => isSame(target, table)))
        this.#keys.set(
          id,
          keys.filter(({ target }) => !isSame(target, table)),
        );
    }
    return dropped;
  }

  /** Gives a table another name or another schema. */
  move(table: Table, to: Table): void {
    const [keys, parent] = [this.#own(table), this.parentOf(table)];
    this.#keys.delete(idOf(table));
    this.#keys.set(idOf(to), keys);
    this.#parents.delete(idOf(table));
    if (parent !== undefined) this.#parents.set(idOf(to), parent);
    for (const [partition, of] of this.#parents) if (isSame(of, table)) this.#parents.set(partition, to);
    for (const [id, all] of this.#keys) {
      if (all.some(({ target }) => isSame(target, table)))
        this.#keys.set(
          id,
          all.map((key) => (isSame(key.target, table) ? { ...key, target: to } : key)),
        );
    }
  }

  attach(partition: Table, parent: Table): void {
    this.#parents.set(idOf(partition), parent);
  }

  /** A partition keeps the keys that it had from its parent. */
  detach(partition: Table): void {
    const keys = this.of(partition);
    this.#parents.delete(idOf(partition));
    this.#keys.set(idOf(partition), keys);
  }

  #own(table: Table): readonly ForeignKey[] {
    return this.#keys.get(idOf(table)) ?? [];
  }

  #freeName({ schema, name: table }: Table, columns: readonly string[]): string {
    const taken = new Set(this.#own({ schema, name: table }).map(({ constraint }) => constraint));
    let name = foreignKeyName(table, columns, "postgresql");
    for (let number = 1; taken.has(name); number++) name = foreignKeyName(table, columns, "postgresql", String(number));
    return name;
  }
}

function idOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name]);
}

function isSame(a: Table, b: Table): boolean {
  return a.schema === b.schema && a.name === b.name;
}
