import { elementsSchema } from "../model/changes";
import type { ForeignKey } from "../sql/facts";
import { sameName } from "../sql/renderText";
import type { RuleContext } from "./rule";
import { type Side, sideOf } from "./schemas";

/** A statement's foreign keys whose ends lie on these sides of the boundary. */
export function crossing(context: RuleContext, from: Side, to: Side): ForeignKey[] {
  const { foreignKeys } = context.statement.facts;
  return foreignKeys.filter(
    (key) => !isToItself(key, context) && holderOf(key, context) === from && sideOf(key.to, context) === to,
  );
}

/** The side of the table that holds a key. One that is only now created without a schema will lie on the side that the migration is for. */
function holderOf(key: ForeignKey, context: RuleContext): Side | null {
  const schema = key.from.schema ?? elementsSchema(context.statement.facts);
  if (schema === null && isMade(key, context)) return context.scope;
  return sideOf({ ...key.from, schema }, context) ?? (schema === null ? context.scope : null);
}

/** Whether a table that is made has a key to its own name, which before it is there may be another table's. */
function isToItself(key: ForeignKey, context: RuleContext): boolean {
  const { dialect } = context.settings;
  return key.to.schema === null && sameName(key.to.name, key.from.name, dialect) && isMade(key, context);
}

function isMade({ from }: ForeignKey, { statement: { facts } }: RuleContext): boolean {
  return facts.tables.some(({ use, schema, name }) => use === "create" && schema === from.schema && name === from.name);
}
