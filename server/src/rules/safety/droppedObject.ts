import type { QualifiedName } from "../../sql/facts";
import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { perTenant, steps } from "./steps";

export const droppedObject: Rule = {
  id: "dropped-object",
  severity: "warning",
  summary: "A table, a column or a schema is dropped with what it holds.",
  looksAt: { actions: ["drop", "drop-column"] },

  *check(context) {
    const times = perTenant(context);
    for (const { action, isNew, isNewColumn } of steps(context)) {
      const { start, end } = action;
      if (action.kind === "drop-column") {
        const { table, column } = action;
        if (isNew(table) || isNewColumn(table, column)) continue;
        yield {
          start,
          end,
          message: `What ${column} of ${shown(table)} holds is gone${times}, and code that still names the column fails from then on. ${way}`,
        };
      } else if (action.kind === "drop" && action.object === "table" && !isNew(action.name)) {
        if (action.ifExists && isUnknown(action.name, context)) continue;
        yield {
          start,
          end,
          message: `All rows of ${shown(action.name)} are gone${times}, and code that still names the table fails from then on. ${way}`,
        };
      } else if (action.kind === "drop" && action.object === "schema") {
        yield {
          start,
          end,
          message: `All that the schema ${action.name.name} holds is gone, and code that still names it fails from then on. ${way}`,
        };
      }
    }
  },
};

/** What is dropped in case it is left over, and no migration makes. */
function isUnknown({ schema, name }: QualifiedName, { catalog }: RuleContext): boolean {
  if (schema !== null) return catalog.find(schema, name) === null;
  const known = catalog.lookUp(name);
  return known.public === null && known.prototype === null;
}

const way = "Drop it in a release after the one that stopped using it, and keep a copy.";
