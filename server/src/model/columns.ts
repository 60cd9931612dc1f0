import type { Action } from "../sql/action";
import { foldName } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import { firstPast } from "../sql/sorted";
import { parentsOf } from "./deeds";
import { Families, type TablePlace } from "./families";
import type { Place } from "./places";
import type { Settings } from "./settings";
import {
  asPartition,
  asWhole,
  columnOf,
  emptyTable,
  type KnownColumn,
  known,
  type NamedColumn,
  plainType,
  type TableState,
  withChanged,
  withColumn,
  withConstraint,
  withCopies,
  without,
  withoutConstraint,
  withParent,
  withParents,
  withQueried,
  withRedefined,
  withRenamed,
  withValidated,
} from "./tableState";
import type { Timeline } from "./timeline";

export type { KnownColumn, NamedColumn };

/** All columns of a table as it was where a view was made of it. */
export interface AllOfTable {
  readonly schema: string | null;
  readonly table: string;
  readonly of: Pick<Place, "point" | "scope">;
}

/** The columns of some tables over time. Nothing is worked out until a column is asked for. */
export class Columns {
  readonly #settings: Settings;
  readonly #deeds: readonly Place[];
  readonly #timeline: Timeline;
  readonly #families: Families;
  /** By the table; the last before a point is the one that holds there. */
  #states: Map<string, { readonly at: Place; readonly state: TableState | null }[]> | null = null;

  /**
   * @param deeds that concern the tables, in the history's order
   * @param timeline where the tables are over time
   */
  constructor(settings: Settings, deeds: readonly Place[], timeline: Timeline) {
    this.#settings = settings;
    this.#deeds = deeds;
    this.#timeline = timeline;
    this.#families = new Families(settings.dialect);
  }

  find(point: number, schema: string, table: string, column: string): KnownColumn | null {
    const state = this.#before(point, { schema, name: table });
    const found = state && columnOf(state, this.#fold(column));
    return state && found && known(state, found);
  }

  /** The columns of a table or a view in their order. */
  list(point: number, schema: string, table: string): (NamedColumn | AllOfTable)[] {
    const state = this.#before(point, { schema, name: table });
    if (state === null) return [];
    const { view } = state;
    if (view !== null)
      return view.outputs.map((output) =>
        "column" in output ? { name: output.column, type: null, notNull: false } : { ...output, of: view.place },
      );
    return state.columns.map((column) => ({ name: column.name, ...known(state, column) }));
  }

  #before(point: number, table: TablePlace): TableState | null {
    if (this.#states === null) {
      this.#states = new Map();
      for (const place of this.#deeds) this.#follow(place);
    }
    const states = this.#states.get(this.#families.keyOf(table)) ?? [];
    return states[firstPast(states, ({ at }) => at.point >= point) - 1]?.state ?? null;
  }

  #follow(place: Place): void {
    const { deed } = place;
    if (deed.kind === "drop-schema") this.#dropSchema(place, deed.schema);
    if (deed.kind !== "action") return;
    const { action } = deed;
    const table = this.#timeline.tableOf(deed, place);
    if (action.kind === "rename") this.#move(place, table, { ...table, name: action.to });
    else if (action.kind === "set-schema") this.#move(place, table, { ...table, schema: action.to });
    else if (action.kind !== "drop") this.#change(place, action, table);
    const gone = this.#families.follow(action, table, (name) => this.#timeline.tableMeant(name, place));
    for (const one of gone) this.#put(place, one, null);
  }

  #move(at: Place, from: TablePlace, to: TablePlace): void {
    const state = this.#latest(from);
    if (state === null) return;
    this.#put(at, from, null);
    this.#put(at, to, state);
  }

  #dropSchema(at: Place, schema: string): void {
    this.#families.dropSchema(schema);
    for (const [key, states] of this.#states ?? [])
      if (key.startsWith(`${this.#fold(schema)}\0`)) states.push({ at, state: null });
  }

  #change(at: Place, action: Action, table: TablePlace): void {
    const fold = (name: string) => this.#fold(name);
    const state = this.#latest(table);
    const meant = (name: QualifiedName) => this.#timeline.tableMeant(name, at);
    switch (action.kind) {
      case "create-table":
        if (state === null) this.#put(at, table, this.#made(action, meant));
        return;
      case "create":
        if (state === null || action.object === "view")
          this.#put(at, table, { ...emptyTable, view: { outputs: action.outputs ?? [], place: at } });
        return;
      case "add-column": {
        const column = columnOf(withColumn(emptyTable, action.column, fold), fold(action.column.name));
        this.#put(at, table, withColumn(state ?? emptyTable, action.column, fold));
        if (column !== null) for (const child of this.#families.childrenOf(table)) this.#inherit(at, child, column);
        return;
      }
      case "drop-column":
        this.#dropColumn(at, table, fold(action.column));
        return;
      case "inherit":
        this.#put(at, table, withParent(state ?? emptyTable, this.#latest(meant(action.parent)) ?? emptyTable));
        return;
      case "attach-partition": {
        const partition = this.#latest(meant(action.partition));
        if (state !== null && partition !== null)
          this.#put(at, meant(action.partition), asPartition(withParent(partition, state)));
        return;
      }
      case "detach-partition": {
        const partition = this.#latest(meant(action.partition));
        if (partition !== null) this.#put(at, meant(action.partition), asWhole(partition));
        return;
      }
      default:
        for (const one of this.#families.withDescendants(table)) {
          const before = this.#latest(one);
          const after = changed(before, action, fold);
          if (after !== before) this.#put(at, one, after);
        }
    }
  }

  #made(action: Extract<Action, { kind: "create-table" }>, meant: (name: QualifiedName) => TablePlace): TableState {
    const fold = (name: string) => this.#fold(name);
    const copied = (before: TableState, written: number) =>
      action.copies
        .filter((copy) => copy.before === written)
        .reduce((state, { table, checks }) => {
          return withCopies(state, this.#latest(meant(table)) ?? emptyTable, fold, checks);
        }, before);
    const inherited = parentsOf(action).reduce(
      (state, parent) => withParent(state, this.#latest(meant(parent)) ?? emptyTable),
      emptyTable,
    );
    const own = action.columns.reduce(
      (state, column, index) => copied(withColumn(state, column, fold), index + 1),
      copied(inherited, 0),
    );
    const queried = action.outputs.reduce((state, output) => {
      if ("column" in output) return withRedefined(state, output.column, {}, fold);
      return withQueried(state, this.#latest(meant({ ...output, name: output.table })) ?? emptyTable, fold);
    }, own);
    const whole = action.constraints.reduce((state, constraint) => withConstraint(state, constraint, fold), queried);
    return action.partitionOf === null ? whole : asPartition(whole);
  }

  /** A column that a parent gets: a child that has it already keeps it as it is, and so do the child's own children. */
  #inherit(at: Place, child: TablePlace, column: TableState["columns"][number]): void {
    const state = this.#latest(child) ?? emptyTable;
    this.#put(at, child, withParents(state, column));
    if (columnOf(state, column.key) !== null) return;
    for (const one of this.#families.childrenOf(child)) this.#inherit(at, one, column);
  }

  /** A child's column stays where it is its own, too, or another parent's. */
  #dropColumn(at: Place, table: TablePlace, key: string): void {
    const state = this.#latest(table);
    if (state !== null) this.#put(at, table, without(state, key));
    for (const child of this.#families.childrenOf(table)) {
      const before = this.#latest(child);
      const column = before && columnOf(before, key);
      if (before === null || column === null) continue;
      if (column.isOwn || column.parents > 1)
        this.#put(at, child, withChanged(before, key, { parents: column.parents - 1 }));
      else this.#dropColumn(at, child, key);
    }
  }

  #latest(table: TablePlace): TableState | null {
    return this.#states?.get(this.#families.keyOf(table))?.at(-1)?.state ?? null;
  }

  #put(at: Place, table: TablePlace, state: TableState | null): void {
    const key = this.#families.keyOf(table);
    const states = this.#states?.get(key) ?? [];
    this.#states?.set(key, states);
    states.push({ at, state });
  }

  #fold(name: string): string {
    return foldName(name, this.#settings.dialect);
  }
}

/** What a change makes of a table, and of each that has its columns from it. */
function changed(state: TableState | null, action: Action, fold: (name: string) => string): TableState | null {
  switch (action.kind) {
    case "rename-column":
      return state && withRenamed(state, action.column, action.to, fold);
    case "alter-type": {
      const { column, type, notNull } = action;
      const nullable = notNull === null ? {} : { notNull };
      return withRedefined(state ?? emptyTable, column, { type: plainType(type), ...nullable }, fold);
    }
    case "set-not-null":
    case "drop-not-null":
      return withRedefined(state ?? emptyTable, action.column, { notNull: action.kind === "set-not-null" }, fold);
    case "add-constraint":
      return withConstraint(state ?? emptyTable, action.constraint, fold);
    case "validate-constraint":
      return state && withValidated(state, fold(action.constraint));
    case "drop-constraint":
      return state && withoutConstraint(state, fold(action.constraint));
    default:
      return state;
  }
}
