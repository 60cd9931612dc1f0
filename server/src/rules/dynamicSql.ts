import type { Rule } from "./rule";

export const dynamicSql: Rule = {
  id: "dynamic-sql",
  severity: "warning",
  summary: "SQL that is built as a string.",
  looksAt: { facts: ["opaque"] },

  *check({ scope, statement: { facts } }) {
    for (const { start, end, reason } of facts.opaque) {
      if (reason !== "dynamic-sql") continue;
      const message =
        scope === "public"
          ? "This SQL is built as a string when it runs, so its names can't be checked. Write it out, or ignore this with the reason why the names are right."
          : "This SQL is built as a string when it runs: its names can be neither checked nor rendered for a tenant, so a plan is refused until it is ignored with a reason.";
      yield { start, end, message };
    }
  },
};
