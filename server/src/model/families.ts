import type { Action } from "../sql/action";
import { type Dialect, foldName } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import { parentsOf } from "./deeds";

/** A table by its whole name. */
export interface TablePlace {
  readonly schema: string;
  readonly name: string;
}

/** A table that has its columns from a parent. */
export interface Child extends TablePlace {
  /** It goes when its parent is dropped. */
  readonly isPartition: boolean;
}

/** Which tables have their columns from which. */
export class Families {
  readonly #dialect: Dialect;
  /** By the parent, then by the child. */
  readonly #children = new Map<string, Map<string, Child>>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  childrenOf(parent: TablePlace): readonly Child[] {
    return [...(this.#children.get(this.keyOf(parent))?.values() ?? [])];
  }

  /** The table and all that have their columns from it, through others as well. */
  withDescendants(table: TablePlace): readonly TablePlace[] {
    const all = new Map([[this.keyOf(table), table]]);
    for (const one of all.values()) for (const child of this.childrenOf(one)) all.set(this.keyOf(child), child);
    return [...all.values()];
  }

  /** Takes notice of what an action does to a table. @param meant what other names in it mean. @returns the tables that it takes away */
  follow(action: Action, table: TablePlace, meant: (name: QualifiedName) => TablePlace): readonly TablePlace[] {
    switch (action.kind) {
      case "create-table":
        for (const parent of parentsOf(action))
          this.#put(meant(parent), { ...table, isPartition: action.partitionOf !== null });
        return nothing;
      case "inherit":
        this.#put(meant(action.parent), { ...table, isPartition: false });
        return nothing;
      case "attach-partition":
        // There, only a table's rows go over to another.
        if (this.#dialect !== "sqlserver") this.#put(table, { ...meant(action.partition), isPartition: true });
        return nothing;
      case "detach-partition":
        this.#children.get(this.keyOf(table))?.delete(this.keyOf(meant(action.partition)));
        return nothing;
      case "rename":
        this.#move(table, { ...table, name: action.to });
        return nothing;
      case "set-schema":
        this.#move(table, { ...table, schema: action.to });
        return nothing;
      case "drop":
        return this.#drop(table, action.cascade !== null);
      default:
        return nothing;
    }
  }

  dropSchema(schema: string): void {
    const isIn = (key: string) => key.startsWith(`${foldName(schema, this.#dialect)}\0`);
    for (const [parent, children] of this.#children) {
      if (isIn(parent)) this.#children.delete(parent);
      for (const child of children.keys()) if (isIn(child)) children.delete(child);
    }
  }

  keyOf({ schema, name }: TablePlace): string {
    return `${foldName(schema, this.#dialect)}\0${foldName(name, this.#dialect)}`;
  }

  #put(parent: TablePlace, child: Child): void {
    const children = this.#children.get(this.keyOf(parent)) ?? new Map<string, Child>();
    this.#children.set(this.keyOf(parent), children);
    children.set(this.keyOf(child), child);
  }

  #move(from: TablePlace, to: TablePlace): void {
    const own = this.#children.get(this.keyOf(from));
    this.#children.delete(this.keyOf(from));
    if (own !== undefined) this.#children.set(this.keyOf(to), own);
    for (const children of this.#children.values()) {
      const child = children.get(this.keyOf(from));
      if (child === undefined) continue;
      children.delete(this.keyOf(from));
      children.set(this.keyOf(to), { ...to, isPartition: child.isPartition });
    }
  }

  /** Without CASCADE, a table that other ones inherit from isn't dropped before they are. */
  #drop(table: TablePlace, cascades: boolean): TablePlace[] {
    const children = this.childrenOf(table).filter(({ isPartition }) => isPartition || cascades);
    this.#children.delete(this.keyOf(table));
    for (const others of this.#children.values()) others.delete(this.keyOf(table));
    return [table, ...children.flatMap((child) => this.#drop(child, cascades))];
  }
}

const nothing: readonly TablePlace[] = [];
