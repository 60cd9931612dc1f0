import type { Action, Constraint } from "../../sql/action";
import { actionsIn } from "../../sql/actions";
import { foldName } from "../../sql/dialect";
import type { QualifiedName } from "../../sql/facts";
import type { RuleContext } from "../rule";
import { sideOf } from "../schemas";
import { madeTable } from "../summary";

/** One thing that the statement does, and what its file has made before it. */
export interface Step {
  readonly action: Action;
  /** Whether the file itself makes the table, so that it is empty or nobody uses it yet. */
  isNew(table: QualifiedName): boolean;
  isNewColumn(table: QualifiedName, column: string): boolean;
}

/** What the statement does, step by step. Most rules ask for it, and it is one list for all of them. */
export function steps(context: RuleContext): readonly Step[] {
  const known = ofContexts.get(context);
  if (known !== undefined) return known;
  const read = readSteps(context);
  ofContexts.set(context, read);
  return read;
}

const ofContexts = new WeakMap<RuleContext, readonly Step[]>();

function readSteps({ earlier, settings, statement, statementText }: RuleContext): Step[] {
  const fold = (name: string) => foldName(name, settings.dialect);
  const isSame = (a: QualifiedName, b: QualifiedName) =>
    fold(a.name) === fold(b.name) && (a.schema === null || b.schema === null || fold(a.schema) === fold(b.schema));
  const actions = actionsIn(statementText, statement.facts, settings.dialect);
  return actions.map((action, index) => {
    const isBefore = (test: (one: Action) => boolean) => index > 0 && actions.slice(0, index).some(test);
    return {
      action,
      isNew: (table) =>
        table.name.startsWith("#") ||
        earlier.createsTable(table.schema, table.name) ||
        isBefore((one) => madeTable(one).some((made) => isSame(made, table))),
      isNewColumn: (table, column) =>
        earlier.addsColumn(table.schema, table.name, column) ||
        isBefore(
          (one) => one.kind === "add-column" && isSame(one.table, table) && fold(one.column.name) === fold(column),
        ),
    };
  });
}

/** A constraint that is added to a table that is there, alone or with a column. */
export interface AddedConstraint {
  readonly table: QualifiedName;
  readonly constraint: Constraint;
  /** The column that it comes with, if it does. */
  readonly column: Extract<Action, { kind: "add-column" }>["column"] | null;
}

/** The constraints that a step adds to a table that is there. */
export function addedConstraints({ action, isNew }: Step): AddedConstraint[] {
  if (action.kind === "add-constraint")
    return isNew(action.table) ? [] : [{ table: action.table, constraint: action.constraint, column: null }];
  if (action.kind !== "add-column" || isNew(action.table)) return [];
  const { table, column } = action;
  return column.constraints.map((constraint) => ({ table, constraint, column }));
}

/** How often a tenant migration does what it does: ` × 340 tenants`, or nothing for a public one. */
export function perTenant({ scope, tenants }: RuleContext): string {
  if (scope === "public") return "";
  return tenants === null ? ", once per tenant" : ` × ${tenants} ${tenants === 1 ? "tenant" : "tenants"}`;
}

/** Whether a table is one that all tenants share, as far as is known. */
export function isShared(table: QualifiedName, context: RuleContext): boolean {
  const side = sideOf(table, context);
  return side === null ? context.scope === "public" && table.schema === null : side === "public";
}

/** The lock under which a table's definition is changed, by the server's own name. */
export function exclusiveLock({ settings: { dialect } }: RuleContext): string {
  return dialect === "postgresql" ? "ACCESS EXCLUSIVE" : "Sch-M";
}
