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
  /** The names of keys by schema, and by table those that have keys to it: a history has thousands. */
  readonly #names = new Map<string, Set<string>>();
  readonly #pointing = new Map<string, Set<string>>();

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

  /** All that a table has, and what its partitions have beside. */
  below(table: Table): readonly ForeignKey[] {
    return [...this.of(table), ...this.#partitionsOf(table).flatMap((partition) => this.#own(partition))];
  }

  parentOf(table: Table): Table | undefined {
    return this.#parents.get(idOf(table));
  }

  /**
   * What a partition has of the key already becomes a part of it.
   * @param constraint null where the server chooses the name
   * @returns what became so
   */
  add(table: Table, constraint: string | null, columns: readonly string[], target: Table): readonly ForeignKey[] {
    const key = { constraint: constraint ?? this.#freeName(table, columns), columns, target };
    const merged = this.#partitionsOf(table).flatMap((one) => this.#take(one, (own) => isSameKey(own, key)));
    this.#set(table, [...this.#own(table), key]);
    return merged;
  }

  renameConstraint(table: Table, constraint: string, to: string): void {
    this.#change(table, (key) => (key.constraint === constraint ? { ...key, constraint: to } : key));
  }

  renameColumn(table: Table, column: string, to: string): void {
    const renamed = (name: string) => (name === column ? to : name);
    for (const one of [table, ...this.#partitionsOf(table)])
      this.#change(one, (key) => ({ ...key, columns: key.columns.map(renamed) }));
  }

  /** @returns the table's own keys of that name, which are there no more */
  dropConstraint(table: Table, constraint: string): readonly ForeignKey[] {
    return this.#take(table, (key) => key.constraint === constraint);
  }

  /** @returns the keys that went with the column, those of partitions as well */
  dropColumn(table: Table, column: string): readonly ForeignKey[] {
    const all = [table, ...this.#partitionsOf(table)];
    return all.flatMap((one) => this.#take(one, ({ columns }) => columns.includes(column)));
  }

  /** The partitions go with their table, and so do the keys that point at it. @returns those that it and they had themselves */
  drop(table: Table): readonly ForeignKey[] {
    const all = [table, ...this.#partitionsOf(table)];
    const dropped = all.flatMap((one) => this.#own(one));
    for (const one of all) {
      this.#set(one, []);
      this.#parents.delete(idOf(one));
      for (const pointing of this.#pointingAt(one)) this.#take(pointing, ({ target }) => isSame(target, one));
    }
    return dropped;
  }

  /** Gives a table another name or another schema. */
  move(table: Table, to: Table): void {
    const [keys, parent] = [this.#own(table), this.parentOf(table)];
    this.#set(table, []);
    this.#set(to, keys);
    this.#parents.delete(idOf(table));
    if (parent !== undefined) this.#parents.set(idOf(to), parent);
    for (const [partition, of] of this.#parents) if (isSame(of, table)) this.#parents.set(partition, to);
    for (const pointing of this.#pointingAt(table))
      this.#change(pointing, (key) => (isSame(key.target, table) ? { ...key, target: to } : key));
  }

  /** What a partition has of its parent's keys already becomes a part of them. @returns what became so */
  attach(partition: Table, parent: Table): readonly ForeignKey[] {
    const keys = this.of(parent);
    const merged = this.#take(partition, (own) => keys.some((key) => isSameKey(own, key)));
    this.#parents.set(idOf(partition), parent);
    return merged;
  }

  /** A partition keeps the keys that it had from its parent. */
  detach(partition: Table): void {
    const keys = this.of(partition);
    this.#parents.delete(idOf(partition));
    this.#set(partition, keys);
  }

  #own(table: Table): readonly ForeignKey[] {
    return this.#keys.get(idOf(table)) ?? [];
  }

  #change(table: Table, change: (key: ForeignKey) => ForeignKey): void {
    const keys = this.#own(table);
    if (keys.length > 0) this.#set(table, keys.map(change));
  }

  #take(table: Table, is: (key: ForeignKey) => boolean): readonly ForeignKey[] {
    const keys = this.#own(table);
    const taken = keys.filter(is);
    if (taken.length > 0)
      this.#set(
        table,
        keys.filter((key) => !taken.includes(key)),
      );
    return taken;
  }

  #set(table: Table, keys: readonly ForeignKey[]): void {
    const id = idOf(table);
    const names = into(this.#names, table.schema);
    for (const { constraint, target } of this.#own(table)) {
      names.delete(constraint);
      this.#pointing.get(idOf(target))?.delete(id);
    }
    for (const { constraint, target } of keys) {
      names.add(constraint);
      into(this.#pointing, idOf(target)).add(id);
    }
    this.#keys.set(id, keys);
  }

  #pointingAt(table: Table): readonly Table[] {
    return [...(this.#pointing.get(idOf(table)) ?? [])].map(tableOf);
  }

  /** The partitions of a table, and theirs. */
  #partitionsOf(table: Table, found = new Set<string>()): readonly Table[] {
    for (const [id, parent] of this.#parents) {
      if (!isSame(parent, table) || found.has(id)) continue;
      found.add(id);
      this.#partitionsOf(tableOf(id), found);
    }
    return [...found].map(tableOf);
  }

  /** The server chooses a name that no constraint of the schema has. */
  #freeName({ schema, name: table }: Table, columns: readonly string[]): string {
    const taken = into(this.#names, schema);
    let name = foreignKeyName(table, columns, "postgresql");
    for (let number = 1; taken.has(name); number++) name = foreignKeyName(table, columns, "postgresql", String(number));
    return name;
  }
}

function into(sets: Map<string, Set<string>>, key: string): Set<string> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}

function idOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name]);
}

function tableOf(id: string): Table {
  const [schema, name] = JSON.parse(id);
  return { schema, name };
}

function isSame(a: Table, b: Table): boolean {
  return a.schema === b.schema && a.name === b.name;
}

function isSameKey(a: ForeignKey, b: ForeignKey): boolean {
  return isSame(a.target, b.target) && `${a.columns}` === `${b.columns}`;
}
