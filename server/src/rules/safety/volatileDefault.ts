import type { Dialect } from "../../sql/dialect";
import type { Rule } from "../rule";
import { shown } from "../schemas";
import { exclusiveLock, perTenant, steps } from "./steps";

export const volatileDefault: Rule = {
  id: "volatile-default",
  severity: "warning",
  summary: "A column is added whose default differs from row to row, so that the table is written anew.",
  looksAt: { actions: ["add-column"] },

  *check(context) {
    const { dialect } = context.settings;
    for (const { action, isNew } of steps(context)) {
      if (action.kind !== "add-column" || isNew(action.table)) continue;
      const { column, table } = action;
      if (column.default === null) continue;
      // SQL Server leaves NULL in the rows that are there, unless it is told otherwise.
      if (dialect === "sqlserver" && column.notNull === null && !column.withValues) continue;
      const { start, end, text } = column.default;
      const called = volatileCall(text, dialect);
      if (called === null) continue;
      const message = `${called} gives each row a value of its own, so that ${shown(table)} is written anew, with all its indexes, while nobody else can use it (${exclusiveLock(context)})${perTenant(context)}. Add the column without a default, set the default after that, and fill the rows in a later migration.`;
      yield { start, end, message };
    }
  },
};

/** The first call in an expression that the server evaluates for every row. */
function volatileCall(expression: string, dialect: Dialect): string | null {
  const pattern = dialect === "postgresql" ? postgresCalls : serverCalls;
  // What stands in a literal is no call, but a sequence's name.
  const found = pattern.exec(expression.replace(/'(?:[^']|'')*'/g, (literal) => " ".repeat(literal.length)));
  return found === null ? null : found[0].replace(/\s*\($/, "()").replace(/\s+/g, " ");
}

const postgresCalls =
  /\b(?:random|random_normal|gen_random_uuid|gen_random_bytes|uuidv4|uuidv7|uuid_generate_v\w+|clock_timestamp|timeofday|nextval|currval|setval|lastval)\s*\(/i;
const serverCalls = /\b(?:newid|newsequentialid|crypt_gen_random)\s*\(|\bnext\s+value\s+for\b/i;
