import { editAnalysis, type OpenAnalysis } from "../../server/src/sql/analyse";
import type { AnalysedStatement } from "../../server/src/sql/facts";
import { lex, tokensOf } from "../../server/src/sql/lexer";
import type { Span } from "../../server/src/sql/span";
import { type Count, compare, newCount } from "./accuracyCount";
import { given, outsideOf } from "./accuracyNames";
import { truthOf } from "./accuracyTruth";

/** What is still found in statements that are half typed, and in those around them. */
export interface DamagedCounts {
  readonly deleted: Around;
  readonly cut: Around;
}

interface Around {
  readonly own: Count;
  /** Those of `own` whose statement the grammar refuses once it is damaged. */
  readonly refused: Count;
  readonly neighbours: Count;
}

export function newDamagedCounts(): DamagedCounts {
  const around = () => ({ own: newCount(), refused: newCount(), neighbours: newCount() });
  return { deleted: around(), cut: around() };
}

const samples = 12;

/**
 * Damages some of a text's statements, one at a time: one token is deleted, or all from a token on. Measured against what the undamaged text
 * says, name for name at its place; a statement that the grammar accepts all the same is another one now (`from s.a` without its dot reads
 * `sa`, `select a from b` without FROM no table), and its own tree is the truth. The choice is the same in every run.
 */
export function measureDamaged(analysis: OpenAnalysis, counts: DamagedCounts, tell: (line: string) => void): void {
  const { text } = analysis;
  const choose = sequence(7);
  for (let n = 0; n < samples; n++) {
    const statement = analysis.statements[choose(analysis.statements.length)];
    if (statement === undefined || statement.facts.fault !== null || statement.facts.tables.length === 0) continue;
    const tokens = lex(text.slice(statement.start, statement.end), analysis.language.dialect).filter(
      ({ kind }) => kind !== "space" && kind !== "comment",
    );
    const token = tokens[1 + choose(tokens.length - 1)];
    if (token === undefined) continue;
    const from = statement.start + token.start;
    const to = statement.start + token.end;
    measureOne(analysis, { statement, gap: { start: from, end: to } }, counts.deleted, tell);
    measureOne(analysis, { statement, gap: { start: from, end: statement.end } }, counts.cut, tell);
  }
}

function measureOne(
  analysis: OpenAnalysis,
  { statement, gap }: { readonly statement: AnalysedStatement; readonly gap: Span },
  { own, refused, neighbours }: Around,
  tell: (line: string) => void,
): void {
  const { text, statements, language } = analysis;
  const damaged = editAnalysis(analysis, text.slice(0, gap.start) + text.slice(gap.end));
  const length = gap.end - gap.start;
  const isOwn = ({ start }: Span) => start >= statement.start && start < statement.end;
  const shifted = (offset: number) => (offset >= gap.start ? offset + length : offset);
  const told = damaged.statements.flatMap(tablesOf).map(({ start, end, schemaSpan, ...table }) => ({
    ...table,
    start: shifted(start),
    end: shifted(end),
    schemaSpan: schemaSpan && { start: shifted(schemaSpan.start), end: shifted(schemaSpan.end) },
  }));
  // Where the schema is what is missing, the name is all that is left of the table.
  const truth = statements
    .flatMap(tablesOf)
    .filter((table) => !isOver(table, gap))
    .map((table) => (isOver(table.schemaSpan, gap) ? { ...table, name: table.bare } : table));
  const named = (tables: readonly Named[]) => tables.map(({ name, start }) => `${name}@${start}`);
  const before = text.slice(statement.start, gap.start);
  const where = JSON.stringify(`${before}<<${text.slice(gap.start, gap.end)}>>`.slice(-120));
  const sql = before + text.slice(gap.end, statement.end);
  const parsed = language.grammar?.parse(sql, tokensOf(sql, language.dialect));
  const tellOwn = (line: string) => tell(`${parsed && "tree" in parsed ? "changed" : "damaged"}: ${line} ${where}`);
  if (parsed !== undefined && "tree" in parsed) {
    const isOutside = outsideOf(sql);
    const shown = damaged.statements.find(({ start }) => start === statement.start)?.facts.tables ?? [];
    const transient = new Set(statements.flatMap(({ facts }) => facts.transient));
    const seen = truthOf(parsed.tree.stmts).tables.filter((name) => !transient.has(name));
    compare(seen, shown.filter(isOutside).map(given), own, tellOwn);
  } else {
    // The words on both sides have become one (`references s.a<<(>>b)`), of which nobody knows what it names.
    const isOne = lex(sql, language.dialect).some(({ start, end }) => start < before.length && end > before.length);
    const isKnown = (table: Named) => !isOne || !touches(table, gap);
    const ownTruth = named(truth.filter((table) => isOwn(table) && isKnown(table)));
    const ownTold = named(told.filter((table) => isOwn(table) && isKnown(table)));
    compare(ownTruth, ownTold, own, tellOwn);
    compare(ownTruth, ownTold, refused, () => {});
  }
  const others = (tables: readonly Named[]) => named(tables.filter((table) => !isOwn(table)));
  compare(others(truth), others(told), neighbours, (line) => tell(`beside the damaged: ${line} ${where}`));
}

interface Named extends Span {
  readonly name: string;
  readonly bare: string;
  readonly schemaSpan: Span | null;
}

function isOver(span: Span | null, gap: Span): boolean {
  return span !== null && span.start < gap.end && gap.start < span.end;
}

/** Whether a table's name reaches to the gap; in the damaged text it may also end behind it. */
function touches({ schemaSpan, start, end }: Named, gap: Span): boolean {
  return (schemaSpan?.start ?? start) <= gap.end && end >= gap.start;
}

function tablesOf({ start: at, facts }: AnalysedStatement): Named[] {
  return facts.tables.map(({ schema, name, start, end, schemaSpan }) => ({
    name: schema === null ? name : `${schema}.${name}`,
    bare: name,
    start: at + start,
    end: at + end,
    schemaSpan: schemaSpan && { start: at + schemaSpan.start, end: at + schemaSpan.end },
  }));
}

/** Numbers below a limit, the same ones for the same seed: a linear congruential generator. */
function sequence(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return limit > 0 ? state % limit : 0;
  };
}
