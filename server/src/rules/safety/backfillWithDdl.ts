import { exclusivelyLocked } from "../../model/locks";
import type { Dialect } from "../../sql/dialect";
import type { Rule } from "../rule";
import { shown } from "../schemas";
import { bulkChange } from "../summary";
import { exclusiveLock, perTenant, type Step, steps } from "./steps";

export const backfillWithDdl: Rule = {
  id: "backfill-with-ddl",
  severity: "information",
  summary: "Rows are changed in bulk in the transaction that changes a table's definition.",
  looksAt: { actions: "any" },

  *check(context) {
    const { transactional, earlier, settings } = context;
    if (!transactional) return;
    const lock = exclusiveLock(context);
    for (const step of steps(context)) {
      const { action } = step;
      const [rows] = bulkChange(action);
      const held = rows !== undefined && !step.isNew(rows) ? earlier.firstExclusive() : null;
      if (rows !== undefined && held !== null) {
        const message = `While the rows of ${shown(rows)} are changed, this transaction keeps everybody from ${held} (${lock})${perTenant(context)}. Put the change of rows into a migration of its own, after the one that changes the definition.`;
        yield { start: action.start, end: action.end, message };
        continue;
      }
      const changed = locksOld(step, settings.dialect) ? earlier.firstBulkChange() : null;
      if (changed !== null && earlier.firstExclusive() === null) {
        const message = `The rows of ${changed} that this transaction has changed stay locked while it waits for a lock that nobody works beside (${lock})${perTenant(context)}. Put the change of rows into a migration of its own.`;
        yield { start: action.start, end: action.end, message };
        return;
      }
    }
  },
};

function locksOld({ action, isNew }: Step, dialect: Dialect): boolean {
  return exclusivelyLocked(action, dialect).some((table) => !isNew(table));
}
