import type { Fix, Rule, RuleContext } from "../rule";
import { shown, writtenSchema } from "../schemas";
import { steps } from "./steps";

export const securityDefinerWithoutSearchPath: Rule = {
  id: "security-definer-without-search-path",
  severity: "warning",
  dialect: "postgresql",
  hasFix: true,
  summary: "A SECURITY DEFINER function looks names up where its caller says.",
  looksAt: { actions: ["create-function"] },

  *check(context) {
    for (const { action } of steps(context)) {
      if (action.kind !== "create-function" || !action.securityDefiner || !action.hasTextBody) continue;
      if (action.settings.includes("search_path")) continue;
      const { start, end, name } = action;
      const message = `${shown(name)} runs with its owner's rights, and looks up names, also those of operators, in the search_path of whoever calls it: a caller can put tables and functions of his own in their place. Give it a path of its own: SET search_path = …, pg_temp.`;
      yield { start, end, message, fixes: fixes(context) };
    }
  },
};

/** Which schemas the body needs is for its author to say. */
function fixes(context: RuleContext): Fix[] {
  const found = /\bsecurity\s+definer\b/i.exec(context.statementText);
  if (found === null) return [];
  const { scope, settings } = context;
  const schemas = scope === "public" ? [settings.publicSchema] : [settings.prototypeSchema, settings.publicSchema];
  const path = [...schemas.map((schema) => writtenSchema(schema, context)), "pg_temp"].join(", ");
  const at = found.index + found[0].length;
  return [
    {
      title: `Set its search_path to ${path}`,
      edits: [{ start: at, end: at, text: ` SET search_path = ${path}` }],
      choice: true,
    },
  ];
}
