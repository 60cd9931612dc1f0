import type { Action } from "../../sql/action";
import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { type Step, steps } from "./steps";

export const renamedObject: Rule = {
  id: "renamed-object",
  severity: "warning",
  summary: "A table, a column, a schema or an enum's value gets another name while code uses the old one.",
  looksAt: { actions: ["rename", "rename-column", "rename-value", "set-schema"] },

  *check(context) {
    for (const step of steps(context)) {
      const names = renaming(step);
      if (names === null) continue;
      const { start, end } = step.action;
      yield { start, end, message: message(names, context) };
    }
  },
};

interface Renaming {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly way: string;
}

function renaming({ action, isNew, isNewColumn }: Step): Renaming | null {
  switch (action.kind) {
    case "rename-column": {
      const { table, column, to } = action;
      if (isNew(table) || isNewColumn(table, column)) return null;
      const way = "Add a column of the new name, fill it, and drop the old one in a later release.";
      return { what: `column of ${shown(table)}`, from: column, to, way };
    }
    case "rename":
    case "set-schema":
      return renamed(action, isNew);
    case "rename-value": {
      const way = "Add the new value, and change the rows in a later release.";
      return { what: `value of ${shown(action.type)}`, from: `'${action.value}'`, to: `'${action.to}'`, way };
    }
    default:
      return null;
  }
}

function renamed(action: Extract<Action, { kind: "rename" | "set-schema" }>, isNew: Step["isNew"]): Renaming | null {
  const { object, name, to } = action;
  if (object === "schema") return { what: "schema", from: name.name, to, way: "Make the new one beside it." };
  if (!/\b(?:table|view)$/.test(object) || isNew(name)) return null;
  const now = action.kind === "rename" ? { ...name, name: to } : { ...name, schema: to };
  return { what: object, from: shown(name), to: shown(now), way: "Leave a view of the old name until nobody uses it." };
}

function message({ what, from, to, way }: Renaming, { scope, tenants }: RuleContext): string {
  const start = `The ${what} that is called ${from} will be called ${to}: code that says ${from} fails from then on`;
  const between = tenants === null ? "" : `, of ${tenants},`;
  const fleet =
    scope === "tenant" ? `, and while the run goes on some tenants${between} have the one name and some the other` : "";
  return `${start}${fleet}. ${way}`;
}
