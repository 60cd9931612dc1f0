import { actionsIn } from "../sql/actions";
import type { Report, RuleContext } from "./rule";
import { type Side, shown, sideOf } from "./schemas";

/** What a statement moves over the boundary, by SET SCHEMA or TRANSFER. What lies on that side already is told otherwise. */
export function* movedHere(context: RuleContext, side: Side, messageFor: (name: string) => string): Generator<Report> {
  const { settings, statement, statementText } = context;
  for (const action of actionsIn(statementText, statement.facts, settings.dialect)) {
    if (action.kind !== "set-schema") continue;
    const { name, to, start, end } = action;
    const goesTo = sideOf({ schema: to, name: name.name }, context);
    if (goesTo === side && sideOf(name, context) !== side) yield { start, end, message: messageFor(shown(name)) };
  }
}
