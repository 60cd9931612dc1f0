import type { Migration } from "../model/migration";
import type { Settings } from "../model/settings";
import { actionsOf } from "../sql/actions";
import { isBuiltInFunction } from "../sql/builtInFunctions";
import { newEnumValues } from "../sql/enumValues";
import type { AnalysedStatement, Analysis } from "../sql/facts";
import { lineIndex } from "../sql/lineIndex";
import { fillTemplate, prepareRender, type RenderRefusal } from "../sql/render";
import type { Span } from "../sql/span";
import type { Refusal, SharedLock } from "./events";
import { SharedReferences } from "./sharedLocks";
import { refuseStatement } from "./statementChecks";

/** A migration as the engine sends it. */
export interface PreparedMigration {
  readonly migration: Migration;
  /** What is sent as one: the whole up part, or of a `no-transaction` file each statement. */
  readonly parts: readonly Part[];
  /** The shared tables that it locks. */
  readonly locks: readonly SharedLock[];
  /** Whether it may change rows of tables, as all may do that don't define objects alone. */
  readonly changesRows: boolean;
  /**
   * Whether it defines objects alone and calls nothing for that, so that settings, session and schema are afterwards what they were. Functions that
   * expressions of the catalog call, such as a check's, are taken to leave them alone, too.
   */
  readonly definesOnly: boolean;
  /** Whether it may leave prepared statements in its session. */
  readonly prepares: boolean;
  /** Values that it adds to enum types; they can't be used in the same transaction. */
  readonly enumValues: readonly string[];
  /** Why it can't be sent; where there are any, `parts` may be empty. */
  readonly refusals: readonly Refusal[];
  /** Where an offset into the file is, line and column from 1. */
  placeAt(offset: number): { readonly line: number; readonly column: number };
}

/** A text that is sent as one, with its statements; spans are offsets into the file. */
export interface Part extends Span {
  readonly statements: readonly AnalysedStatement[];
  render(schema: string): { readonly sql: string; toOriginal(offset: number): number };
}

/** A migration and what its text says; spans are offsets into the file. */
export interface AnalysedFile {
  readonly migration: Migration;
  readonly analysis: Analysis;
}

/** Whether the author said with a reason that a statement is meant as it stands, though it can't be proven. */
export type IsIgnored = (migration: Migration, statement: AnalysedStatement) => boolean;

/**
 * Makes the needed migrations ready to be sent.
 * @param files the whole history in its order: which shared tables a DROP locks is told by the files before it
 * @returns by path
 */
export async function prepareMigrations(
  files: readonly AnalysedFile[],
  needed: ReadonlySet<string>,
  settings: Settings,
  isIgnored: IsIgnored = () => false,
): Promise<ReadonlyMap<string, PreparedMigration>> {
  const prepared = new Map<string, PreparedMigration>();
  const references = new SharedReferences(settings);
  for (const { migration, analysis } of files) {
    const statements = analysis.statements.filter(
      ({ start, end }) => start >= migration.up.start && end <= migration.up.end,
    );
    const locks = references.follow(migration, statements);
    if (needed.has(migration.path)) {
      prepared.set(migration.path, await prepare(migration, statements, locks, settings, isIgnored));
    }
  }
  return prepared;
}

async function prepare(
  migration: Migration,
  statements: readonly AnalysedStatement[],
  locks: readonly SharedLock[],
  settings: Settings,
  isIgnored: IsIgnored,
): Promise<PreparedMigration> {
  const lines = lineIndex(migration.text);
  const placeAt = (offset: number) => {
    const { line, character } = lines.positionAt(offset);
    return { line: line + 1, column: character + 1 };
  };
  const refusals: Refusal[] = [];
  const refuse = (code: string, message: string, offset: number) =>
    refusals.push({ code, message, file: migration.path, ...placeAt(offset) });
  for (const statement of statements) {
    const refused = refuseStatement(migration, statement, settings);
    if (refused !== null) refuse(refused.code, refused.message, refused.offset);
  }
  const spans = migration.transactional ? [migration.up] : statements;
  const parts: Part[] = [];
  for (const span of spans) {
    const inside = migration.transactional ? statements : statements.filter((statement) => statement === span);
    const { part, problems } = await preparePart(migration, span, inside, settings, isIgnored);
    for (const problem of problems) refuse("render", renderMessage(problem, settings), span.start + problem.start);
    if (part !== null) parts.push(part);
  }
  const enumValues = statements.flatMap((statement) => newEnumValues(migration.text, statement, settings.dialect));
  const changesRows = statements.some((statement) => mayChangeRows(migration.text, statement));
  const definesOnly = statements.every((statement) => onlyDefines(migration.text, statement));
  const prepares = /\bprepare\b/i.test(migration.text);
  return { migration, parts, locks, changesRows, definesOnly, prepares, enumValues, refusals, placeAt };
}

/** Of definitions those that lie in a schema, last, and are made without calls but of the server's own functions. */
function onlyDefines(text: string, statement: AnalysedStatement): boolean {
  const { start, end, facts } = statement;
  if (!definition.test(facts.kind) || mayChangeRows(text, statement)) return false;
  if (/\b(?:pg_)?temp(?:orary)?\b/i.test(text.slice(start, end))) return false;
  return facts.objects.every(({ kind, use, name }) => kind !== "function" || use !== "read" || isHarmless(name));
}

const definition =
  /^(?:CREATE|ALTER|DROP) (?:TABLE|INDEX|VIEW|SEQUENCE|TYPE|DOMAIN|TRIGGER|POLICY|FUNCTION|PROCEDURE)$|^(?:COMMENT|GRANT|REVOKE)$/;

function isHarmless(name: string): boolean {
  return isBuiltInFunction(name) && !/^(?:set_config|pg_(?:try_)?advisory_.*)$/.test(name);
}

/** What only defines objects carries nothing out of them, but where it fills a table by a query, which may call functions. */
function mayChangeRows(text: string, statement: AnalysedStatement): boolean {
  if (!/^(?:CREATE (?!MATERIALIZED)|ALTER |DROP |COMMENT|GRANT|REVOKE)/.test(statement.facts.kind)) return true;
  return actionsOf(text, statement, "postgresql").some((action) => action.kind === "create-table" && action.fromQuery);
}

async function preparePart(
  migration: Migration,
  span: Span,
  statements: readonly AnalysedStatement[],
  settings: Settings,
  isIgnored: IsIgnored,
): Promise<{ part: Part | null; problems: readonly RenderRefusal[] }> {
  const text = migration.text.slice(span.start, span.end);
  const { start, end } = span;
  if (migration.scope === "public") {
    const asItStands = { sql: text, toOriginal: (offset: number) => offset };
    return { part: { start, end, statements, render: () => asItStands }, problems: [] };
  }
  const originals = new Map(statements.map((statement) => [moved(statement, -start), statement]));
  const { template, refusals } = await prepareRender(text, [...originals.keys()], {
    prototypeSchema: settings.prototypeSchema,
    dialect: settings.dialect,
    ignored: (statement) => {
      const original = originals.get(statement);
      return original !== undefined && isIgnored(migration, original);
    },
  });
  if (template === null) return { part: null, problems: refusals };
  return { part: { start, end, statements, render: (schema) => fillTemplate(template, schema) }, problems: refusals };
}

function moved(statement: AnalysedStatement, by: number): AnalysedStatement {
  return { ...statement, start: statement.start + by, end: statement.end + by };
}

function renderMessage(refusal: RenderRefusal, settings: Settings): string {
  return (
    `${refusal.reason} Tenantry can't prove that this statement means the same for every tenant: name the tables through ` +
    `"${settings.prototypeSchema}" as identifiers, or say that it is meant with \`-- tenantry: ignore dynamic-sql: <reason>\` above it.`
  );
}
