import { analyse, editAnalysis, openAnalysis } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";
import { loadPostgresGrammar } from "../../server/src/sql/grammar/postgres";
import { lex } from "../../server/src/sql/lexer";
import { edited, seeded, written } from "./edits";
import { hardTexts } from "./hardTexts";
import { shopText } from "./shopText";

type Print = (line: string) => void;

const lines = 10_000;
const bars = { first: 120, edit: 2, hard: 5000 };

/** Measures how long the analysis takes: of a long migration, of one edit in it, and of texts that nobody writes. */
export async function measureSpeed(root: string, print: Print): Promise<void> {
  await loadPostgresGrammar();
  const text = shopText(root, lines);
  print(`speed: ${text.split("\n").length} lines, ${text.length} characters, node ${process.version}`);
  const cold = await timed(() => analyse(text, "postgresql"));
  const { parseSync } = await import("libpg-query");
  const parts = (await analyse(text, "postgresql")).statements.map(({ start, end }) => text.slice(start, end));
  const first: number[] = [];
  const floor: number[] = [];
  // In turn, so that whatever else the machine does slows both.
  for (let n = 0; n < 15; n++) {
    first.push(await timed(() => analyse(text, "postgresql")));
    floor.push(
      await timed(() => {
        for (const part of parts) parseSync(part);
      }),
    );
  }
  // What else the machine does only ever adds: the least of several is the nearest to the truth, and the median tells how far it was from it.
  const [least, alone] = [Math.min(...first), Math.min(...floor)];
  print(
    `  first analysis   ${ms(cold)} cold; warm least ${ms(least)}, median ${ms(median(first))} (bar ${ms(bars.first)})`,
  );
  print(
    `  the parser alone least ${ms(alone)}, median ${ms(median(floor))}: the analysis takes ${(least / alone).toFixed(2)} x that`,
  );
  await measureEdits(text, print);
  for (const dialect of ["postgresql", "sqlserver"] as const) {
    const took = Math.min(...(await repeated(9, () => lex(text, dialect))));
    print(`  lexing           ${(text.length / 1000 / took).toFixed(0)} MB/s (${dialect})`);
  }
  for (const dialect of ["postgresql", "sqlserver"] as const) await measureHard(dialect, print);
}

async function measureEdits(text: string, print: Print): Promise<void> {
  const random = seeded(7);
  let analysis = await openAnalysis(text, "postgresql");
  const times: Record<string, number[]> = { typing: [], deleting: [], pasting: [], undoing: [], writing: [] };
  const joining: number[] = [];
  const edit = (what: string, next: string) => {
    joining.push(join(next));
    const from = performance.now();
    analysis = editAnalysis(analysis, next);
    times[what]?.push(performance.now() - from);
  };
  for (let n = 0; n < 400; n++) for (const { what, text: next } of edited(analysis.text, random)) edit(what, next);
  const all = Object.values(times).flat();
  for (const next of written(analysis.text)) edit("writing", next);
  print(
    `  one edit         p50 ${ms(share(all, 0.5))}, p95 ${ms(share(all, 0.95))}, p99 ${ms(share(all, 0.99))} (bar p95 ${ms(bars.edit)}), ${all.length} edits`,
  );
  print(`  its text         p50 ${ms(share(joining, 0.5))} to put together, which no edit above has in it`);
  for (const [what, some] of Object.entries(times))
    print(
      `    ${what.padEnd(14)} p50 ${ms(share(some, 0.5))}, p95 ${ms(share(some, 0.95))}, most ${ms(Math.max(...some))}`,
    );
}

/** Has V8 join the parts of a text, which it does when it is read for the first time, whoever reads it. @returns milliseconds */
function join(text: string): number {
  const from = performance.now();
  // Nothing is found, but the engine may not leave out a search whose outcome counts.
  const found = text.indexOf("\0");
  return found === -1 ? performance.now() - from : 0;
}

async function measureHard(dialect: Dialect, print: Print): Promise<void> {
  for (const { name, text } of hardTexts()) {
    let statements = 0;
    const opening = await timed(async () => {
      const analysis = await openAnalysis(text, dialect);
      statements = analysis.statements.length;
    });
    const note = opening > bars.hard ? `  OVER ${ms(bars.hard)}` : "";
    print(
      `  ${dialect === "postgresql" ? "PostgreSQL" : "SQL Server"}, ${name}: ${ms(opening)}, ${statements} statements${note}`,
    );
  }
}

async function repeated(times: number, work: () => unknown): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) taken.push(await timed(work));
  return taken;
}

async function timed(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  return share(values, 0.5);
}

function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
