import type { Rule } from "../rule";
import { shown } from "../schemas";
import { perTenant, steps } from "./steps";

export const validationInSameTransaction: Rule = {
  id: "validation-in-same-transaction",
  severity: "information",
  summary: "A constraint is validated in the transaction that adds it, whose locks are held meanwhile.",
  looksAt: { actions: ["validate-constraint"] },

  *check(context) {
    if (!context.transactional) return;
    const lock =
      context.settings.dialect === "sqlserver"
        ? "the lock under which it was added (Sch-M)"
        : "the lock under which it was added";
    for (const { action, isNew } of steps(context)) {
      if (action.kind !== "validate-constraint" || isNew(action.table)) continue;
      const { table, constraint, start, end } = action;
      if (!context.earlier.addsUnchecked(table.schema, table.name, constraint)) continue;
      const message = `All rows of ${shown(table)} are read under ${lock}, since this transaction still holds it${perTenant(context)}: as long as if ${constraint} had been added with validation. Validate it in a later migration.`;
      yield { start, end, message };
    }
  },
};
