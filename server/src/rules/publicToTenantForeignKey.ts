import { crossing } from "./foreignKeys";
import { definitionsOf, madeAt } from "./related";
import type { Rule } from "./rule";
import { shown } from "./schemas";

export const publicToTenantForeignKey: Rule = {
  id: "public-to-tenant-foreign-key",
  severity: "error",
  summary: "A shared table references a tenant table.",
  looksAt: { facts: ["foreignKeys"] },

  *check(context) {
    for (const { from, to } of crossing(context, "public", "tenant")) {
      const message = `The shared table ${shown(from)} would reference ${shown(to)}: a foreign key points at one table, so it can only ever hold for one tenant.`;
      yield { start: to.start, end: to.end, message, ...madeAt(...definitionsOf(to, context)) };
    }
  },
};
