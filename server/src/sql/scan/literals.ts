import type { ObjectKind, TableUse } from "../facts";
import { type Literal, openLiteral, readLiteral } from "./literal";
import { lastPart, readAnyName, withoutLast } from "./names";
import { isComparedWithSchema, skipCast } from "./schemaComparison";
import type { Source } from "./source";
import { addObject, addSchema, addSchemaOf, frameOf, openScan, type Scan } from "./state";

/** A literal: where its place in the grammar says that it names something, that is reported. Gives the index after it. */
export function literal(scan: Scan, at: number): number {
  const found = readLiteral(scan.source, at);
  if (found === null) return at + 1;
  const kind = castKind(scan.source, at) ?? argumentKind(scan, at);
  // What more text is put to is only the beginning of a name, of which the schema is known where it ends before that.
  if (isJoined(scan.source, at) && !found.content.includes(".") && kind !== "schema list") addUnread(scan, found);
  else if (kind === "schema name" || (kind === null && isComparedWithSchema(scan, at))) addSchemaLiteral(scan, found);
  else if (kind === null || !nameInLiteral(scan, found, kind, argumentUse(scan))) addUnread(scan, found);
  return at + 1;
}

/** What the call around a literal does with what that names: `setval('s.q', 1)` and `setval(pg_get_serial_sequence('s.t', 'id'), 1)` change a sequence. */
function argumentUse(scan: Scan): TableUse {
  const { call, argument } = frameOf(scan);
  const outer = call === "pg_get_serial_sequence" ? scan.frames.at(-2) : undefined;
  const changes = call === "setval" ? argument === 0 : outer?.call === "setval";
  return changes ? "write" : "reference";
}

/** Whether text is put to a literal's end, as in `'x' || '.orders'`. */
function isJoined(source: Source, at: number): boolean {
  return source.words[skipCast(source, at + 1)] === (source.dialect === "postgresql" ? "||" : "+");
}

/** Reports a literal that nothing was found in. */
export function addUnread(scan: Scan, { content, place }: Literal): void {
  scan.found.unread?.push({ ...scan.source.place(place({ start: 0, end: content.length })), content });
}

/** What the content of a literal names: an object of a kind, a column's table, a schema, or a list of schemas. */
export type LiteralName = ObjectKind | "column" | "schema list";

/** Reports what a literal names; tells whether its content is such a name and nothing else. */
export function nameInLiteral(scan: Scan, found: Literal, kind: LiteralName, use: TableUse = "reference"): boolean {
  const source = openLiteral(scan.source, found);
  if (source === null) return false;
  const inner = openScan(source, scan.language, scan.found, scan);
  if (kind === "schema list") return schemaList(inner, 0) === source.tokens.length;
  const name = readAnyName(source, 0);
  if (name === null) return false;
  const rest = source.words[name.next];
  if (name.next < source.tokens.length && rest !== "(" && rest !== "[") return false;
  const named = kind === "column" ? withoutLast(name) : name;
  if (kind === "schema") addSchema(inner, lastPart(name));
  else if (named !== null) addObject(inner, named, kind === "column" ? "other" : kind, use);
  else addSchemaOf(inner, name);
  return true;
}

/** Reports the content of a literal as a schema's name, as it stands. */
export function addSchemaLiteral(scan: Scan, found: Literal): void {
  if (found.content === "") return;
  scan.found.schemas.push({
    ...scan.source.place(found.place({ start: 0, end: found.content.length })),
    schema: found.content,
    form: "literal",
    within: [...scan.source.within, found.opening],
  });
}

/** Reports the schemas of a search path that begins at a token: identifiers and literals with commas between them. Gives the index after it. */
export function schemaList(scan: Scan, at: number): number {
  const { source } = scan;
  for (let next = at; ; next++) {
    const found = readLiteral(source, next);
    const name = found === null ? readAnyName(source, next) : null;
    if (found !== null) addSchemaLiteral(scan, found);
    else if (name !== null) addSchema(scan, lastPart(name));
    else return next;
    next = name?.next ?? next + 1;
    if (source.words[next] !== ",") return next;
  }
}

/** The kind of name that `'…'::regclass`, `regclass '…'` or `cast('…' as regclass)` makes of a literal. */
function castKind(source: Source, at: number): LiteralName | null {
  const { words } = source;
  let after = at + 1;
  if (words[skipCast(source, after) - 1] === "text" && words[skipCast(source, after)] === ")")
    after = skipCast(source, after) + 1;
  const end = words[after] === "as" ? after + 2 : skipCast(source, after);
  const type = end > after ? words[end - 1] : undefined;
  return castKinds.get(type ?? "") ?? castKinds.get(words[at - 1] ?? "") ?? null;
}

const castKinds: ReadonlyMap<string, LiteralName> = new Map([
  ["regclass", "relation"],
  ["regtype", "type"],
  ["regproc", "function"],
  ["regprocedure", "function"],
  ...["regcollation", "regconfig", "regdictionary"].map((type) => [type, "other"] as const),
  ["regnamespace", "schema"],
]);

/** The kind of name that a function takes as this argument. */
function argumentKind(scan: Scan, at: number): LiteralName | "schema name" | null {
  const { source } = scan;
  const frame = frameOf(scan);
  const before = source.words[at - 1];
  if (before !== "(" && before !== ",") return null;
  if (frame.call === "set_config")
    return isSearchPath(source, frame.first) && frame.argument === 1 ? "schema list" : null;
  if (frame.call.startsWith("has_") && frame.call.endsWith("_privilege")) return privilegeKind(scan, at);
  // Without another argument after it this is no configuration, but the text itself.
  if (textSearch.has(frame.call)) return frame.argument === 0 && source.words[at + 1] === "," ? "other" : null;
  if (frame.call === "fn_listextendedproperty") return isSchemaOf(source, at - 2) ? "schema name" : null;
  const known =
    source.dialect === "postgresql" ? postgresArguments.get(frame.call) : sqlServerArguments.get(frame.call);
  return known !== undefined && frame.argument === 0 ? known : null;
}

/** Whether what stands two tokens before the name of an extended property's first level says that it is a schema's. */
function isSchemaOf(source: Source, at: number): boolean {
  return readLiteral(source, at)?.content.toUpperCase() === "SCHEMA";
}

function isSearchPath(source: Source, at: number): boolean {
  return readLiteral(source, at)?.content.toLowerCase() === "search_path";
}

/** `has_table_privilege([role,] 'table', 'select')`: the name is the last argument but one, or but two where a column follows. */
function privilegeKind(scan: Scan, at: number): LiteralName | "schema name" | null {
  const { source } = scan;
  const { call, first, argument } = frameOf(scan);
  const closing = source.closing[first - 1] ?? first;
  const column = call === "has_column_privilege";
  let commas = 0;
  for (let next = at; next < Math.min(closing, at + 12); next++) if (source.words[next] === ",") commas++;
  if (commas !== (column ? 2 : 1) || argument > 1) return null;
  const what = call.slice(4, -10);
  // Of a schema the bare name is given, of all else what SQL would write.
  return privileged.get(what) ?? "other";
}

const privileged: ReadonlyMap<string, LiteralName | "schema name"> = new Map([
  ["schema", "schema name"],
  ["function", "function"],
  ["type", "type"],
  ...["table", "column", "any_column", "sequence"].map((what) => [what, "relation"] as const),
]);

const textSearch: ReadonlySet<string> = new Set([
  ...["to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery", "ts_lexize"],
]);

/** The server's own functions, and those of extensions that keep tables by their names, which take a relation first. */
const takesRelation: readonly string[] = [
  ...["to_regclass", "pg_get_serial_sequence", "pg_relation_size", "pg_table_size", "pg_indexes_size"],
  ...["pg_total_relation_size", "pg_get_viewdef", "pg_get_indexdef", "pg_relation_filepath", "pg_relation_filenode"],
  ...["pg_partition_tree", "pg_partition_root", "pg_partition_ancestors", "row_security_active"],
  ...["pg_relation_is_publishable", "pg_relation_is_updatable", "pg_column_is_updatable", "pg_index_has_property"],
  ...["pg_index_column_has_property", "pg_get_replica_identity_index", "pg_extension_config_dump"],
  ...["brin_summarize_new_values", "brin_summarize_range", "brin_desummarize_range", "gin_clean_pending_list"],
  ...["table_to_xml", "table_to_xmlschema", "table_to_xml_and_xmlschema"],
  ...["pg_prewarm", "pgstattuple", "pgstatindex", "pg_visibility_map_summary", "pg_freespace"],
  ...[
    "create_hypertable",
    "set_chunk_time_interval",
    "add_dimension",
    "add_retention_policy",
    "remove_retention_policy",
  ],
  ...["add_compression_policy", "add_columnstore_policy", "add_continuous_aggregate_policy", "add_reorder_policy"],
  ...["create_distributed_table", "create_reference_table", "undistribute_table"],
];

const postgresArguments: ReadonlyMap<string, LiteralName> = new Map([
  ...["nextval", "currval", "setval", "pg_sequence_last_value"].map((name) => [name, "sequence"] as const),
  ...takesRelation.map((name) => [name, "relation"] as const),
  ["to_regtype", "type"],
  ["to_regproc", "function"],
  ["to_regprocedure", "function"],
  ["to_regnamespace", "schema"],
]);

const sqlServerArguments: ReadonlyMap<string, LiteralName | "schema name"> = new Map([
  ...["object_id", "col_length", "ident_current", "ident_seed", "ident_incr", "objectpropertyex"].map(
    (n) => [n, "other"] as const,
  ),
  ["type_id", "type"],
  // Unlike the others it takes the bare name: of one in brackets it knows nothing.
  ["schema_id", "schema name"],
]);
