import type { Column } from "../../sql/action";
import type { Dialect } from "../../sql/dialect";
import type { Rule } from "../rule";
import { shown } from "../schemas";
import { perTenant, steps } from "./steps";

export const notNullColumnWithoutDefault: Rule = {
  id: "not-null-column-without-default",
  severity: "warning",
  summary: "A NOT NULL column without a default is added to a table that is there, which fails where it has rows.",
  looksAt: { actions: ["add-column"] },

  *check(context) {
    for (const { action, isNew } of steps(context)) {
      if (action.kind !== "add-column" || isNew(action.table) || isFilled(action.column, context.settings.dialect))
        continue;
      const { start, end } = action;
      const where =
        context.scope === "tenant" ? `in every tenant whose ${shown(action.table)}` : `if ${shown(action.table)}`;
      const message = `This fails ${where} has rows: ${action.column.name} would be NULL in them${perTenant(context)}. Give it a default, or add it without NOT NULL, fill it, and forbid NULL in a later migration.`;
      yield { start, end, message };
    }
  },
};

/** Whether the rows that are there get a value, or NULL is allowed. */
function isFilled(
  { notNull, default: value, identity, generated, type, constraints }: Column,
  dialect: Dialect,
): boolean {
  if (value !== null && !/^null$/i.test(value.text)) return true;
  // SQL Server's timestamp is a row's version, which the server gives.
  if (identity || generated !== null || (dialect === "sqlserver" && type?.name === "timestamp")) return true;
  return notNull === null && !constraints.some(({ kind }) => kind === "primary-key");
}
