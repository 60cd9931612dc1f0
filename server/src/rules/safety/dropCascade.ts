import type { Rule } from "../rule";
import { perTenant, steps } from "./steps";

export const dropCascade: Rule = {
  id: "drop-cascade",
  severity: "warning",
  dialect: "postgresql",
  summary: "DROP … CASCADE drops what depends on it, without naming it.",
  looksAt: { actions: ["drop", "drop-column", "drop-constraint", "drop-index"] },

  *check(context) {
    // That of a public migration reaches into every tenant, which has a rule of its own.
    if (context.scope === "public") return;
    const told = new Set<number>();
    for (const { action, isNew } of steps(context)) {
      if (!("cascade" in action) || action.kind === "truncate" || action.cascade === null) continue;
      if (action.kind === "drop" && action.object === "table" && isNew(action.name)) continue;
      if (told.has(action.cascade.start)) continue;
      told.add(action.cascade.start);
      const message = `CASCADE drops whatever depends on it, without naming it: views, foreign keys, functions, and in each tenant what that one happens to have${perTenant(context)}. Leave it out, and drop by name what has to go.`;
      yield { ...action.cascade, message };
    }
  },
};
