import type { TableReference } from "../sql/facts";
import { definitionsOf, madeAt } from "./related";
import type { Fix, Rule, RuleContext } from "./rule";
import { writtenSchema } from "./schemas";

export const unqualifiedTable: Rule = {
  id: "unqualified-table",
  severity: "warning",
  severityOnSqlServer: "error",
  hasFix: true,
  summary: "A table is named without a schema.",

  *check(context) {
    for (const table of context.statement.facts.tables) {
      if (table.schema !== null || isSystemTable(table.name)) continue;
      const schemas = candidates(table, context);
      if (isLeftToSearchPath(schemas, context)) continue;
      yield {
        start: table.start,
        end: table.end,
        message: message(table, context),
        fixes: schemas.map((schema) => fix(table, schema, context)),
        ...(table.use === "create" ? {} : madeAt(...definitionsOf(table, context))),
      };
    }
  },
};

/** The schemas that are the right ones as far as is known: one, or both where the author has to choose. */
function candidates({ name, use }: TableReference, { settings, scope, catalog }: RuleContext): string[] {
  const { publicSchema, prototypeSchema } = settings;
  const own = scope === "public" ? publicSchema : prototypeSchema;
  if (use === "create") return [own];
  const known = catalog.lookUp(name);
  if (known.public === null && known.prototype !== null) return [prototypeSchema];
  if (known.public !== null && known.prototype === null) return [publicSchema];
  return [own, own === publicSchema ? prototypeSchema : publicSchema];
}

/** With `tenantNames: "search-path"` a tenant migration's own tables may stay as they are; shared, unknown and ambiguous names may not. */
function isLeftToSearchPath(schemas: readonly string[], { settings, scope }: RuleContext): boolean {
  return (
    settings.tenantNames === "search-path" &&
    scope === "tenant" &&
    schemas.length === 1 &&
    schemas[0] === settings.prototypeSchema
  );
}

function message(table: TableReference, context: RuleContext): string {
  const { settings, catalog, scope } = context;
  const { name } = table;
  const { publicSchema, prototypeSchema, dialect } = settings;
  const where =
    dialect === "sqlserver"
      ? "the default schema of whoever runs this"
      : scope === "tenant"
        ? "whichever schema of the search_path comes first"
        : "whichever schema of the connection's search_path comes first";
  if (table.use === "create") return `"${name}" names no schema: it is created in ${where}.`;
  const known = catalog.lookUp(name);
  const start = `"${name}" names no schema: it is looked for in ${where}`;
  if (known.public !== null && known.prototype !== null)
    return `${start}, and there is both ${prototypeSchema}.${name} and ${publicSchema}.${name}.`;
  if (known.prototype !== null) return `${start}, while ${prototypeSchema}.${name} seems to be meant.`;
  if (known.public !== null) return `${start}, while the shared ${publicSchema}.${name} seems to be meant.`;
  return `${start}; no migration makes a table of that name.`;
}

function fix(table: TableReference, schema: string, context: RuleContext): Fix {
  const written = writtenSchema(schema, context);
  return { title: `Qualify with ${schema}`, edits: [{ start: table.start, end: table.start, text: `${written}.` }] };
}

/** PostgreSQL finds its catalogs without a schema, and reserves the prefix. */
function isSystemTable(name: string): boolean {
  return name.startsWith("pg_");
}
