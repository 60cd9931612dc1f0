import type { Rule } from "../rule";
import { shown } from "../schemas";
import { perTenant, steps } from "./steps";

export const changeWithoutWhere: Rule = {
  id: "change-without-where",
  severity: "warning",
  summary: "UPDATE or DELETE without WHERE changes every row.",
  looksAt: { actions: ["update", "delete"] },

  *check(context) {
    const { settings, statement } = context;
    for (const { action, isNew, isNewColumn } of steps(context)) {
      if ((action.kind !== "update" && action.kind !== "delete") || action.hasWhere || isNew(action.table)) continue;
      if (statement.facts.transient.includes(action.table.name)) continue;
      // SQL Server's joins have a condition of their own.
      if (settings.dialect === "sqlserver" && action.joins) continue;
      // Every row needs a value in a column that has only just been added.
      const { columns, table, start, end } = action;
      if (columns.length > 0 && columns.every((column) => isNewColumn(table, column))) continue;
      const does = action.kind === "update" ? "changes" : "deletes";
      const message = `Without WHERE this ${does} every row of ${shown(table)}${perTenant(context)}. Say which rows are meant, or ignore this with the reason why all are.`;
      yield { start, end, message };
    }
  },
};
