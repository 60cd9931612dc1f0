import { sameName } from "../sql/renderText";
import type { Rule } from "./rule";

export const hardCodedTenant: Rule = {
  id: "hard-coded-tenant",
  severity: "error",
  summary: "A tenant schema is named where the prototype belongs.",
  looksAt: { facts: ["schemas"] },

  *check({ scope, settings: { prototypeSchema, dialect }, isTenant, statement }) {
    if (scope !== "tenant") return;
    for (const { schema, start, end } of statement.facts.schemas) {
      if (sameName(schema, prototypeSchema, dialect) || !isTenant(schema)) continue;
      const message = `${schema} is one tenant: on every tenant this would work on ${schema} again. Name ${prototypeSchema} in its place.`;
      yield { start, end, message };
    }
  },
};
