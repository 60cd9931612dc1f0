import { locksOf } from "../model/locks";
import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import type { Action, Constraint } from "../sql/action";
import { actionsOf } from "../sql/actions";
import type { AnalysedStatement, QualifiedName } from "../sql/facts";
import type { SharedLock } from "./events";

/** A tenant table's foreign key to a shared table. */
interface Key {
  readonly constraint: string;
  readonly columns: readonly string[];
  /** The shared table. */
  readonly target: string;
}

/**
 * The tenants' foreign keys to shared tables, followed through the history. Adding one, also by what makes or attaches a partition, and
 * detaching a partition that has one locks the shared table against writing; dropping or retyping one locks it against everything.
 */
export class SharedReferences {
  readonly #settings: Settings;
  /** By the table that has them; a partition has those of its parent, too. */
  readonly #keys = new Map<string, readonly Key[]>();
  readonly #parents = new Map<string, QualifiedName>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Takes up the next migration of the history. @returns the locks that it needs, ordered by table, each in the strongest mode */
  follow(migration: Migration, statements: readonly AnalysedStatement[]): SharedLock[] {
    if (migration.scope === "public") return [];
    const { dialect } = this.#settings;
    const actions = statements.flatMap((statement) => actionsOf(migration.text, statement, dialect));
    return mergeLocks(actions.flatMap((action) => [...this.#direct(action), ...this.#throughKeys(action)]));
  }

  /** The locks on shared tables that an action takes by naming them. */
  #direct(action: Action): SharedLock[] {
    return locksOf(action, this.#settings.dialect).flatMap(({ table, mode }) =>
      this.#isShared(table) && (mode === "SHARE ROW EXCLUSIVE" || mode === "ACCESS EXCLUSIVE")
        ? [{ table: table.name, mode }]
        : [],
    );
  }

  /** Takes note of what an action does to keys. @returns the locks that it takes on the tables that they point at */
  #throughKeys(action: Action): SharedLock[] {
    switch (action.kind) {
      case "create-table":
        if (action.temporary) return [];
        this.#add(action.table, [...action.constraints, ...action.columns.flatMap(({ constraints }) => constraints)]);
        if (action.partitionOf === null) return [];
        this.#parents.set(action.table.name, action.partitionOf);
        return againstWriting(this.#of(action.partitionOf));
      case "attach-partition":
        return this.#attach(action.partition, action.table);
      case "detach-partition": {
        const keys = this.#of(action.partition);
        this.#parents.delete(action.partition.name);
        this.#keys.set(action.partition.name, keys);
        return againstWriting(keys);
      }
      case "add-column":
        this.#add(action.table, action.column.constraints);
        return [];
      case "add-constraint":
        this.#add(action.table, [action.constraint]);
        return [];
      case "drop-column":
        return exclusive(this.#take(action.table, ({ columns }) => columns.includes(action.column)));
      case "drop-constraint":
        return exclusive(this.#take(action.table, ({ constraint }) => constraint === action.constraint));
      case "alter-type":
        return exclusive(this.#of(action.table).filter(({ columns }) => columns.includes(action.column)));
      case "drop":
        if (action.object !== "table") return [];
        this.#parents.delete(action.name.name);
        return exclusive(this.#take(action.name, () => true));
      case "rename-column": {
        const renamed = (column: string) => (column === action.column ? action.to : column);
        const keys = this.#own(action.table).map((key) => ({ ...key, columns: key.columns.map(renamed) }));
        this.#keys.set(action.table.name, keys);
        return [];
      }
      case "rename":
        if (action.object === "table") this.#rename(action.name, action.to);
        return [];
      default:
        return [];
    }
  }

  #isShared({ schema, name }: QualifiedName): boolean {
    return schema === null ? this.#settings.publicTables.includes(name) : schema === this.#settings.publicSchema;
  }

  /** What a partition has of its parent's keys already becomes a part of them, for which its triggers are dropped. */
  #attach(partition: QualifiedName, table: QualifiedName): SharedLock[] {
    const keys = this.#of(table);
    const isSame = (own: Key) =>
      keys.some(({ columns, target }) => own.target === target && `${own.columns}` === `${columns}`);
    const merged = this.#take(partition, isSame);
    this.#parents.set(partition.name, table);
    return [...againstWriting(keys), ...exclusive(merged)];
  }

  #rename(table: QualifiedName, to: string): void {
    this.#keys.set(
      to,
      this.#take(table, () => true),
    );
    const parent = this.#parents.get(table.name);
    this.#parents.delete(table.name);
    if (parent !== undefined) this.#parents.set(to, parent);
    for (const [partition, { schema, name }] of this.#parents)
      if (name === table.name) this.#parents.set(partition, { schema, name: to });
  }

  #own(table: QualifiedName): readonly Key[] {
    return this.#keys.get(table.name) ?? [];
  }

  #of(table: QualifiedName): readonly Key[] {
    // What no server takes may make a table its own ancestor.
    const ancestors = new Set<string>();
    const keys = [...this.#own(table)];
    for (let of = this.#parents.get(table.name); of !== undefined; of = this.#parents.get(of.name)) {
      if (ancestors.has(of.name)) break;
      ancestors.add(of.name);
      keys.push(...this.#own(of));
    }
    return keys;
  }

  #add(table: QualifiedName, constraints: readonly Constraint[]): void {
    const added = constraints.flatMap(({ name, columns, target }) =>
      target !== null && this.#isShared(target)
        ? [{ constraint: name ?? `${table.name}_${columns.join("_")}_fkey`, columns, target: target.name }]
        : [],
    );
    if (added.length > 0) this.#keys.set(table.name, [...this.#own(table), ...added]);
  }

  #take(table: QualifiedName, is: (key: Key) => boolean): readonly Key[] {
    const keys = this.#own(table);
    this.#keys.set(
      table.name,
      keys.filter((key) => !is(key)),
    );
    return keys.filter(is);
  }
}

function againstWriting(keys: readonly Key[]): SharedLock[] {
  return keys.map(({ target }) => ({ table: target, mode: "SHARE ROW EXCLUSIVE" }));
}

function exclusive(keys: readonly Key[]): SharedLock[] {
  return keys.map(({ target }) => ({ table: target, mode: "ACCESS EXCLUSIVE" }));
}

/** One lock for each table, in the strongest mode that is asked for; ordered by table, so that all workers ask in one order. */
export function mergeLocks(locks: Iterable<SharedLock>): SharedLock[] {
  const strongest = new Map<string, SharedLock>();
  for (const lock of locks) {
    if (lock.mode === "ACCESS EXCLUSIVE" || !strongest.has(lock.table)) strongest.set(lock.table, lock);
  }
  return [...strongest.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
