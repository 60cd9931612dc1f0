import { commandsOf } from "../sql/blockStatements";
import { lex } from "../sql/lexer";
import type { TokenKind } from "../sql/token";
import { onEveryTable } from "./everyTable";
import { movedHere } from "./moved";
import { definitionsOf, madeAt, spaceOfName } from "./related";
import type { Rule, RuleContext } from "./rule";
import { shown, sideOf } from "./schemas";
import { wholeSchemas } from "./wholeSchemas";

export const tenantChangeInPublicMigration: Rule = {
  id: "tenant-change-in-public-migration",
  severity: "error",
  summary: "A public migration touches the prototype or a tenant.",

  *check(context) {
    if (context.scope !== "public") return;
    const { tables, objects } = context.statement.facts;
    // A table that is referenced is a foreign key's target, which has a rule of its own.
    for (const name of [...tables.filter(({ use }) => use !== "reference"), ...objects]) {
      if (name.schema === null || sideOf(name, context) !== "tenant") continue;
      const message = `${shown(name)} belongs to a tenant schema, and a public migration runs once: the other tenants would be left as they are. Move this to a tenant migration.`;
      yield {
        start: name.start,
        end: name.end,
        message,
        ...madeAt(...definitionsOf(name, context, spaceOfName(name))),
      };
    }
    yield* wholeSchemas(
      context,
      "tenant",
      (name) =>
        `${name} is a tenant schema, and a public migration runs once: the other tenants would be left as they are. Move this to a tenant migration.`,
    );
    yield* movedHere(
      context,
      "tenant",
      (name) =>
        `${name} would lie in a tenant schema after this, and a public migration runs once: the other tenants would not have it. Move this to a tenant migration.`,
    );
    yield* onEveryTable(
      context,
      "This runs on every table of the database, those of all tenants as well, behind their histories' back. Name the shared tables, and the prototype's in a tenant migration.",
    );
    yield* cascades(context);
  },
};

function* cascades({ statement: { facts }, statementText, settings }: RuleContext) {
  if (settings.dialect !== "postgresql" || !/\bcascade\b/i.test(statementText)) return;
  for (const { kind, keyword, text } of commandsOf(statementText, facts, settings.dialect)) {
    const isTruncate = kind === "TRUNCATE TABLE" || kind === "TRUNCATE";
    const cascade = isTruncate || dropping.test(kind) ? lastCascade : /^ALTER /.test(kind) ? droppedPart : null;
    if (cascade === null || !cascade.test(wordsOf(text))) continue;
    const happens = isTruncate
      ? "empties the tables of every tenant that refer to it"
      : "drops what refers to it in every tenant schema";
    yield {
      ...keyword,
      message: `CASCADE ${happens}, without naming it. Say which objects are meant, in a tenant migration before this one.`,
    };
  }
}

/** The words and signs of a command, without what stands in quotes. */
function wordsOf(text: string): string {
  return lex(text, "postgresql")
    .map(({ kind, start, end }) => (quoted.has(kind) ? "''" : text.slice(start, end)))
    .join("");
}

const quoted: ReadonlySet<TokenKind> = new Set(["string", "dollar-string", "quoted-identifier"]);

const dropping =
  /^DROP (TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|SCHEMA|SEQUENCE|EXTENSION)$/;
const lastCascade = /\bcascade\s*$/i;
/** A column, a constraint or an attribute that goes; `ON DELETE CASCADE` of a key that comes stands in a part of its own. */
const droppedPart = /\bdrop\b[^,;()]*\bcascade\b/i;
