import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { openAnalysis } from "../../server/src/sql/analyse";
import type { AnalysedStatement } from "../../server/src/sql/facts";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { tokensOf } from "../../server/src/sql/lexer";
import type { Span } from "../../server/src/sql/span";
import { bodyTruthOf } from "./accuracyBodies";
import { type Count, compare, newCount, shares } from "./accuracyCount";
import { type DamagedCounts, measureDamaged, newDamagedCounts } from "./accuracyDamaged";
import { given, outsideOf } from "./accuracyNames";
import { truthOf } from "./accuracyTruth";
import { sqlFiles } from "./sqlFiles";

/** Measures the analysis of each folder's SQL files against PostgreSQL's own parse trees, and tells what it missed or made up. */
export async function measure(folders: readonly string[], print: (line: string) => void): Promise<void> {
  for (const folder of folders) {
    const counts = { tables: newCount(), bodies: newCount(), foreignKeys: newCount(), damaged: newDamagedCounts() };
    let refused = 0;
    const files = sqlFiles(folder);
    for (const file of files) refused += await measureFile(file, relative(folder, file), counts, print);
    print(`${folder}: ${files.length} files, ${refused} statements refused by the grammar and left out`);
    const { damaged } = counts;
    print(`  tables                        ${shares(counts.tables)}`);
    print(`  tables in bodies              ${shares(counts.bodies)}`);
    print(`  foreign keys                  ${shares(counts.foreignKeys)}`);
    print(`  a token deleted: in it        ${shares(damaged.deleted.own)}`);
    print(`                   if refused   ${shares(damaged.deleted.refused)}`);
    print(`                   around it    ${shares(damaged.deleted.neighbours)}`);
    print(`  its tail cut:    in it        ${shares(damaged.cut.own)}`);
    print(`                   if refused   ${shares(damaged.cut.refused)}`);
    print(`                   around it    ${shares(damaged.cut.neighbours)}`);
  }
}

async function measureFile(
  file: string,
  name: string,
  counts: {
    readonly tables: Count;
    readonly bodies: Count;
    readonly foreignKeys: Count;
    readonly damaged: DamagedCounts;
  },
  print: (line: string) => void,
): Promise<number> {
  const text = readFileSync(file, "utf8");
  const grammar = await loadPostgresGrammar();
  const analysis = await openAnalysis(text, "postgresql");
  const { statements } = analysis;
  const truths = statements.map(({ start, end }) => {
    const sql = text.slice(start, end);
    const parsed = grammar.parse(sql, tokensOf(sql, "postgresql"));
    return "tree" in parsed ? { ...truthOf(parsed.tree.stmts), statement: parsed.tree.stmts?.[0]?.stmt } : null;
  });
  const temporary = new Set<string>();
  // The function of a trigger stands before it, as a rule.
  const transition = new Set(truths.flatMap((truth) => truth?.transition ?? []));
  let refused = 0;
  for (const [at, statement] of statements.entries()) {
    const sql = text.slice(statement.start, statement.end);
    const truth = truths[at] ?? null;
    if (truth === null) {
      refused++;
      continue;
    }
    for (const made of truth.temporary) temporary.add(made);
    const isTable = (table: string) => !temporary.has(table);
    const told = outside(statement, sql);
    const where = `${name}:${text.slice(0, statement.start).split("\n").length}`;
    const tell = (line: string) => print(`${where}: ${line}  | ${sql.replaceAll(/\s+/g, " ").slice(0, 160)}`);
    compare(truth.tables.filter(isTable), told.tables.filter(isTable), counts.tables, tell);
    await measureBody(statement, sql, truth.statement, { counts, temporary, transition, tell });
    const isLasting = (key: string) => isTable(key.split(" -> ")[1] ?? "");
    compare(truth.foreignKeys.filter(isLasting), told.foreignKeys.filter(isLasting), counts.foreignKeys, (line) =>
      tell(`foreign key ${line}`),
    );
    if (/^drop table/i.test(sql)) for (const dropped of truth.tables) temporary.delete(dropped);
  }
  measureDamaged(analysis, counts.damaged, (line) => print(`${name}:0: ${line}`));
  return refused;
}

/** A routine's quoted body is measured apart: to SQL's parser it is a string. */
async function measureBody(
  { facts }: AnalysedStatement,
  sql: string,
  statement: unknown,
  context: {
    readonly counts: { readonly bodies: Count };
    readonly temporary: Set<string>;
    readonly transition: ReadonlySet<string>;
    readonly tell: (line: string) => void;
  },
): Promise<void> {
  const { counts, temporary, transition, tell } = context;
  const truth = await bodyTruthOf(sql, statement);
  if (truth === null) return;
  for (const made of truth.temporary) temporary.add(made);
  const isTable = (table: string) => !temporary.has(table) && !transition.has(table);
  const isIn = (outer: Span, { start }: Span) => outer.start <= start && start < outer.end;
  const told = facts.tables
    .filter((table) => isIn(truth, table) && !truth.literals.some((literal) => isIn(literal, table)))
    .map(given);
  compare(truth.tables.filter(isTable), told.filter(isTable), counts.bodies, (line) => tell(`in the body ${line}`));
}

/** What the analysis found outside of the statement's literals: a tree knows nothing of what stands inside of them. */
function outside({ facts }: AnalysedStatement, sql: string): { tables: string[]; foreignKeys: string[] } {
  const isOutside = outsideOf(sql);
  return {
    tables: facts.tables.filter(isOutside).map(given),
    foreignKeys: facts.foreignKeys
      .filter(({ to }) => isOutside(to))
      .map(({ from, to }) => `${given(from)} -> ${given(to)}`),
  };
}
