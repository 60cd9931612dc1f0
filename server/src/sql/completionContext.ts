import type { Output } from "./action";
import type { OpenAnalysis } from "./analyse";
import { type Found, readClauses } from "./completion/clauses";
import { type Place, placeIn, type Typed } from "./completion/place";
import type { Scope, TableSource } from "./completion/reader";
import type { QualifiedName } from "./facts";
import { lex } from "./lexer";
import type { Span } from "./span";
import type { Token } from "./token";

/** A table of the statement whose columns may stand at a place; the alias is what they can be qualified with. */
export interface VisibleTable extends QualifiedName {
  readonly alias: string | null;
  /** What it gives where it is no table, but a query in WITH or FROM. */
  readonly outputs: readonly Output[];
}

/** What can be written at a place in a statement. The span is the half-typed name to be replaced, with no qualifier before it. */
export type CompletionContext = Span &
  (
    | {
        readonly kind: "table";
        /** As it is typed already, before the dot. */
        readonly schema: string | null;
        /** What WITH names. */
        readonly common: readonly string[];
        readonly isQuoted: boolean;
      }
    | {
        readonly kind: "column";
        readonly tables: readonly VisibleTable[];
        /** Whether the name follows a table or alias and a dot. */
        readonly isQualified: boolean;
        /** Whether it is to be one that the last of the tables has in common with the others: USING. */
        readonly isJoined: boolean;
        /** The schema that the qualifier may be as well as a table: `COMMENT ON COLUMN prototype.` */
        readonly schema: string | null;
        readonly isQuoted: boolean;
      }
    /** A line comment, in which a directive may stand. */
    | { readonly kind: "comment"; readonly token: Token }
  );

/** Tells what is expected at an offset; null where that is no name of a table or column. Reads one statement at most. */
export function completionContext(analysis: OpenAnalysis, offset: number): CompletionContext | null {
  const { text, language, segments } = analysis;
  let at = 0;
  let index = 0;
  for (; index < segments.length - 1 && at + (segments[index]?.length ?? 0) < offset; index++) {
    at += segments[index]?.length ?? 0;
  }
  const segment = segments[index];
  if (segment === undefined || segment.length > longest) return null;
  const own = text.slice(at, at + segment.length);
  const place = placeIn(own, lex(own, language.dialect), offset - at, startsOf(segment.statements), language.dialect);
  if (place === null) return null;
  const context = "comment" in place ? commentAt(place.comment) : nameAt(place);
  return context && movedContext(context, at);
}

/** A statement that is longer is data, and to read it at each key would keep the editor waiting. */
const longest = 400_000;

function startsOf(statements: readonly Span[]): number[] {
  return statements.map(({ start }) => start);
}

function movedContext(context: CompletionContext, by: number): CompletionContext {
  const { start, end } = context;
  const span = { start: start + by, end: end + by };
  if (context.kind !== "comment") return { ...context, ...span };
  return { ...context, ...span, token: { ...context.token, ...span } };
}

function commentAt(token: Token): CompletionContext {
  return { kind: "comment", token, start: token.start, end: token.end };
}

function nameAt(place: Exclude<Place, { readonly comment: Token }>): CompletionContext | null {
  const found = readClauses(place);
  if (found === null) return null;
  const { typed } = place;
  const { start, end, isQuoted, qualifiers } = typed;
  if (found.expects === "table") {
    const schema = qualifiers.at(-1) || null;
    return { kind: "table", schema, common: schema === null ? commonNames(found.scope) : [], isQuoted, start, end };
  }
  if (found.expects === "column-path" && qualifiers.length === 0) {
    return { kind: "table", schema: null, common: [], isQuoted, start, end };
  }
  if (!columns.has(found.expects)) return null;
  const tables = tablesFor(found, typed).map(({ schema, name, alias, outputs }) => ({ schema, name, alias, outputs }));
  if (tables.length === 0) return null;
  const isQualified = qualifiers.length > 0;
  const isJoined = found.expects === "joined" && !isQualified;
  const path = found.expects === "column-path" && qualifiers.length === 1 ? qualifiers[0] : undefined;
  return { kind: "column", tables, isQualified, isJoined, schema: path ?? null, isQuoted, start, end };
}

const columns: ReadonlySet<Found["expects"]> = new Set(["operand", "target", "joined", "column-path"]);

/** The tables whose columns are meant; after a qualifier, the one that it names. */
function tablesFor(found: Found, { qualifiers }: Typed): readonly TableSource[] {
  const { target, changed, fold } = found;
  const all = visibleIn(found.scope);
  const visible = all.filter((source) => source !== target || meant(source, all, fold) === source);
  const isTarget = found.expects === "target";
  const qualifier = qualifiers.at(-1);
  if (found.expects === "joined" && qualifier === undefined) return found.scope.sources.filter(hasColumns);
  if (qualifier === undefined) {
    if (isTarget) return target === null ? [] : [meant(target, visible, fold)];
    return visible.filter(hasColumns);
  }
  const schema = qualifiers.at(-2);
  if (schema !== undefined) {
    return [tableNamed(schema, qualifier)];
  }
  const named = visible.find((source) => fold(source.alias ?? source.name) === fold(qualifier));
  if (named !== undefined) return [named].filter(hasColumns);
  if (changed !== null && changedRows.has(fold(qualifier))) return [meant(changed, visible, fold)];
  return [tableNamed(null, qualifier)];
}

/** The rows that a change puts or removes, by the names that they have in it. */
const changedRows: ReadonlySet<string> = new Set(["excluded", "inserted", "deleted", "new", "old"]);

/** `UPDATE o … FROM orders o` changes what the alias stands for. */
function meant(target: TableSource, visible: readonly TableSource[], fold: (name: string) => string): TableSource {
  if (target.schema !== null) return target;
  const aliased = visible.find(({ alias }) => alias !== null && fold(alias) === fold(target.name));
  return aliased ?? target;
}

function tableNamed(schema: string | null, name: string): TableSource {
  return { schema, name, alias: null, isTable: true, outputs: [] };
}

function hasColumns({ isTable, name, outputs }: TableSource): boolean {
  return isTable ? name !== "" : outputs.length > 0;
}

/** Those of the query first, then those of the queries around it. */
function visibleIn(scope: Scope): TableSource[] {
  const found: TableSource[] = [];
  for (let one: Scope | null = scope; one !== null; one = one.outer) found.push(...one.sources);
  return found;
}

function commonNames(scope: Scope): string[] {
  return [...scope.common.keys()];
}
