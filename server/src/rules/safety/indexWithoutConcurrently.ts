import type { Action } from "../../sql/action";
import type { QualifiedName } from "../../sql/facts";
import type { Fix, Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { isShared, steps } from "./steps";

export const indexWithoutConcurrently: Rule = {
  id: "index-without-concurrently",
  severity: "warning",
  hasFix: true,
  summary: "An index of a shared table is created or dropped while all tenants wait.",
  looksAt: { actions: ["create-index", "drop-index"] },

  *check(context) {
    for (const { action, isNew } of steps(context)) {
      if (action.kind !== "create-index" && action.kind !== "drop-index") continue;
      // Where PostgreSQL drops an index only its own name is written, and it lies in its table's schema.
      const table =
        action.table ?? (context.settings.dialect === "postgresql" && "index" in action ? action.index : null);
      if (action.concurrently || table === null || isNew(table) || !isShared(table, context)) continue;
      if (action.kind === "drop-index" && context.settings.dialect === "sqlserver") continue;
      const { start, end } = action;
      yield { start, end, message: message(action, table, context), fixes: fixes(action, context) };
    }
  },
};

function message(action: Action, table: QualifiedName, { settings: { dialect }, transactional }: RuleContext): string {
  if (action.kind === "drop-index")
    return `Nobody can use the table of ${shown(table)} while the index is dropped, and none of its readers may be at work (ACCESS EXCLUSIVE): all tenants wait. Write DROP INDEX CONCURRENTLY${inOwnFile(transactional)}.`;
  const start = `No tenant can write to the shared table ${shown(table)} while the index is built from all its rows`;
  if (dialect === "sqlserver") return `${start}. Add WITH (ONLINE = ON) where the server's edition has it.`;
  return `${start} (SHARE). Write CREATE INDEX CONCURRENTLY${inOwnFile(transactional)}.`;
}

function inOwnFile(transactional: boolean): string {
  return transactional ? ", in a migration of its own with `-- tenantry: no-transaction` in its head" : "";
}

/** In a transaction the server refuses CONCURRENTLY, so that one word wouldn't do. */
function fixes(action: Action, { settings: { dialect }, transactional, statementText }: RuleContext): Fix[] {
  if (dialect === "sqlserver" || transactional) return [];
  const at = /^(?:create|drop)\b.*?\bindex\b/is.exec(statementText)?.[0].length;
  const takesOne = action.kind !== "drop-index" || (action.cascade === null && !statementText.includes(","));
  if (at === undefined || !takesOne) return [];
  return [{ title: "Add CONCURRENTLY", edits: [{ start: at, end: at, text: " CONCURRENTLY" }] }];
}
