import { exclusivelyLocked } from "../model/locks";
import type { Action } from "../sql/action";
import { actionsOf } from "../sql/actions";
import type { Dialect } from "../sql/dialect";
import type { SlicedText } from "../sql/editedText";
import { newEnumValues } from "../sql/enumValues";
import type { AnalysedStatement, QualifiedName, StatementFacts } from "../sql/facts";

/** What of a statement matters to those after it. */
export interface Summary {
  readonly tables: readonly QualifiedName[];
  readonly renames: readonly { readonly from: QualifiedName; readonly to: QualifiedName }[];
  readonly columns: readonly (QualifiedName & { readonly column: string })[];
  readonly unchecked: readonly (QualifiedName & { readonly constraint: string })[];
  readonly locks: readonly QualifiedName[];
  readonly bulk: readonly QualifiedName[];
  readonly objects: number;
  /** Types that it makes. */
  readonly types: readonly QualifiedName[];
  readonly enumValues: readonly { readonly type: QualifiedName; readonly value: string }[];
}

/** Of most statements, so that it is one object. */
export const nothing: Summary = {
  tables: [],
  renames: [],
  columns: [],
  unchecked: [],
  locks: [],
  bulk: [],
  objects: 0,
  types: [],
  enumValues: [],
};
const ofStatements = new WeakMap<StatementFacts, Summary>();

/** Remembered by the statement's facts, which an edit elsewhere leaves as they are. */
export function summaryOf(text: SlicedText, statement: AnalysedStatement, dialect: Dialect): Summary {
  const known = ofStatements.get(statement.facts);
  if (known !== undefined) return known;
  const actions = actionsOf(text, statement, dialect);
  const summary =
    actions.length === 0 && !statement.facts.kind.endsWith(" TYPE")
      ? nothing
      : {
          tables: actions.flatMap(madeTable),
          renames: actions.flatMap(renaming),
          columns: actions.flatMap(addedColumn),
          unchecked: actions.flatMap(uncheckedIn),
          locks: actions.flatMap((action) => exclusivelyLocked(action, dialect)),
          bulk: actions.flatMap(bulkChange),
          objects: actions.reduce((sum, action) => sum + createdObjects(action), 0),
          ...typeChanges(text, statement, dialect),
        };
  ofStatements.set(statement.facts, summary);
  return summary;
}

function typeChanges(
  text: SlicedText,
  statement: AnalysedStatement,
  dialect: Dialect,
): Pick<Summary, "types" | "enumValues"> {
  const named = statement.facts.objects.filter(({ kind }) => kind === "type");
  const [altered] = named;
  const values = altered?.use === "alter" ? newEnumValues(text, statement, dialect) : [];
  return {
    types: named.filter(({ use }) => use === "create"),
    enumValues: altered === undefined ? [] : values.map((value) => ({ type: altered, value })),
  };
}

/** The table that an action makes, if any; a view is as new as one. */
export function madeTable(action: Action): QualifiedName[] {
  if (action.kind === "create-table") return [action.table];
  return action.kind === "create" && /view$/.test(action.object) && action.name !== null ? [action.name] : [];
}

function addedColumn(action: Action): Summary["columns"] {
  if (action.kind !== "add-column") return [];
  const { schema, name } = action.table;
  return [{ schema, name, column: action.column.name }];
}

function renaming(action: Action): Summary["renames"] {
  if (action.kind === "rename") return [{ from: action.name, to: { ...action.name, name: action.to } }];
  return action.kind === "set-schema" ? [{ from: action.name, to: { ...action.name, schema: action.to } }] : [];
}

function uncheckedIn(action: Action): (QualifiedName & { constraint: string })[] {
  const added =
    action.kind === "add-constraint"
      ? [action.constraint]
      : action.kind === "add-column"
        ? action.column.constraints
        : [];
  const table = "table" in action ? action.table : null;
  if (table === null) return [];
  return added.flatMap(({ name, notValid }) => (notValid && name !== null ? [{ ...table, constraint: name }] : []));
}

/** The table of which an action changes an unknown number of rows. */
export function bulkChange(action: Action): QualifiedName[] {
  if (action.kind === "update" || action.kind === "delete" || action.kind === "merge") return [action.table];
  return action.kind === "insert" && action.fromQuery ? [action.table] : [];
}

/** How many tables, indexes, sequences and views an action makes: a key or a unique constraint has an index, an identity a sequence. */
export function createdObjects(action: Action): number {
  switch (action.kind) {
    case "create-table": {
      if (action.temporary) return 0;
      const inColumns = action.columns.reduce((sum, column) => sum + columnObjects(column), 0);
      const keys = action.constraints.filter(({ kind }) => withIndex.has(kind)).length;
      return 1 + inColumns + keys;
    }
    case "add-column":
      return columnObjects(action.column);
    case "add-constraint":
      return withIndex.has(action.constraint.kind) && action.constraint.usingIndex === null ? 1 : 0;
    case "create-index":
      return 1;
    case "create":
      return /^(?:view|materialized view|sequence)$/.test(action.object) ? 1 : 0;
    default:
      return 0;
  }
}

const withIndex: ReadonlySet<string> = new Set(["primary-key", "unique", "exclusion"]);

function columnObjects({ identity, constraints }: Extract<Action, { kind: "add-column" }>["column"]): number {
  return (identity ? 1 : 0) + constraints.filter(({ kind }) => withIndex.has(kind)).length;
}
