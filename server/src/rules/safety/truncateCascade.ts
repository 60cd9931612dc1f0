import type { Rule } from "../rule";
import { perTenant, steps } from "./steps";

export const truncateCascade: Rule = {
  id: "truncate-cascade",
  severity: "warning",
  dialect: "postgresql",
  summary: "TRUNCATE … CASCADE empties the tables that refer to it, without naming them.",
  looksAt: { actions: ["truncate"] },

  *check(context) {
    // That of a public migration reaches into every tenant, which has a rule of its own.
    if (context.scope === "public") return;
    const truncated = [...steps(context)].filter(
      ({ action, isNew }) => action.kind === "truncate" && !isNew(action.table),
    );
    const [first] = truncated;
    if (first?.action.kind !== "truncate" || first.action.cascade === null) return;
    const message = `CASCADE empties every table with a foreign key to it, and those that refer to these in turn, without naming them${perTenant(context)}. Leave it out, and name the tables that are to be emptied.`;
    yield { ...first.action.cascade, message };
  },
};
