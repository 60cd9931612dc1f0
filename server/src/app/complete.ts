import type { WholeCatalog } from "../model/catalog";
import type { KnownColumn, NamedColumn } from "../model/columns";
import { directivePartAt, directiveWords } from "../model/directives";
import type { Scope } from "../model/migration";
import type { Configuration } from "../project/configuration";
import type { Project } from "../project/project";
import { rules } from "../rules/all";
import { isPlaceholder, writtenName } from "../rules/schemas";
import type { OpenAnalysis } from "../sql/analyse";
import { type CompletionContext, completionContext } from "../sql/completionContext";
import { foldName } from "../sql/dialect";
import { quoteIdentifier } from "../sql/quote";
import { sameName } from "../sql/renderText";
import type { Span } from "../sql/span";
import { historyOf } from "./history";
import { readBuffer } from "./lint";

/** Something that can be written at a place. */
export interface Completion {
  readonly kind: "table" | "schema" | "column" | "common" | "directive" | "rule";
  readonly label: string;
  readonly detail: string;
  /** What is written. */
  readonly text: string;
  /** What is compared with the text that is typed. */
  readonly filter: string;
}

/** What can be written at a place, and what it takes the place of (absolute offsets). */
export interface Completions extends Span {
  readonly items: readonly Completion[];
}

/** Offers what the folder knows at that point of the history; null where no name is expected. @param path relative to the project's root */
export async function complete(
  project: Project,
  path: string,
  analysis: OpenAnalysis,
  offset: number,
): Promise<Completions | null> {
  const context = completionContext(analysis, offset);
  if (context === null) return null;
  const read = await readBuffer(project, path, analysis);
  if (read === null) return null;
  if (context.kind === "comment") return inDirective(analysis.text, context, offset);
  const history = historyOf(read.project, read.migration);
  const index = analysis.statements.findLastIndex(({ start }) => start < offset);
  const writing = { ...context, scope: read.migration.scope, configuration: project.configuration };
  const before = history.before(path, Math.max(0, index));
  const { start, end } = context;
  if (writing.kind === "table") return { start, end, items: tables(before, writing) };
  if (writing.kind !== "column") return null;
  // The columns of a table that the statement itself makes are known only after it.
  const found = columns(before, writing);
  const items = found.length > 0 ? found : columns(history.before(path, index + 1), writing);
  const { schema } = writing;
  return { start, end, items: schema === null ? items : [...items, ...tablesIn(before, schema, writing)] };
}

/** What is expected, and in what kind of migration. */
type Writing<Kind extends CompletionContext["kind"]> = Extract<CompletionContext, { readonly kind: Kind }> & {
  readonly scope: Scope;
  readonly configuration: Configuration;
};

function inDirective(
  text: string,
  { token }: Extract<CompletionContext, { readonly kind: "comment" }>,
  offset: number,
): Completions | null {
  const found = directivePartAt(text, token, offset);
  if (found === null) return null;
  const { part, start, end } = found;
  const words =
    part === "rule" ? rules.map(({ id, summary }) => [id, summary] as const) : Object.entries(directiveWords[part]);
  const kind = part === "rule" ? "rule" : "directive";
  const items = words.map(([word, detail]) => ({ kind, label: word, detail, text: word, filter: word }) as const);
  return { start, end, items };
}

function tables(catalog: WholeCatalog, writing: Writing<"table">): Completion[] {
  const { schema, common, scope, configuration } = writing;
  const { publicSchema, prototypeSchema, tenantNames } = configuration;
  if (schema !== null) return tablesIn(catalog, schema, writing);
  const known = catalog.tables();
  // A shared migration can't name what each tenant has its own of.
  const offered = known.filter(
    (one) => scope === "tenant" || !sameName(one.schema, prototypeSchema, configuration.dialect),
  );
  const isBare = (of: string) => tenantNames === "search-path" && scope === "tenant" && of === prototypeSchema;
  const schemas = new Set([prototypeSchema, publicSchema, ...known.map((one) => one.schema)]);
  return [
    ...common.map((name) => item("common", name, "named by WITH", [name], writing)),
    ...offered.map((one) => {
      const parts = isBare(one.schema) ? [one.name] : [one.schema, one.name];
      return item("table", parts.join("."), sideOf(one, configuration), parts, writing);
    }),
    ...[...schemas].map((name) => item("schema", name, schemaSide(name, configuration), [name], writing)),
  ];
}

function tablesIn(catalog: WholeCatalog, schema: string, writing: Writing<"table"> | Writing<"column">): Completion[] {
  const { configuration } = writing;
  const meant = schemaMeant(schema, configuration);
  return catalog
    .tables()
    .filter((one) => sameName(one.schema, meant, configuration.dialect))
    .map((one) => item("table", one.name, sideOf(one, configuration), [one.name], writing));
}

function sideOf({ schema, kind }: { schema: string; kind: string }, { publicSchema, prototypeSchema }: Configuration) {
  if (schema === publicSchema) return `shared ${kind}`;
  return schema === prototypeSchema ? `tenant ${kind}` : kind;
}

function schemaSide(schema: string, { publicSchema, prototypeSchema }: Configuration): string {
  if (schema === publicSchema) return "shared schema";
  return schema === prototypeSchema ? "the tenants' prototype" : "schema";
}

function columns(catalog: WholeCatalog, writing: Writing<"column">): Completion[] {
  const { configuration, isQualified, isJoined } = writing;
  const { dialect } = configuration;
  const fold = (name: string) => foldName(name, dialect);
  const byTable = writing.tables.map((table) => {
    const of = table.alias ?? table.name;
    if (table.outputs.length === 0) return columnsOf(catalog, table, writing).map((column) => ({ ...column, of }));
    return table.outputs.flatMap((output) => {
      if ("column" in output) return [{ column: { name: output.column, type: null }, table: of, of }];
      return columnsOf(catalog, { schema: output.schema, name: output.table }, writing).map((one) => ({ ...one, of }));
    });
  });
  if (isJoined) {
    const others = new Set(byTable.slice(0, -1).flatMap((some) => some.map(({ column }) => fold(column.name))));
    const common = (byTable.at(-1) ?? []).filter(({ column }) => others.has(fold(column.name)));
    return common.map(({ column, table }) => columnItem(column, table, [column.name], writing));
  }
  const found = byTable.flat();
  const count = new Map<string, number>();
  for (const { column } of found) count.set(fold(column.name), (count.get(fold(column.name)) ?? 0) + 1);
  return found.map(({ column, of, table }) => {
    const isShared = !isQualified && (count.get(fold(column.name)) ?? 0) > 1;
    const parts = isShared ? [of, column.name] : [column.name];
    return columnItem(column, table, parts, writing);
  });
}

function columnItem(
  column: Pick<NamedColumn, "name" | "type">,
  table: string,
  parts: readonly string[],
  writing: Writing<"column">,
): Completion {
  return item("column", parts.join("."), [typeOf(column), `of ${table}`].join(" ").trim(), parts, writing);
}

function columnsOf(
  catalog: WholeCatalog,
  table: { readonly schema: string | null; readonly name: string },
  writing: Writing<"column">,
): { readonly column: Pick<NamedColumn, "name" | "type">; readonly table: string }[] {
  const place = tableMeant(catalog, table, writing);
  if (place === null) return [];
  return catalog.columns(place.schema, place.name).map((column) => ({ column, table: place.name }));
}

/** Where a table's name leads: without a schema, to the migration's own side first. */
function tableMeant(
  catalog: WholeCatalog,
  { schema, name }: { readonly schema: string | null; readonly name: string },
  { scope, configuration }: Writing<"column">,
): { schema: string; name: string } | null {
  if (schema !== null) return { schema: schemaMeant(schema, configuration), name };
  const { dialect, publicSchema } = configuration;
  const sides = catalog.lookUp(name);
  if (scope === "public" || dialect === "sqlserver") return { schema: publicSchema, name };
  return sides.prototype ?? sides.public ?? { schema: configuration.prototypeSchema, name };
}

/** What stands for the tenant's schema is the prototype while it is written. */
function schemaMeant(schema: string, { prototypeSchema }: Configuration): string {
  return isPlaceholder(schema) ? prototypeSchema : schema;
}

function typeOf({ type }: Pick<KnownColumn, "type">): string {
  if (type === null) return "";
  const length = type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : "";
  return `${type.schema === null ? "" : `${type.schema}.`}${type.name}${length}${type.array ? "[]" : ""}`;
}

/** After an opening quote everything is quoted, since the quote is replaced with the rest. @param parts of the name, the last being what is typed */
function item(
  kind: Completion["kind"],
  label: string,
  detail: string,
  parts: readonly string[],
  { isQuoted, configuration: { dialect } }: Writing<"table"> | Writing<"column">,
): Completion {
  const write = isQuoted ? quoteIdentifier : writtenName;
  const last = parts.at(-1) ?? label;
  const text = parts.map((part) => write(part, dialect)).join(".");
  return { kind, label, detail, text, filter: isQuoted ? quoteIdentifier(last, dialect) : last };
}
