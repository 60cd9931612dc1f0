import type { InspectedStatement, Inspection } from "../../app/inspect";
import { lineIndex } from "../../sql/lineIndex";
import type { Style } from "../style";
import { visible } from "../text";

/** What the analysis sees, a block for each statement with the place of everything in it. */
export function inspectionText(inspection: Inspection, file: string, text: string, style: Style): string {
  const lines = lineIndex(text);
  const place = (offset: number) => {
    const { line, character } = lines.positionAt(offset);
    return `${line + 1}:${character + 1}`;
  };
  const blocks = inspection.statements.map((statement) => statementText(statement, file, place, style));
  const errors = inspection.errors.map(
    (error) => `${style.bold(`${file}:${place(error.start)}`)}: ${style.red("error")}: ${error.message}`,
  );
  return [...blocks, ...errors].join("\n") || "No statements.";
}

function statementText(
  statement: InspectedStatement,
  file: string,
  place: (offset: number) => string,
  style: Style,
): string {
  const tables = statement.tables.map(
    (table) => `  ${table.use.padEnd(9)}  ${nameText(table)} ${style.dim(`at ${place(table.start)}`)}`,
  );
  const keys = statement.foreignKeys.map(
    ({ from, to, start }) => `  key        ${nameText(from)} → ${nameText(to)} ${style.dim(`at ${place(start)}`)}`,
  );
  return [`${style.bold(`${file}:${place(statement.start)}`)} ${style.cyan(statement.kind)}`, ...tables, ...keys].join(
    "\n",
  );
}

function nameText({ schema, name }: { schema: string | null; name: string }): string {
  return visible(schema === null ? name : `${schema}.${name}`);
}
