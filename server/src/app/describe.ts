import type { Definition } from "../model/catalog";
import type { Project } from "../project/project";
import type { OpenAnalysis } from "../sql/analyse";
import type { TableReference } from "../sql/facts";
import { lineIndex } from "../sql/lineIndex";
import { sameName } from "../sql/renderText";
import type { Span } from "../sql/span";
import { historyOf } from "./history";
import { readBuffer } from "./lint";

/** A table's name at a place in a text (absolute offsets), and what the folder knows of it at that point of the history. */
export interface TableDescription extends Span {
  readonly name: string;
  readonly definitions: readonly {
    readonly schema: string;
    readonly kind: Definition["kind"];
    readonly side: "public" | "tenant";
    /** The migration that makes it, relative to the project's root; null where the configuration names it. */
    readonly file: string | null;
    /** From 1. */
    readonly line: number | null;
  }[];
}

/** Describes the table that is named at an offset; null where none is. @param path relative to the project's root */
export async function describeTable(
  project: Project,
  path: string,
  analysis: OpenAnalysis,
  offset: number,
): Promise<TableDescription | null> {
  const read = await readBuffer(project, path, analysis);
  if (read === null) return null;
  const history = historyOf(read.project, read.migration);
  const index = analysis.statements.findIndex(({ start, end }) => start <= offset && offset <= end);
  const statement = analysis.statements[index];
  const table = statement?.facts.tables.find(
    (one) => placeOf(one, statement.start).start <= offset && offset <= placeOf(one, statement.start).end,
  );
  if (!statement || !table) return null;
  const { publicSchema, dialect } = project.configuration;
  const known = history.before(path, index + 1);
  const found =
    table.schema === null ? Object.values(known.lookUp(table.name)) : [known.find(table.schema, table.name)];
  const definitions = found
    .filter((one) => one !== null)
    .map(({ schema, kind, file, span }) => ({
      schema,
      kind,
      side: sameName(schema, publicSchema, dialect) ? ("public" as const) : ("tenant" as const),
      file,
      line: file === null || span === null ? null : lineOf(project, file, path, analysis.text, span),
    }));
  return { ...placeOf(table, statement.start), name: table.name, definitions };
}

function placeOf(table: TableReference, base: number): Span {
  return { start: base + (table.schemaSpan?.start ?? table.start), end: base + table.end };
}

function lineOf(project: Project, file: string, path: string, text: string, span: Span): number | null {
  const source = file === path ? text : project.migrations.find((migration) => migration.path === file)?.text;
  return source === undefined ? null : lineIndex(source).positionAt(span.start).line + 1;
}
