import type { Rule } from "../rule";
import { shown } from "../schemas";
import { steps } from "./steps";

export const unqualifiedFunctionBody: Rule = {
  id: "unqualified-function-body",
  severity: "information",
  dialect: "postgresql",
  summary: "A function's body names tables without a schema, which each caller's search_path resolves anew.",
  looksAt: { actions: ["create-function"] },

  *check(context) {
    for (const { action } of steps(context)) {
      if (action.kind !== "create-function" || !action.hasTextBody || action.settings.includes("search_path")) continue;
      const { tables } = context.statement.facts;
      const bare = [...new Set(tables.filter(({ schema }) => schema === null).map(({ name }) => name))];
      const [first, ...others] = bare;
      if (first === undefined) continue;
      const names = others.length === 0 ? first : `${first} and ${others.length} more`;
      const message = `${shown(action.name)} looks for ${names} in the search_path of whoever calls it, which may be another tenant's or none. Qualify the names, or give the function a path of its own: SET search_path = ….`;
      yield { start: action.start, end: action.end, message };
    }
  },
};
