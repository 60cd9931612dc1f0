import type { TableReference } from "../sql/facts";
import { madeHere } from "./madeHere";
import type { Report, Rule, RuleContext } from "./rule";
import { knownOrLater, unqualifiedReport } from "./unqualified";

export const unqualifiedTable: Rule = {
  id: "unqualified-table",
  severity: "warning",
  severityOnSqlServer: "error",
  hasFix: true,
  summary: "A table is named without a schema.",
  looksAt: { facts: ["tables"] },

  *check(context) {
    for (const table of context.statement.facts.tables) {
      const report = unqualifiedTableReport(table, context);
      if (report !== null) yield report;
    }
  },
};

/** What is reported of a table without its schema; null where it has one, or may do without. */
export function unqualifiedTableReport(table: TableReference, context: RuleContext): Report | null {
  const { schema, name, use } = table;
  if (schema !== null || isSystemTable(name, context)) return null;
  const here = madeHere(table, context.statement.facts.tables, "table", context);
  const known = here ? { known: here, isLater: false } : knownOrLater(context, (catalog) => catalog.lookUp(name));
  return unqualifiedReport({ name: table, use, subject: `"${name}"`, ...known }, context);
}

/** PostgreSQL finds its catalogs without a schema, and reserves the prefix. */
function isSystemTable(name: string, { settings: { dialect } }: RuleContext): boolean {
  return dialect === "postgresql" && name.startsWith("pg_");
}
