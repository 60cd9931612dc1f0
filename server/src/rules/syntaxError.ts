import type { Rule } from "./rule";

export const syntaxError: Rule = {
  id: "syntax-error",
  severity: "error",
  summary: "The server's grammar refuses the statement.",
  looksAt: { facts: ["fault"] },

  *check({ statement: { facts }, settings: { dialect } }) {
    if (facts.fault === null) return;
    const { start, end, message } = facts.fault;
    yield {
      start,
      end,
      message: `${dialect === "postgresql" ? "PostgreSQL" : "SQL Server"} refuses this: ${message}.`,
    };
  },
};
