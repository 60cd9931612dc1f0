import { definitionsOf, madeAt, spaceOfName } from "./related";
import type { Rule, RuleContext } from "./rule";
import { shown, sideOf } from "./schemas";

export const tenantChangeInPublicMigration: Rule = {
  id: "tenant-change-in-public-migration",
  severity: "error",
  summary: "A public migration touches the prototype or a tenant.",

  *check(context) {
    if (context.scope !== "public") return;
    const { tables, objects } = context.statement.facts;
    for (const name of [...tables, ...objects]) {
      // A reference is a foreign key's target, which has a rule of its own.
      if (name.schema === null || name.use === "reference" || sideOf(name, context) !== "tenant") continue;
      const message = `${shown(name)} belongs to a tenant schema, and a public migration runs once: the other tenants would be left as they are. Move this to a tenant migration.`;
      yield {
        start: name.start,
        end: name.end,
        message,
        ...madeAt(...definitionsOf(name, context, spaceOfName(name))),
      };
    }
    yield* cascades(context);
  },
};

function* cascades({ statement: { facts }, statementText, settings }: RuleContext) {
  if (settings.dialect !== "postgresql") return;
  const isTruncate = facts.kind === "TRUNCATE TABLE";
  const cascade =
    isTruncate || dropping.test(facts.kind) ? lastCascade : /^ALTER /.test(facts.kind) ? droppedPart : null;
  if (cascade === null || !cascade.test(statementText)) return;
  const happens = isTruncate
    ? "empties the tables of every tenant that refer to it"
    : "drops what refers to it in every tenant schema";
  yield {
    ...facts.keyword,
    message: `CASCADE ${happens}, without naming it. Say which objects are meant, in a tenant migration before this one.`,
  };
}

const dropping =
  /^DROP (TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|SCHEMA|SEQUENCE|EXTENSION)$/;
const lastCascade = /\bcascade\s*$/i;
/** A column, a constraint or an attribute that goes; `ON DELETE CASCADE` of a key that comes stands in a part of its own. */
const droppedPart = /\bdrop\b[^,;()]*\bcascade\b/i;
