import type { Action, Column, ColumnType, Constraint, Output } from "../sql/action";
import { foldName } from "../sql/dialect";
import type { QualifiedName } from "../sql/facts";
import { namesOf } from "./deeds";
import type { Scope } from "./migration";
import type { Place } from "./places";
import { ownSchema, type Settings } from "./settings";

/** What the migrations up to one point say of a column. */
export interface KnownColumn {
  readonly type: Pick<ColumnType, "schema" | "name" | "arguments" | "array"> | null;
  /** Whether NULL is refused: by NOT NULL, or by a check that all rows were held to. */
  readonly notNull: boolean;
}

export interface NamedColumn extends KnownColumn {
  readonly name: string;
}

/** All columns of a table as it was where a view was made of it. */
export interface AllOfTable {
  readonly schema: string | null;
  readonly table: string;
  readonly of: Pick<Place, "point" | "scope">;
}

/** The columns of some tables over time. Nothing is worked out until a column is asked for. */
export class Columns {
  readonly #settings: Settings;
  /** By the table's name; a renamed one's under both names. */
  readonly #actions = new Map<string, PlacedAction[]>();

  /** @param deeds that concern the tables, in the history's order */
  constructor(settings: Settings, deeds: readonly Place[]) {
    this.#settings = settings;
    for (const place of deeds) {
      if (place.deed.kind !== "action") continue;
      for (const name of new Set(namesOf(place.deed).map((one) => this.#fold(one)))) {
        const placed = this.#actions.get(name) ?? [];
        this.#actions.set(name, placed);
        placed.push({ place, ...place.deed });
      }
    }
  }

  find(point: number, schema: string, table: string, column: string): KnownColumn | null {
    const state = this.#tableAt(point, schema, table, 0);
    const found = state?.columns.get(this.#fold(column));
    return state === null || found === undefined ? null : this.#known(state, found);
  }

  /** The columns of a table or a view in their order. */
  list(point: number, schema: string, table: string): (NamedColumn | AllOfTable)[] {
    const state = this.#tableAt(point, schema, table, 0);
    if (state === null) return [];
    const { view } = state;
    if (view !== null)
      return view.outputs.map((output) =>
        "column" in output ? { name: output.column, type: null, notNull: false } : { ...output, of: view.place },
      );
    return [...state.columns.values()].map((column) => ({ name: column.name, ...this.#known(state, column) }));
  }

  #known({ checks }: TableState, { name, type, notNull }: NamedColumn): KnownColumn {
    const checked = checks.some(({ text, validated }) => validated && provesNotNull(text, this.#fold(name)));
    return { type, notNull: notNull || checked };
  }

  /** @param depth how many renames were followed back already */
  #tableAt(point: number, schema: string, table: string, depth: number): TableState | null {
    if (depth > mostRenames) return null;
    let state: TableState | null = null;
    for (const { place, action, table: named } of this.#actions.get(this.#fold(table)) ?? []) {
      if (place.point >= point) break;
      const moved = action.kind === "rename" || action.kind === "set-schema" ? action : null;
      if (moved !== null) {
        const old = this.#resolved(moved.name, place.scope);
        const now = moved.kind === "rename" ? { ...old, name: moved.to } : { ...old, schema: moved.to };
        if (this.#isSame(now, schema, table)) state = this.#tableAt(place.point, old.schema, old.name, depth + 1);
        else if (this.#isSame(old, schema, table)) state = null;
      } else if (this.#isSame(this.#resolved(named, place.scope), schema, table)) {
        state = this.#apply(state, action, place);
      }
    }
    return state;
  }

  #apply(before: TableState | null, action: Action, place: Place): TableState | null {
    const fold = (name: string) => this.#fold(name);
    switch (action.kind) {
      case "create-table":
        return before ?? created(action.columns, action.constraints, fold);
      case "create":
        if (before !== null && action.object !== "view") return before;
        return { ...emptyTable(), view: { outputs: action.outputs ?? [], place } };
      case "drop":
        return null;
      case "add-column": {
        const state = before ?? emptyTable();
        addColumn(state, action.column, fold);
        return state;
      }
      case "drop-column":
        before?.columns.delete(fold(action.column));
        return before;
      case "rename-column":
        if (before !== null) renameColumn(before, fold(action.column), fold(action.to), action.to);
        return before && { ...before, view: renamedOutput(before.view, action.column, action.to) };
      case "alter-type": {
        const state = before ?? emptyTable();
        const old = state.columns.get(fold(action.column));
        state.columns.set(fold(action.column), {
          name: old?.name ?? action.column,
          type: plainType(action.type),
          notNull: action.notNull ?? old?.notNull ?? false,
        });
        return state;
      }
      case "set-not-null":
      case "drop-not-null": {
        const state = before ?? emptyTable();
        const old = state.columns.get(fold(action.column));
        state.columns.set(fold(action.column), {
          name: old?.name ?? action.column,
          type: old?.type ?? null,
          notNull: action.kind === "set-not-null",
        });
        return state;
      }
      case "add-constraint": {
        const state = before ?? emptyTable();
        addConstraint(state, action.constraint, fold);
        return state;
      }
      case "validate-constraint":
        for (const check of before?.checks ?? []) if (check.name === fold(action.constraint)) check.validated = true;
        return before;
      case "drop-constraint":
        if (before !== null) before.checks = before.checks.filter(({ name }) => name !== fold(action.constraint));
        return before;
      default:
        return before;
    }
  }

  #resolved({ schema, name }: QualifiedName, scope: Scope): { schema: string; name: string } {
    return { schema: schema ?? ownSchema(scope, this.#settings), name };
  }

  #isSame(name: { schema: string; name: string }, schema: string, table: string): boolean {
    return this.#fold(name.schema) === this.#fold(schema) && this.#fold(name.name) === this.#fold(table);
  }

  #fold(name: string): string {
    return foldName(name, this.#settings.dialect);
  }
}

const mostRenames = 20;

interface TableState {
  readonly columns: Map<string, NamedColumn>;
  /** What a view was made of; null for a table. */
  readonly view: { readonly outputs: readonly Output[]; readonly place: Place } | null;
  checks: { readonly name: string | null; readonly text: string; validated: boolean }[];
}

function emptyTable(): TableState {
  return { columns: new Map(), view: null, checks: [] };
}

function created(
  columns: readonly Column[],
  constraints: readonly Constraint[],
  fold: (name: string) => string,
): TableState {
  const state = emptyTable();
  for (const column of columns) addColumn(state, column, fold);
  for (const constraint of constraints) addConstraint(state, constraint, fold);
  return state;
}

function addColumn(state: TableState, column: Column, fold: (name: string) => string): void {
  const isKey = column.constraints.some(({ kind }) => kind === "primary-key");
  const type = column.type && plainType(column.type);
  if (!state.columns.has(fold(column.name)))
    state.columns.set(fold(column.name), {
      name: column.name,
      type,
      notNull: column.notNull !== null || column.identity || isKey,
    });
  for (const constraint of column.constraints) addConstraint(state, constraint, fold);
}

/** A renamed column keeps its place among the others. */
function renameColumn({ columns }: TableState, from: string, key: string, name: string): void {
  const all = [...columns];
  columns.clear();
  for (const [old, column] of all) columns.set(old === from ? key : old, old === from ? { ...column, name } : column);
}

function renamedOutput(view: TableState["view"], from: string, to: string): TableState["view"] {
  const outputs = view?.outputs.map((output) =>
    "column" in output && output.column === from ? { column: to } : output,
  );
  return view && { ...view, outputs: outputs ?? [] };
}

function addConstraint(state: TableState, constraint: Constraint, fold: (name: string) => string): void {
  const { kind, name, expression, notValid, columns } = constraint;
  if (kind === "check" && expression !== null)
    state.checks.push({ name: name && fold(name), text: expression.text, validated: !notValid });
  if (kind !== "primary-key" && kind !== "not-null") return;
  for (const column of columns) {
    const old = state.columns.get(fold(column));
    if (old !== undefined && !notValid) state.columns.set(fold(column), { ...old, notNull: true });
  }
}

/** Whether a check's condition is that a column isn't null, with nothing beside it but more conditions that all have to hold. */
function provesNotNull(text: string, column: string): boolean {
  return text
    .replace(/^\(|\)$/g, "")
    .split(/\band\b/i)
    .some((part) => {
      const found = /^[\s(]*("(?:[^"]|"")+"|\w+)\s+is\s+not\s+null[\s)]*$/i.exec(part)?.[1];
      if (found === undefined) return false;
      return found.startsWith('"')
        ? found.slice(1, -1).replaceAll('""', '"') === column
        : found.toLowerCase() === column;
    });
}

function plainType({ schema, name, arguments: args, array }: ColumnType): KnownColumn["type"] {
  return { schema, name, arguments: args, array };
}

interface PlacedAction {
  readonly place: Place;
  readonly action: Action;
  readonly table: QualifiedName;
}
