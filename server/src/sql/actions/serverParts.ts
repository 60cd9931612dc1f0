import { statementStarts } from "../scan";
import { createModifiers, readKind } from "../scan/kinds";
import { type Source, skipAny } from "../scan/source";

/** One statement, as a range of a source's tokens. */
export interface StatementPart {
  readonly source: Source;
  readonly from: number;
  readonly to: number;
}

/** The single statements in a text that is one statement for PostgreSQL, and for SQL Server may be several with nothing between them. */
export function partsOf(source: Source): StatementPart[] {
  const end = source.tokens.length;
  if (source.dialect === "postgresql" || isModule(source)) return [{ source, from: 0, to: end }];
  const starts = statementStarts(source);
  return starts.map((from, order) => ({ source, from, to: starts[order + 1] ?? end }));
}

/** A procedure, function, trigger or view takes the rest of its batch. */
function isModule(source: Source): boolean {
  if (source.words[0] !== "create" && source.words[0] !== "alter") return false;
  const kind = readKind(source, skipAny(source, 1, createModifiers("sqlserver")));
  return kind !== null && ["procedure", "proc", "function", "trigger", "view"].includes(kind.phrase);
}
