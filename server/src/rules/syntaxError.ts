import type { Rule } from "./rule";

export const syntaxError: Rule = {
  id: "syntax-error",
  severity: "error",
  dialect: "postgresql",
  summary: "PostgreSQL's own grammar refuses the statement.",
  looksAt: { facts: ["fault"] },

  *check({ statement: { facts } }) {
    if (facts.fault === null) return;
    const { start, end, message } = facts.fault;
    yield { start, end, message: `PostgreSQL refuses this: ${message}.` };
  },
};
