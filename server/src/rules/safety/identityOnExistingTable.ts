import type { Rule } from "../rule";
import { shown } from "../schemas";
import { exclusiveLock, perTenant, steps } from "./steps";

export const identityOnExistingTable: Rule = {
  id: "identity-on-existing-table",
  severity: "warning",
  summary:
    "A serial or identity column is added to a table that is there, so that all rows are numbered and written anew.",
  looksAt: { actions: ["add-column"] },

  *check(context) {
    for (const { action, isNew } of steps(context)) {
      if (action.kind !== "add-column" || !action.column.identity || isNew(action.table)) continue;
      const { start, end } = action.column.type ?? action;
      const message = `Every row of ${shown(action.table)} gets a number: the table is written anew, with all its indexes, while nobody else can use it (${exclusiveLock(context)})${perTenant(context)}. Add the column without numbering, fill it in a later migration, and turn the numbering on after that.`;
      yield { start, end, message };
    }
  },
};
