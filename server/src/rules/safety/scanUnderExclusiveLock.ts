import type { Action } from "../../sql/action";
import type { QualifiedName } from "../../sql/facts";
import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { exclusiveLock, isShared, perTenant, steps } from "./steps";

export const scanUnderExclusiveLock: Rule = {
  id: "scan-under-exclusive-lock",
  severity: "hint",
  summary: "A statement reads a whole table while the transaction keeps another statement's exclusive lock.",
  looksAt: {
    actions: [
      "create-index",
      "validate-constraint",
      "attach-partition",
      "create-table",
      "create",
      "refresh",
      "reindex",
      "cluster",
    ],
  },

  *check(context) {
    if (!context.transactional) return;
    for (const { action, isNew } of steps(context)) {
      const scan = scanOf(action, context);
      if (scan === null || isNew(scan.table)) continue;
      const held = context.earlier.firstExclusive();
      if (held === null) return;
      const message = `${scan.does} ${shown(scan.table)} while this transaction still keeps everybody from ${held} (${exclusiveLock(context)})${perTenant(context)}. Move it to a migration before or after.`;
      yield { start: action.start, end: action.end, message };
    }
  },
};

/** What reads a whole table, for what has no rule of its own that tells of it. */
function scanOf(action: Action, context: RuleContext): { table: QualifiedName; does: string } | null {
  switch (action.kind) {
    case "create-index":
      if (action.concurrently || isShared(action.table, context)) return null;
      return { table: action.table, does: "The index is built from all rows of" };
    case "validate-constraint": {
      const { schema, name } = action.table;
      if (context.earlier.addsUnchecked(schema, name, action.constraint)) return null;
      return { table: action.table, does: "Validation reads all rows of" };
    }
    case "attach-partition":
      return context.settings.dialect === "sqlserver"
        ? null
        : { table: action.partition, does: "Without a check that says the same, ATTACH reads all rows of" };
    case "create-table":
      return action.readsRows && !action.temporary ? filling(action.table) : null;
    case "create":
      return action.readsRows && action.name !== null ? filling(action.name) : null;
    case "refresh":
      return { table: action.view, does: "REFRESH runs the whole query of" };
    case "reindex":
      return action.name === null ? null : { table: action.name, does: "REINDEX builds anew what belongs to" };
    case "cluster":
      return action.table === null ? null : { table: action.table, does: "CLUSTER writes anew all rows of" };
    default:
      return null;
  }
}

function filling(table: QualifiedName) {
  return { table, does: "A query is run that fills" };
}
