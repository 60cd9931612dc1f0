import type { StatementFacts } from "../sql/facts";
import type { Report, RuleContext } from "./rule";
import { type Side, sideOf } from "./schemas";

/** A schema on that side that is dropped, renamed or granted. Making the prototype is for a public migration to do, and what is moved into a schema is told by its own name. */
export function* wholeSchemas(
  context: RuleContext,
  side: Side,
  messageFor: (name: string) => string,
): Generator<Report> {
  const { facts } = context.statement;
  if (context.settings.dialect === "sqlserver" && facts.kind === "ALTER SCHEMA") return;
  const changed = facts.objects.filter(({ kind, use }) => kind === "schema" && (use === "drop" || use === "alter"));
  const filled = holdsAll.test(facts.kind) ? bareSchemas(facts) : [];
  for (const { name, start, end } of [...changed, ...filled])
    if (sideOf({ schema: name, name }, context) === side) yield { start, end, message: messageFor(name) };
}

/** What names schemas for all that lies in them, or comes to lie there: `ON ALL TABLES IN SCHEMA …`. */
const holdsAll = /^(?:GRANT|REVOKE|DENY|ALTER DEFAULT PRIVILEGES|IMPORT FOREIGN SCHEMA)$/;

/** The schemas that stand by themselves, in front of no name and as no object's. */
function bareSchemas({ tables, objects, schemas }: StatementFacts) {
  const others = new Set([...tables, ...objects].map(({ schemaSpan, start }) => schemaSpan?.start ?? start));
  return schemas
    .filter(({ form, start }) => form === "identifier" && !others.has(start))
    .map(({ schema, start, end }) => ({ name: schema, start, end }));
}
