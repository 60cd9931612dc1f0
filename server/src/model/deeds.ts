import type { Action } from "../sql/action";
import { actionsOf } from "../sql/actions";
import type { Dialect } from "../sql/dialect";
import type { SlicedText } from "../sql/editedText";
import type { AnalysedStatement, QualifiedName, StatementFacts } from "../sql/facts";
import type { Span } from "../sql/span";
import { type Change, changesOf } from "./changes";

/** What a statement does that others have to know of: to the set of known objects, or to what a table is. */
export type Deed = Change | TableAction;

/** An action that decides what columns and constraints a table has. */
export interface TableAction {
  readonly kind: "action";
  readonly action: Action;
  readonly table: QualifiedName;
}

/** A text of whose statements no more has to be known than where they stand and what they do. */
export interface Outline {
  readonly source: SlicedText;
  readonly statements: readonly (AnalysedStatement | OutlinedStatement)[];
}

/** A statement of which no more is known. */
export interface OutlinedStatement extends Span {
  readonly facts: { readonly deeds: readonly Deed[] };
}

/** What one statement does; remembered by its facts, which an edit elsewhere leaves as they are. */
export function deedsOf(
  text: SlicedText,
  statement: AnalysedStatement | OutlinedStatement,
  dialect: Dialect,
): readonly Deed[] {
  if (isOutlined(statement)) return statement.facts.deeds;
  const known = ofStatements.get(statement.facts);
  if (known !== undefined) return known;
  const actions = actionsOf(text, statement, dialect);
  const deeds = [
    // A constraint may be dropped and added again by one statement.
    ...actions.flatMap(droppedConstraint),
    ...changesOf(text, statement, dialect),
    ...actions.flatMap(tableAction),
  ];
  ofStatements.set(statement.facts, deeds);
  return deeds;
}

function isOutlined(statement: AnalysedStatement | OutlinedStatement): statement is OutlinedStatement {
  return "deeds" in statement.facts;
}

/** The names that a deed concerns, without their schemas; a renamed object has two. */
export function namesOf(deed: Deed): string[] {
  switch (deed.kind) {
    case "drop-schema":
      return [];
    case "move":
      return deed.toName === null ? [deed.name] : [deed.name, deed.toName];
    case "action":
      return [deed.table.name, ...relatives(deed.action)];
    default:
      return deed.object === "constraint" ? [deed.name, constraintsOf(deed.name)] : [deed.name];
  }
}

/** What else belongs together with the table of an action: its other name, or a table that has or gets the same columns. */
function relatives(action: Action): string[] {
  switch (action.kind) {
    case "rename":
      return [action.to];
    case "create-table":
      return [
        ...[...parentsOf(action), ...action.copies.map(({ table }) => table)].map(({ name }) => name),
        ...action.outputs.flatMap((output) => ("table" in output ? [output.table] : [])),
      ];
    case "inherit":
      return [action.parent.name];
    case "attach-partition":
    case "detach-partition":
      return [action.partition.name];
    default:
      return [];
  }
}

/** The tables whose columns a table has from when it is made on. */
export function parentsOf(action: Extract<Action, { kind: "create-table" }>): readonly QualifiedName[] {
  return action.partitionOf === null ? action.inherits : [action.partitionOf];
}

/** What all constraints of a table go by together, from the name of one, which its table's stands in front of. */
export function constraintsOf(name: string): string {
  return name.slice(0, name.indexOf(".") + 1);
}

const ofStatements = new WeakMap<StatementFacts, readonly Deed[]>();

function droppedConstraint(action: Action): Change[] {
  if (action.kind !== "drop-constraint") return [];
  const { schema, name } = action.table;
  return [{ kind: "drop", object: "constraint", schema, name: `${name}.${action.constraint}` }];
}

function tableAction(action: Action): TableAction[] {
  if (action.kind === "drop" || action.kind === "rename" || action.kind === "set-schema")
    return /\b(?:table|view)$/.test(action.object) ? [{ kind: "action", action, table: action.name }] : [];
  if (action.kind === "create" && action.outputs !== undefined && action.name !== null)
    return [{ kind: "action", action, table: action.name }];
  if (!deciding.has(action.kind) || !("table" in action) || action.table === null) return [];
  return [{ kind: "action", action, table: action.table }];
}

const deciding: ReadonlySet<Action["kind"]> = new Set([
  "create-table",
  "add-column",
  "drop-column",
  "rename-column",
  "alter-type",
  "set-not-null",
  "drop-not-null",
  "add-constraint",
  "validate-constraint",
  "drop-constraint",
  "inherit",
  "attach-partition",
  "detach-partition",
]);
