import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { type AddedConstraint, addedConstraints, perTenant, steps } from "./steps";

export const constraintWithoutIndex: Rule = {
  id: "constraint-without-index",
  severity: "information",
  summary: "A unique or exclusion constraint or primary key builds its index while the table is locked.",
  looksAt: { actions: ["add-constraint", "add-column"] },

  *check(context) {
    for (const step of steps(context)) {
      for (const added of addedConstraints(step)) {
        const { start, end, kind, usingIndex, online } = added.constraint;
        if (!names.has(kind) || usingIndex !== null || online) continue;
        yield { start, end, message: message(added, context) };
      }
    }
  },
};

const names: ReadonlyMap<string, string> = new Map([
  ["primary-key", "primary key"],
  ["unique", "unique constraint"],
  ["exclusion", "exclusion constraint"],
]);

function message({ table, constraint, column }: AddedConstraint, context: RuleContext): string {
  const start = `The index of this ${names.get(constraint.kind)} is built from all rows of ${shown(table)} while nobody else can use the table`;
  if (context.settings.dialect === "sqlserver")
    return `${start} (Sch-M)${perTenant(context)}. Add WITH (ONLINE = ON) where the server's edition has it, or run this when nobody works.`;
  const end = `${start} (ACCESS EXCLUSIVE)${perTenant(context)}.`;
  if (constraint.kind === "exclusion")
    return `${end} There is no way to build it beforehand: run this when nobody works.`;
  const first = column === null ? "" : "Add the column without it. ";
  return `${end} ${first}Build the index by CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, and add the constraint USING INDEX after that.`;
}
