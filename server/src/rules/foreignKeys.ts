import type { ForeignKey } from "../sql/facts";
import type { RuleContext } from "./rule";
import { type Side, sideOf } from "./schemas";

/** A statement's foreign keys whose ends lie on these sides of the boundary. */
export function crossing(context: RuleContext, from: Side, to: Side): ForeignKey[] {
  return context.statement.facts.foreignKeys.filter((key) => {
    // A table that is only now created without a schema will lie on the side that the migration is for.
    const holder = sideOf(key.from, context) ?? (key.from.schema === null ? context.scope : null);
    return holder === from && sideOf(key.to, context) === to;
  });
}
