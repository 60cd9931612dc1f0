import type { Column, ColumnType, Constraint, Output } from "../sql/action";
import type { Place } from "./places";

/** What the migrations up to one point say of a column. */
export interface KnownColumn {
  readonly type: Pick<ColumnType, "schema" | "name" | "arguments" | "array"> | null;
  /** Whether NULL is refused: by NOT NULL, or by a check that all rows were held to. */
  readonly notNull: boolean;
}

export interface NamedColumn extends KnownColumn {
  readonly name: string;
}

/** What is known of a table or a view at one point; it is never changed, but followed by another. */
export interface TableState {
  /** In their order. */
  readonly columns: readonly HeldColumn[];
  /** What a view was made of; null for a table. */
  readonly view: { readonly outputs: readonly Output[]; readonly place: Place } | null;
  readonly checks: readonly Check[];
}

/** Names that are one for the server are the same when they are folded. */
export type Fold = (name: string) => string;

interface HeldColumn extends NamedColumn {
  /** Its name, folded. */
  readonly key: string;
  /** Whether it stays where no parent has it any more. */
  readonly isOwn: boolean;
  /** How many parents have it as well. */
  readonly parents: number;
}

interface Check {
  readonly name: string | null;
  readonly text: string;
  readonly validated: boolean;
}

export const emptyTable: TableState = { columns: [], view: null, checks: [] };

export function columnOf({ columns }: TableState, key: string): HeldColumn | null {
  return columns.find((column) => column.key === key) ?? null;
}

export function known({ checks }: TableState, { key, type, notNull }: HeldColumn): KnownColumn {
  const isChecked = checks.some(({ text, validated }) => validated && provesNotNull(text, key));
  return { type, notNull: notNull || isChecked };
}

/** With a column as it is defined: a parent's of the same name becomes its own, too. */
export function withColumn(state: TableState, column: Column, fold: Fold): TableState {
  const isKey = column.constraints.some(({ kind }) => kind === "primary-key");
  const notNull = column.notNull !== null || column.identity || isKey;
  const key = fold(column.name);
  const old = columnOf(state, key);
  const type = column.type && plainType(column.type);
  const next =
    old === null
      ? { ...state, columns: [...state.columns, { name: column.name, key, type, notNull, isOwn: true, parents: 0 }] }
      : withChanged(state, key, { isOwn: true, notNull: old.notNull || notNull });
  return column.constraints.reduce((before, constraint) => withConstraint(before, constraint, fold), next);
}

/** With another table's columns, as LIKE copies them. */
export function withCopies(state: TableState, of: TableState, fold: Fold, checks: boolean): TableState {
  const ofView = (of.view?.outputs ?? []).flatMap((output) =>
    "column" in output
      ? [{ name: output.column, key: fold(output.column), type: null, notNull: false, isOwn: true, parents: 0 }]
      : [],
  );
  const columns = of.columns.map((column) => ({ ...column, isOwn: true, parents: 0 }));
  return {
    ...state,
    columns: [...state.columns, ...ofView, ...columns],
    checks: checks ? [...state.checks, ...of.checks] : state.checks,
  };
}

/** With all of another table's columns, as a query gives them: no constraint comes with them. */
export function withQueried(state: TableState, of: TableState, fold: Fold): TableState {
  const { columns } = withCopies(emptyTable, of, fold, false);
  return { ...state, columns: [...state.columns, ...columns.map((column) => ({ ...column, notNull: false }))] };
}

/** With what a table has from a parent; a column that it has already becomes the parent's, too. */
export function withParent(state: TableState, parent: TableState): TableState {
  const all = parent.columns.reduce((before, column) => withParents(before, column), state);
  return { ...all, checks: [...all.checks, ...parent.checks] };
}

export function withParents(state: TableState, column: HeldColumn): TableState {
  const old = columnOf(state, column.key);
  if (old === null) return { ...state, columns: [...state.columns, { ...column, isOwn: false, parents: 1 }] };
  return withChanged(state, column.key, { parents: old.parents + 1, notNull: old.notNull || column.notNull });
}

/** As a partition's columns are, which are nothing but its parent's. */
export function asPartition(state: TableState): TableState {
  return { ...state, columns: state.columns.map((column) => ({ ...column, isOwn: false })) };
}

/** As a table's columns are that has no parents any more. */
export function asWhole(state: TableState): TableState {
  return { ...state, columns: state.columns.map((column) => ({ ...column, isOwn: true, parents: 0 })) };
}

/** With another definition of a column, which needn't have been known before. */
export function withRedefined(state: TableState, name: string, change: Partial<KnownColumn>, fold: Fold): TableState {
  const key = fold(name);
  if (columnOf(state, key) !== null) return withChanged(state, key, change);
  const column = { name, key, type: null, notNull: false, isOwn: true, parents: 0, ...change };
  return { ...state, columns: [...state.columns, column] };
}

export function withChanged(state: TableState, key: string, change: Partial<HeldColumn>): TableState {
  return {
    ...state,
    columns: state.columns.map((column) => (column.key === key ? { ...column, ...change } : column)),
  };
}

export function without(state: TableState, key: string): TableState {
  return { ...state, columns: state.columns.filter((column) => column.key !== key) };
}

export function withRenamed(state: TableState, from: string, to: string, fold: Fold): TableState {
  const { view } = state;
  const outputs = view?.outputs.map((output) =>
    "column" in output && output.column === from ? { column: to } : output,
  );
  return {
    ...withChanged(state, fold(from), { name: to, key: fold(to) }),
    view: view && { ...view, outputs: outputs ?? [] },
  };
}

export function withConstraint(state: TableState, constraint: Constraint, fold: Fold): TableState {
  const { kind, name, expression, notValid, columns } = constraint;
  const check = { name: name && fold(name), text: expression?.text ?? "", validated: !notValid };
  if (kind === "check") return { ...state, checks: [...state.checks, check] };
  if ((kind !== "primary-key" && kind !== "not-null") || notValid) return state;
  return columns.reduce((before, column) => withChanged(before, fold(column), { notNull: true }), state);
}

export function withValidated(state: TableState, constraint: string): TableState {
  const checks = state.checks.map((check) => (check.name === constraint ? { ...check, validated: true } : check));
  return { ...state, checks };
}

export function withoutConstraint(state: TableState, constraint: string): TableState {
  return { ...state, checks: state.checks.filter(({ name }) => name !== constraint) };
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

export function plainType({ schema, name, arguments: args, array }: ColumnType): KnownColumn["type"] {
  return { schema, name, arguments: args, array };
}
