import type { Sides } from "../model/catalog";
import { ownSchema } from "../model/settings";
import type { TableReference } from "../sql/facts";
import { sameName } from "../sql/renderText";
import type { Report, Rule, RuleContext } from "./rule";
import { knownOrLater, unqualifiedReport } from "./unqualified";

export const unqualifiedTable: Rule = {
  id: "unqualified-table",
  severity: "warning",
  severityOnSqlServer: "error",
  hasFix: true,
  summary: "A table is named without a schema.",
  looksAt: { facts: ["tables"] },

  *check(context) {
    for (const table of context.statement.facts.tables) {
      const report = unqualifiedTableReport(table, context);
      if (report !== null) yield report;
    }
  },
};

/** What is reported of a table without its schema; null where it has one, or may do without. */
export function unqualifiedTableReport(table: TableReference, context: RuleContext): Report | null {
  const { schema, name, use } = table;
  if (schema !== null || isSystemTable(name, context)) return null;
  const here = madeHere(table, context);
  const known = here ? { known: here, isLater: false } : knownOrLater(context, (catalog) => catalog.lookUp(name));
  return unqualifiedReport({ name: table, use, subject: `"${name}"`, ...known }, context);
}

/** PostgreSQL finds its catalogs without a schema, and reserves the prefix. */
function isSystemTable(name: string, { settings: { dialect } }: RuleContext): boolean {
  return dialect === "postgresql" && name.startsWith("pg_");
}

/** What is known of a table that the statement itself has made before it names it: one with a key to itself, or in a block. */
function madeHere({ name, use, start }: TableReference, context: RuleContext): Sides | null {
  if (use === "create") return null;
  const { statement, settings, scope, catalog } = context;
  const { kind, tables, foreignKeys } = statement.facts;
  const isAfter = block.test(kind) || foreignKeys.some(({ to }) => to.start === start);
  const made = tables.find((table) => table.use === "create" && sameName(table.name, name, settings.dialect));
  if (made === undefined || !isAfter || made.start > start) return null;
  const { publicSchema, prototypeSchema, dialect } = settings;
  const schema = made.schema ?? ownSchema(scope, settings);
  const definition = { schema, name, kind: "table", file: null, span: null } as const;
  // Without a schema, too, it is made in the first one that is looked in.
  const known = made.schema === null ? { public: null, prototype: null } : catalog.lookUp(name);
  if (sameName(schema, publicSchema, dialect)) return { ...known, public: definition };
  return sameName(schema, prototypeSchema, dialect) ? { ...known, prototype: definition } : null;
}

/** Statements that hold others. */
const block = /^DO$|^(?:CREATE|ALTER) (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|TRIGGER)$/;
