import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { inspect } from "../../server/src/app/inspect";
import { openAnalysis } from "../../server/src/sql/analyse";
import { compare, newCount, shares } from "./accuracyCount";
import { measureDamaged, newDamagedCounts } from "./accuracyDamaged";
import { sqlFiles } from "./sqlFiles";

/**
 * Measures the analysis of SQL Server's files against what a person has marked in them: a line ends with what it names, as in
 * `--: read dbo.a, fk dbo.a>dbo.b`. Files without any mark are left out.
 */
export async function measureMarked(folders: readonly string[], print: (line: string) => void): Promise<void> {
  for (const folder of folders) {
    const counts = { tables: newCount(), foreignKeys: newCount(), damaged: newDamagedCounts() };
    let errors = 0;
    const files = sqlFiles(folder).map((file) => ({ name: basename(file), text: readFileSync(file, "utf8") }));
    const marked = files.filter(({ text }) => mark.test(text));
    for (const { name, text } of marked) {
      const told = await toldByLine(text);
      errors += told.errors;
      for (const [index, line] of text.split("\n").entries()) {
        const marks = mark.exec(line)?.[1]?.split(", ") ?? [];
        const tell = (what: string) => print(`${name}:${index + 1}: ${what}  | ${line.trim().slice(0, 160)}`);
        const here = told.lines.get(index) ?? [];
        compare(marks.filter(isTable), here.filter(isTable), counts.tables, tell);
        compare(marks.filter(isKey), here.filter(isKey), counts.foreignKeys, tell);
      }
      measureDamaged(await openAnalysis(text, "sqlserver"), counts.damaged, (line) => print(`${name}:0: ${line}`));
    }
    const { damaged } = counts;
    print(`${folder}: ${marked.length} files of SQL Server with marks, ${errors} errors told`);
    print(`  tables                        ${shares(counts.tables)}`);
    print(`  foreign keys                  ${shares(counts.foreignKeys)}`);
    print(`  a token deleted: in it        ${shares(damaged.deleted.own)}`);
    print(`                   around it    ${shares(damaged.deleted.neighbours)}`);
    print(`  its tail cut:    in it        ${shares(damaged.cut.own)}`);
    print(`                   around it    ${shares(damaged.cut.neighbours)}`);
  }
}

const mark = /--: (.*)$/m;
const isKey = (item: string) => item.startsWith("fk ");
const isTable = (item: string) => !isKey(item) && item !== "dynamic";

interface Told {
  readonly lines: ReadonlyMap<number, readonly string[]>;
  readonly errors: number;
}

async function toldByLine(text: string): Promise<Told> {
  const { statements, errors } = await inspect(text, "sqlserver");
  const lines = new Map<number, string[]>();
  const add = (start: number, says: string) => {
    const line = text.slice(0, start).split("\n").length - 1;
    lines.set(line, [...(lines.get(line) ?? []), says]);
  };
  const named = ({ schema, name }: { schema: string | null; name: string }) =>
    schema === null ? name : `${schema}.${name}`;
  for (const { tables, foreignKeys } of statements) {
    for (const table of tables) add(table.start, `${table.use} ${named(table)}`);
    for (const { from, to, start } of foreignKeys) add(start, `fk ${named(from)}>${named(to)}`);
  }
  return { lines, errors: errors.length };
}
