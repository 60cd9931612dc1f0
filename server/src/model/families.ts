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

  /** Takes notice of what an action says of parents. @param placeOf what a name in the action means */
  follow(action: Action, table: TablePlace, placeOf: (name: QualifiedName) => TablePlace): void {
    // There, only a table's rows go over to another.
    if (this.#dialect === "sqlserver") return;
    switch (action.kind) {
      case "create-table":
        for (const parent of parentsOf(action))
          this.#put(placeOf(parent), { ...table, isPartition: action.partitionOf !== null });
        return;
      case "inherit":
        this.#put(placeOf(action.parent), { ...table, isPartition: false });
        return;
      case "attach-partition":
        this.#put(table, { ...placeOf(action.partition), isPartition: true });
        return;
      case "detach-partition":
        this.#children.get(this.keyOf(table))?.delete(this.keyOf(placeOf(action.partition)));
    }
  }

  move(from: TablePlace, to: TablePlace): void {
    const own = this.#children.get(this.keyOf(from));
    if (own !== undefined) this.#children.set(this.keyOf(to), own);
    this.#children.delete(this.keyOf(from));
    for (const children of this.#children.values()) {
      const child = children.get(this.keyOf(from));
      if (child === undefined) continue;
      children.delete(this.keyOf(from));
      children.set(this.keyOf(to), { ...to, isPartition: child.isPartition });
    }
  }

  forget(table: TablePlace): void {
    this.#children.delete(this.keyOf(table));
    for (const children of this.#children.values()) children.delete(this.keyOf(table));
  }

  keyOf({ schema, name }: TablePlace): string {
    return `${foldName(schema, this.#dialect)}\0${foldName(name, this.#dialect)}`;
  }

  #put(parent: TablePlace, child: Child): void {
    const children = this.#children.get(this.keyOf(parent)) ?? new Map<string, Child>();
    this.#children.set(this.keyOf(parent), children);
    children.set(this.keyOf(child), child);
  }
}
