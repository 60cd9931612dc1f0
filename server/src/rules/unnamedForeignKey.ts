import { ownSchema } from "../model/settings";
import type { ForeignKey } from "../sql/facts";
import { foreignKeyName } from "../sql/generatedName";
import type { Fix, Rule, RuleContext } from "./rule";
import { shown, sideOf, writtenName } from "./schemas";

export const unnamedForeignKey: Rule = {
  id: "unnamed-foreign-key",
  severity: "information",
  hasFix: true,
  summary: "A foreign key has no name of its own.",
  looksAt: { facts: ["foreignKeys"] },

  *check(context) {
    const taken = new Set<string>();
    for (const key of context.statement.facts.foreignKeys) {
      if (key.constraint !== null) taken.add(`${key.from.name}.${key.constraint}`);
    }
    for (const key of context.statement.facts.foreignKeys) {
      if (key.constraint !== null) continue;
      const name = freeName(key, taken, context);
      taken.add(`${key.from.name}.${name}`);
      yield { start: key.to.start, end: key.to.end, message: message(key, context), fixes: fix(key, name, context) };
    }
  },
};

function message({ from, to }: ForeignKey, context: RuleContext): string {
  const isShared = (sideOf(from, context) ?? context.scope) === "public";
  const everywhere = isShared ? "database" : "tenant";
  return context.settings.dialect === "sqlserver"
    ? `The server makes up a name for this foreign key to ${shown(to)}, another one in each ${everywhere}: no later migration can name it, and comparisons find a difference everywhere.`
    : `The server makes up a name for this foreign key to ${shown(to)}, and takes another where that name is taken: it need not be the same in every ${everywhere}, and a later migration can only guess it.`;
}

/** The name that PostgreSQL itself would give, so that old and new tenants are alike; SQL Server's own names can't be foreseen. */
function freeName({ from, columns }: ForeignKey, taken: ReadonlySet<string>, context: RuleContext): string {
  const { settings, catalog, scope, statement } = context;
  const schema = from.schema ?? ownSchema(scope, settings);
  // A table that is made has no other keys yet, whatever one of its name had.
  const isNew = statement.facts.tables.some(({ use, name }) => use === "create" && name === from.name);
  const isTaken = (name: string) =>
    taken.has(`${from.name}.${name}`) ||
    (!isNew && catalog.find(schema, `${from.name}.${name}`, "constraint") !== null);
  for (let attempt = 0; ; attempt++) {
    const name = foreignKeyName(from.name, columns, settings.dialect, attempt === 0 ? "" : String(attempt));
    if (!isTaken(name)) return name;
  }
}

/**
 * Puts the name in front of the clause; none where what stands there isn't as expected, as with a comment in between, and none in a routine,
 * which may make the table more than once.
 */
function fix(key: ForeignKey, name: string, context: RuleContext): Fix[] {
  const { statement, statementText, settings } = context;
  if (key.columns.length === 0 || routine.test(statement.facts.kind)) return [];
  const target = key.to.schemaSpan?.start ?? key.to.start;
  const before = statementText.slice(Math.max(0, target - longestClause), target);
  const clause = clauses.map((pattern) => pattern.exec(before)).find((found) => found !== null);
  // In a quoted body a quote in the name would have to be doubled.
  if (clause === undefined || clause === null || name.includes("'")) return [];
  const at = target - before.length + clause.index;
  const written = writtenName(name, settings.dialect);
  return [{ title: `Name it ${name}`, edits: [{ start: at, end: at, text: `CONSTRAINT ${written} ` }] }];
}

const routine = /\b(?:FUNCTION|PROCEDURE|TRIGGER)$/;

const longestClause = 4000;

const clauses = [
  /\bforeign\s+key\s*\([^()]*\)\s*references\s+$/i,
  /\bforeign\s+key\s+references\s+$/i,
  /(?<!\)\s*)\breferences\s+$/i,
];
