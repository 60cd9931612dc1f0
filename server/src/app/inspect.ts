import { analyse } from "../sql/analyse";
import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement, NameReference, TableUse } from "../sql/facts";

/** What the analysis sees in a text: the form of `inspect --format json`. Offsets are UTF-16 code units into the text. */
export interface Inspection {
  readonly statements: readonly InspectedStatement[];
  readonly errors: readonly { readonly message: string; readonly start: number; readonly end: number }[];
}

export interface InspectedStatement {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly tables: readonly (InspectedName & { readonly use: TableUse })[];
  readonly foreignKeys: readonly {
    readonly from: { readonly schema: string | null; readonly name: string };
    readonly to: { readonly schema: string | null; readonly name: string };
    readonly start: number;
    readonly end: number;
  }[];
}

/** A name at its place; `schemaStart` and `schemaEnd` only where a schema is written. */
export interface InspectedName {
  readonly schema: string | null;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly schemaStart?: number;
  readonly schemaEnd?: number;
}

export async function inspect(text: string, dialect: Dialect): Promise<Inspection> {
  const mark = text.startsWith("\ufeff") ? 1 : 0;
  const { statements } = await analyse(text.slice(mark), dialect);
  return {
    statements: statements.map((statement) => inspected(statement, mark)),
    errors: statements.flatMap(({ start, facts: { fault } }) =>
      fault === null
        ? []
        : [{ message: fault.message, start: mark + start + fault.start, end: mark + start + fault.end }],
    ),
  };
}

function inspected({ start, end, facts }: AnalysedStatement, mark: number): InspectedStatement {
  const base = mark + start;
  return {
    start: base,
    end: mark + end,
    kind: facts.kind,
    tables: facts.tables.map((table) => ({ ...nameAt(table, base), use: table.use })),
    foreignKeys: facts.foreignKeys.map(({ from, to }) => ({
      from: { schema: from.schema, name: from.name },
      to: { schema: to.schema, name: to.name },
      start: base + to.start,
      end: base + to.end,
    })),
  };
}

function nameAt(name: NameReference, base: number): InspectedName {
  return {
    schema: name.schema,
    name: name.name,
    start: base + name.start,
    end: base + name.end,
    ...(name.schemaSpan === null
      ? {}
      : { schemaStart: base + name.schemaSpan.start, schemaEnd: base + name.schemaSpan.end }),
  };
}
