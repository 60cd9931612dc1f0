import type { QualifiedName } from "../../sql/facts";
import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { knownColumn } from "./columns";
import { perTenant, steps } from "./steps";

export const notNullOnExistingColumn: Rule = {
  id: "not-null-on-existing-column",
  severity: "information",
  summary: "A column that is there becomes NOT NULL, and all rows are read under an exclusive lock.",
  looksAt: { actions: ["set-not-null", "alter-type", "add-constraint"] },

  *check(context) {
    for (const { action, isNew } of steps(context)) {
      const columns =
        action.kind === "set-not-null" || (action.kind === "alter-type" && action.notNull === true)
          ? [action.column]
          : action.kind === "add-constraint" && action.constraint.kind === "not-null" && !action.constraint.notValid
            ? action.constraint.columns
            : [];
      if (columns.length === 0 || !("table" in action) || action.table === null || isNew(action.table)) continue;
      for (const column of columns) {
        if (knownColumn(action.table, column, context)?.notNull) continue;
        yield { start: action.start, end: action.end, message: message(action.table, column, context) };
      }
    }
  },
};

function message(table: QualifiedName, column: string, context: RuleContext): string {
  const start = `All rows of ${shown(table)} are read for a NULL in ${column} while nobody else can use the table`;
  if (context.settings.dialect === "sqlserver")
    return `${start} (Sch-M)${perTenant(context)}. Run this when nobody works, or add CHECK (${column} IS NOT NULL) WITH NOCHECK instead.`;
  return `${start} (ACCESS EXCLUSIVE)${perTenant(context)}. Add CHECK (${column} IS NOT NULL) NOT VALID, validate it in a later migration, and SET NOT NULL after that: PostgreSQL takes a valid check's word.`;
}
