import type { Rule } from "../rule";
import { shown } from "../schemas";
import { exclusiveLock, perTenant, steps } from "./steps";

export const storedGeneratedColumn: Rule = {
  id: "stored-generated-column",
  severity: "information",
  summary: "A stored generated column is added to a table that is there, so that the table is written anew.",
  looksAt: { actions: ["add-column", "set-expression"] },

  *check(context) {
    for (const { action, isNew } of steps(context)) {
      const added = action.kind === "add-column" && action.column.generated === "stored";
      if (!(added || action.kind === "set-expression") || isNew(action.table)) continue;
      const { table, start, end } = action;
      const message = `The value is computed for every row of ${shown(table)}, which is written anew, with all its indexes, while nobody else can use it (${exclusiveLock(context)})${perTenant(context)}. Compute it in a view, or fill a plain column by a trigger and in batches.`;
      yield { start, end, message };
    }
  },
};
