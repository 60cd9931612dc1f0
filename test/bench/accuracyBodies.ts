import { parsePlPgSQLSync } from "libpg-query";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { lex, tokensOf } from "../../server/src/sql/lexer";
import type { Span } from "../../server/src/sql/span";
import { type Truth, truthOf } from "./accuracyTruth";

type Node = Readonly<Record<string, unknown>>;

/** Where a routine's body stands in its statement, and what PostgreSQL's own parsers say of it. */
export interface BodyTruth extends Truth, Span {
  readonly literals: readonly Span[];
}

/**
 * What PostgreSQL's parsers see in the quoted body of a CREATE FUNCTION, CREATE PROCEDURE or DO: PL/pgSQL's for its blocks, and SQL's for each
 * expression and statement in them. Null where the statement has no such body, or they refuse it.
 */
export async function bodyTruthOf(sql: string, statement: unknown): Promise<BodyTruth | null> {
  const routine = routineOf(statement);
  if (routine === null) return null;
  const bodies = lex(sql, "postgresql").filter(({ kind }) => kind === "dollar-string");
  const [body, ...others] = bodies;
  if (body === undefined || others.length > 0) return null;
  const text = sql.slice(body.start, body.end).replace(/^(\$[^$]*\$)(.*)\1$/s, "$2");
  const queries = routine.language === "sql" ? [text] : plpgsqlQueries(sql, routine.isDo, text);
  if (queries === null) return null;
  const truths: Truth[] = [];
  for (const query of queries) {
    const truth = await readQuery(query);
    if (truth === null) return null;
    truths.push(truth);
  }
  const all = (part: keyof Truth) => truths.flatMap((truth) => truth[part]);
  const found = { tables: all("tables"), foreignKeys: all("foreignKeys") };
  const hidden = { temporary: all("temporary"), transition: all("transition") };
  return { ...found, ...hidden, start: body.start, end: body.end, literals: literalsIn(text, body) };
}

/** The literals in a body: what stands in them is a string to PL/pgSQL's parser, too. */
function literalsIn(text: string, body: Span): Span[] {
  const at = body.start + (body.end - body.start - text.length) / 2;
  return lex(text, "postgresql")
    .filter(({ kind }) => kind === "string" || kind === "dollar-string")
    .map(({ start, end }) => ({ start: at + start, end: at + end }));
}

function routineOf(statement: unknown): { language: string; isDo: boolean } | null {
  if (!isNode(statement)) return null;
  const { CreateFunctionStmt: create, DoStmt: block } = statement;
  if (isNode(block)) return { language: languageIn(block.args) ?? "plpgsql", isDo: true };
  if (isNode(create)) return known(languageIn(create.options), false);
  return null;
}

function known(language: string | null, isDo: boolean): { language: string; isDo: boolean } | null {
  return language === "sql" || language === "plpgsql" ? { language, isDo } : null;
}

function languageIn(options: unknown): string | null {
  for (const option of Array.isArray(options) ? options : []) {
    const element: unknown = isNode(option) ? option.DefElem : null;
    if (!isNode(element) || element.defname !== "language") continue;
    const { String: word } = isNode(element.arg) ? element.arg : {};
    return isNode(word) ? String(word.sval).toLowerCase() : null;
  }
  return null;
}

/** The parser wants a function; a DO's block is given to it as one. */
function plpgsqlQueries(sql: string, isDo: boolean, body: string): string[] | null {
  const tag = "$tenantry_body$";
  const given = isDo ? `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS ${tag}${body}${tag}` : sql;
  try {
    const queries: string[] = [];
    collect(parsePlPgSQLSync(given), queries);
    return queries;
  } catch {
    return null;
  }
}

/** As PL/pgSQL reads them: 0 is a whole statement, 2 an expression, 3 and more an assignment to a name, a field or an element. */
function collect(value: unknown, queries: string[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, queries);
  if (!isNode(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "PLpgSQL_expr" && isNode(child) && typeof child.query === "string") {
      if (child.parseMode === 0) queries.push(child.query);
      else if (child.parseMode === 2) queries.push(`SELECT ${child.query}`);
      else queries.push(`SELECT ${child.query.replace(/^[^:=]*:?=/, "")}`);
    } else collect(child, queries);
  }
}

async function readQuery(sql: string): Promise<Truth | null> {
  const grammar = await loadPostgresGrammar();
  const parsed = grammar.parse(sql, tokensOf(sql, "postgresql"));
  return "tree" in parsed ? truthOf(parsed.tree.stmts) : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
