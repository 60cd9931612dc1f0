import type { Dialect } from "./dialect";
import type { AnalysedStatement, Analysis, StatementFacts } from "./facts";
import { loadPostgresGrammar, longestParsed, type PostgresGrammar } from "./grammar/postgres";
import { lex } from "./lexer";
import { scanStatement } from "./scan";
import { type StatementTokens, splitStatements } from "./statements";
import type { Token } from "./token";

/** Reads a text's statements and what they say. Never fails: what a grammar refuses is read by its tokens, and holds its fault. */
export async function analyse(text: string, dialect: Dialect): Promise<Analysis> {
  const grammar = dialect === "postgresql" ? await loadPostgresGrammar() : null;
  const statements = splitStatements(text, lex(text, dialect), dialect).flatMap((statement) =>
    readStatement(text, statement, dialect, grammar),
  );
  return { text, statements: withoutTransient(statements) };
}

/** A statement's facts by its text: equal text has equal facts, so that an edit costs the statements that it changes. */
const known: Record<Dialect, Map<string, readonly AnalysedStatement[]>> = {
  postgresql: new Map(),
  sqlserver: new Map(),
};
const mostKnown = 20_000;

function readStatement(
  text: string,
  { start, end, tokens }: StatementTokens,
  dialect: Dialect,
  grammar: PostgresGrammar | null,
): AnalysedStatement[] {
  const own = text.slice(start, end);
  let read = known[dialect].get(own);
  if (!read) {
    read = readText(own, moved(tokens, -start), dialect, grammar);
    if (known[dialect].size >= mostKnown) known[dialect].clear();
    known[dialect].set(own, read);
  }
  return read.map((statement) => ({ ...statement, start: start + statement.start, end: start + statement.end }));
}

/** One statement, or the several that one is taken for while its `;` is missing. */
function readText(
  text: string,
  tokens: readonly Token[],
  dialect: Dialect,
  grammar: PostgresGrammar | null,
): AnalysedStatement[] {
  const whole = { start: 0, end: text.length, facts: scanStatement(text, tokens, dialect) };
  const fault = grammar === null ? null : faultOf(text, tokens, grammar);
  if (grammar === null || fault === null) return [whole];
  const pieces = splitAtStarts(text, tokens);
  if (pieces.length === 1) return [{ ...whole, facts: { ...whole.facts, fault } }];
  return pieces.map(({ start, end, tokens: some }, index) => {
    const own = text.slice(start, end);
    const ownTokens = moved(some, -start);
    const facts = scanStatement(own, ownTokens, dialect);
    const next = pieces[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const isStoppedHere = fault.start >= start && fault.start < next;
    const ownFault = isStoppedHere
      ? { ...fault, start: fault.start - start, end: fault.end - start }
      : faultOf(own, ownTokens, grammar);
    return { start, end, facts: { ...facts, fault: ownFault } };
  });
}

function faultOf(text: string, tokens: readonly Token[], grammar: PostgresGrammar): StatementFacts["fault"] {
  if (text.length > longestParsed) return null;
  const parsed = grammar.parse(text, tokens);
  return "fault" in parsed ? parsed.fault : null;
}

const statementStart =
  /^(?:alter|analyze|call|cluster|comment|copy|create|delete|do|drop|explain|grant|insert|lock|merge|refresh|reindex|revoke|select|set|truncate|update|vacuum|with)$/i;

/** Cuts before each keyword in a line's first column that begins a statement; only for what the grammar has refused whole. */
function splitAtStarts(text: string, tokens: readonly Token[]): StatementTokens[] {
  const cuts = [0];
  tokens.forEach((token, at) => {
    if (at === 0 || token.kind !== "word" || !/[\r\n]/.test(text[token.start - 1] ?? "")) return;
    if (statementStart.test(text.slice(token.start, token.end))) cuts.push(at);
  });
  return cuts.flatMap((from, index) => {
    const some = tokens.slice(from, cuts[index + 1] ?? tokens.length);
    while (some.length > 0 && (some.at(-1)?.kind === "space" || some.at(-1)?.kind === "comment")) some.pop();
    const [first, last] = [some[0], some.at(-1)];
    return first && last ? [{ start: first.start, end: last.end, tokens: some }] : [];
  });
}

/** Takes out the references to temporary and transition tables, wherever in the file these are introduced. */
function withoutTransient(statements: readonly AnalysedStatement[]): readonly AnalysedStatement[] {
  const names = new Set(statements.flatMap(({ facts }) => facts.transient));
  if (names.size === 0) return statements;
  const isReal = (name: { schema: string | null; name: string }) => name.schema !== null || !names.has(name.name);
  return statements.map((statement) => ({
    ...statement,
    facts: {
      ...statement.facts,
      tables: statement.facts.tables.filter(isReal),
      foreignKeys: statement.facts.foreignKeys.filter(({ to }) => isReal(to)),
    },
  }));
}

function moved(tokens: readonly Token[], by: number): Token[] {
  return tokens.map((token) => ({ ...token, start: token.start + by, end: token.end + by }));
}
