import { unseenParts } from "../sql/render";
import type { Rule } from "./rule";

export const dynamicSql: Rule = {
  id: "dynamic-sql",
  severity: "warning",
  summary: "SQL that is built as a string, or a text of which nobody can tell whether it names the prototype.",

  *check({ scope, settings, statement: { facts }, statementText }) {
    for (const { start, end, what } of unseenParts(statementText, facts, settings)) {
      if (scope === "tenant") yield { start, end, message: tenantMessages[what](settings.prototypeSchema) };
      else if (what === "built") yield { start, end, message: publicMessage };
    }
  },
};

const publicMessage =
  "This SQL is built as a string when it runs, so its names can't be checked. Write it out, or ignore this with the reason why the names are right.";

const tenantMessages = {
  built: () =>
    "This SQL is built as a string when it runs: its names can be neither checked nor rendered for a tenant, so a plan is refused until it is ignored with a reason.",
  text: (prototype: string) =>
    `This text holds the word "${prototype}", and it can't be told whether that names the schema: it would stay as it is for every tenant, so a plan is refused until it is ignored with a reason.`,
};
