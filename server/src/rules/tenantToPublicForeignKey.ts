import { crossing } from "./foreignKeys";
import { definitionsOf, madeAt } from "./related";
import type { Rule } from "./rule";
import { shown } from "./schemas";

export const tenantToPublicForeignKey: Rule = {
  id: "tenant-to-public-foreign-key",
  severity: "warning",
  summary: "A tenant table references a shared table.",
  looksAt: { facts: ["foreignKeys"] },

  *check(context) {
    for (const { from, to } of crossing(context, "tenant", "public")) {
      const message = `${shown(from)} would reference the shared table ${shown(to)}: adding the key locks that table against writes once for every tenant, and afterwards its rows can't be changed or deleted without asking every tenant.`;
      yield { start: to.start, end: to.end, message, ...madeAt(...definitionsOf(to, context)) };
    }
  },
};
