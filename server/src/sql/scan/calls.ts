import type { Span } from "../span";
import { dynamicSql, sqlElsewhere } from "./dynamic";
import { readLiteral } from "./literal";
import { addSchemaLiteral, addUnread, type LiteralName, nameInLiteral } from "./literals";
import { lastPart, type Name, type Part, readAnyName, readName } from "./names";
import { isLiteral, isVariable, type Source, skipGroup, skipWords, tokenText } from "./source";
import { addObject, addSchema, type Scan } from "./state";
import { startsSqlServerStatement } from "./words";

/** SQL Server's EXEC: a string of SQL, `sp_executesql`, a procedure that takes names as strings, or any other procedure. */
export function sqlServerProcedureCall(scan: Scan, at: number): number {
  const { source } = scan;
  if (source.words[at + 1] === "as") {
    scan.inert = true;
    return at + 2;
  }
  if (source.words[at + 1] === "(" && source.words[skipGroup(source, at + 1)] === "at")
    return sqlElsewhere(scan, at + 1);
  if (source.words[at + 1] === "(" || isLiteral(source, at + 1)) return dynamicSql(scan, at + 1, executeEnds);
  const start = skipSign(source, at + 1);
  const name = readName(source, start);
  if (name === null) return lacksRunner(scan, start) ? dynamicSql(scan, start, argumentEnds) : start;
  if (isElsewhere(name)) return name.next;
  const procedure = lastPart(name).name.toLowerCase();
  if (procedure === "sp_executesql") return dynamicSql(scan, skipArgumentName(scan, name.next), argumentEnds);
  if (forEach.has(procedure)) return commands(scan, name.next);
  const call = callArguments(scan, name.next);
  const names = takesNames.get(procedure);
  if (names !== undefined) names(scan, call);
  else addObject(scan, name, "function", "read");
  for (const value of call.values()) addUnquoted(scan, value);
  return name.next;
}

/** What stands as a name in the place of an argument, as in `EXEC sp_help [s.t]`, is text that isn't looked into. */
function addUnquoted(scan: Scan, at: number): void {
  const name = readAnyName(scan.source, at);
  const token = scan.source.tokens.get(at);
  if (name === null || name.parts.length > 1 || token === undefined || isVariable(scan.source, at)) return;
  addUnread(scan, { content: lastPart(name).name, opening: "", place: () => token });
}

/** The index after the sign of `@name = …`, of which the name may be missing; the same index where there is none. */
function skipSign(source: Source, at: number): number {
  const sign = isVariable(source, at) ? at + 1 : at;
  return source.words[sign] === "=" ? sign + 1 : at;
}

/** Whether a variable's text is run, though a parenthesis or `sp_executesql` is missing: `EXEC @sql)`, and `EXEC @sql, N'…'`. */
function lacksRunner({ source }: Scan, at: number): boolean {
  return isVariable(source, at) && (source.words[at + 1] === ")" || source.words[at + 1] === ",");
}

/** What `sp_MSforeachtable` and its like run for each table or database, in whose name's place a `?` stands, which names nothing. */
function commands(scan: Scan, at: number): number {
  const { source } = scan;
  for (const [key, value] of callArguments(scan, at)) {
    const isText = isLiteral(source, value) || isVariable(source, value);
    if (isText && commandArguments.has(key)) dynamicSql(scan, value, argumentEnds);
  }
  return at;
}

const commandArguments: ReadonlySet<string | number> = new Set<string | number>([
  ...["@command1", "@command2", "@command3", "@precommand", "@postcommand"],
  ...[0, 2, 3, 5, 6],
]);

const forEach: ReadonlySet<string> = new Set(["sp_msforeachtable", "sp_msforeachdb"]);

/** Whether a procedure of another server is named. */
export function isElsewhere({ parts }: Name): boolean {
  return parts.length > 3;
}

/** A batch may begin with a procedure's name, without EXEC. */
export function leadingCall(scan: Scan, at: number): number | null {
  const { source } = scan;
  const name = at === 0 ? readName(source, at) : null;
  if (name === null || callsNothing.has(source.words[name.next] ?? "")) return null;
  const isKnown = takesNames.has(lastPart(name).name.toLowerCase());
  return isKnown || name.parts.length > 1 ? sqlServerProcedureCall(scan, at - 1) : null;
}

/** What goes on after another thing than a procedure's name, as it does in what is half typed. */
const callsNothing: ReadonlySet<string> = new Set(["(", ".", "=", ",", "as", "set", "where", "add", "values"]);

const executeEnds: ReadonlySet<string> = new Set(["as", ")", "with"]);
const argumentEnds: ReadonlySet<string> = new Set([",", ")", "with"]);

/** The index of an argument's value. Of `@name = @value` the name or the sign may be missing. */
function skipArgumentName(scan: Scan, at: number): number {
  const { source } = scan;
  const isName = isVariable(source, at + 1) && statementArguments.has(tokenText(source, at).toLowerCase());
  return isName ? at + 1 : skipSign(source, at);
}

const statementArguments: ReadonlySet<string> = new Set(["@stmt", "@statement"]);

type Arguments = ReadonlyMap<string | number, number>;

/** The arguments of a call by position and by name, each as the index of its first token. */
function callArguments(scan: Scan, at: number): Arguments {
  const { source } = scan;
  const found = new Map<string | number, number>();
  let next = at;
  for (let position = 0; position < 24; position++) {
    const value = skipArgumentName(scan, next);
    found.set(value > next ? tokenText(source, next).toLowerCase() : position, value);
    next = skipWords(source, value + 1, "output");
    if (source.words[next] !== ",") break;
    next++;
  }
  return found;
}

/** What an argument says, which as a word or in brackets need not be quoted. */
function argumentText(scan: Scan, call: Arguments, ...keys: readonly (string | number)[]): string {
  const literal = argumentLiteral(scan, call, ...keys);
  const name = literal === null ? argumentName(scan, call, ...keys) : null;
  return (literal?.content ?? name?.name ?? "").toUpperCase();
}

function argumentName(scan: Scan, call: Arguments, ...keys: readonly (string | number)[]): Part | null {
  const at = keys.map((key) => call.get(key)).find((index) => index !== undefined);
  const name = at === undefined ? null : readAnyName(scan.source, at);
  return name === null || name.parts.length > 1 ? null : lastPart(name);
}

/** Reports a schema that an argument names, as a literal or as an identifier. */
function addSchemaArgument(scan: Scan, call: Arguments, ...keys: readonly (string | number)[]): void {
  const literal = argumentLiteral(scan, call, ...keys);
  if (literal !== null) return addSchemaLiteral(scan, literal);
  const name = argumentName(scan, call, ...keys);
  if (name !== null) addSchema(scan, name);
}

function argumentLiteral(
  scan: Scan,
  call: Arguments,
  ...keys: readonly (string | number)[]
): ReturnType<typeof readLiteral> {
  const at = keys.map((key) => call.get(key)).find((index) => index !== undefined);
  if (at === undefined || startsSqlServerStatement(scan.source.words[at] ?? "")) return null;
  return readLiteral(scan.source, at);
}

function firstNames(kind: LiteralName, ...keys: readonly (string | number)[]): (scan: Scan, call: Arguments) => void {
  return (scan, call) => {
    const literal = argumentLiteral(scan, call, ...keys);
    if (literal !== null) nameInLiteral(scan, literal, kind);
  };
}

function rename(scan: Scan, call: Arguments): void {
  const type = argumentText(scan, call, "@objtype", 2);
  const literal = type === "DATABASE" ? null : argumentLiteral(scan, call, "@objname", 0);
  const isPart = type === "COLUMN" || type === "INDEX" || type === "STATISTICS";
  if (literal !== null) nameInLiteral(scan, literal, isPart ? "column" : "other", "alter");
}

/** The positions of the arguments: of the schema's type, of its name, and of what lies in it. */
function extendedProperty(type: number, name: number, inner: number): (scan: Scan, call: Arguments) => void {
  return (scan, call) => {
    const says = argumentText(scan, call, "@level0type", type);
    // A schema was its owner once, and may still be called so.
    const isOwner = says === "USER" && argumentText(scan, call, "@level1type", inner) !== "";
    if (says !== "SCHEMA" && !isOwner) return;
    addSchemaArgument(scan, call, "@level0name", name);
    const schema = argumentSpan(scan, call, "@level0name", name);
    const own = argumentSpan(scan, call, "@level1name", inner + 1);
    if (schema === null || own === null) return;
    const schemaSpan = { start: schema.start, end: schema.end };
    scan.found.objects.push({ ...own, schema: schema.name, schemaSpan, kind: "other", use: "alter" });
  };
}

/** What an argument names, as a literal or as an identifier, and where. */
function argumentSpan(
  scan: Scan,
  call: Arguments,
  ...keys: readonly (string | number)[]
): (Span & { readonly name: string }) | null {
  const literal = argumentLiteral(scan, call, ...keys);
  const part = literal === null ? argumentName(scan, call, ...keys) : null;
  const span = literal?.place({ start: 0, end: literal.content.length }) ?? part;
  const name = literal?.content ?? part?.name ?? "";
  return span === null || name === "" ? null : { ...scan.source.place(span), name };
}

function bind(scan: Scan, call: Arguments): void {
  firstNames("other", "@rulename", "@defname", 0)(scan, call);
  boundColumn(scan, call, "@objname", 1);
}

/** `table.column`, or a type. */
function boundColumn(scan: Scan, call: Arguments, ...keys: readonly (string | number)[]): void {
  const literal = argumentLiteral(scan, call, ...keys);
  if (literal !== null) nameInLiteral(scan, literal, "column");
}

function schemaArgument(...keys: readonly (string | number)[]): (scan: Scan, call: Arguments) => void {
  return (scan, call) => addSchemaArgument(scan, call, ...keys);
}

const takesNames: ReadonlyMap<string, (scan: Scan, call: Arguments) => void> = new Map([
  ["sp_rename", rename],
  ["sp_addextendedproperty", extendedProperty(2, 3, 4)],
  ["sp_updateextendedproperty", extendedProperty(2, 3, 4)],
  // Dropping a property takes no value.
  ["sp_dropextendedproperty", extendedProperty(1, 2, 3)],
  ...[
    "sp_help",
    "sp_helptext",
    "sp_recompile",
    "sp_refreshsqlmodule",
    "sp_refreshview",
    "sp_spaceused",
    "sp_helpindex",
    "sp_depends",
    "sp_helpconstraint",
    "sp_helpstats",
    "sp_helptrigger",
  ].map((name) => [name, firstNames("other", "@objname", "@name", "@viewname", 0)] as const),
  ["sp_bindrule", bind],
  ["sp_bindefault", bind],
  ["sp_unbindrule", (scan, call) => boundColumn(scan, call, "@objname", 0)],
  ["sp_unbindefault", (scan, call) => boundColumn(scan, call, "@objname", 0)],
  ...["sp_columns", "sp_statistics", "sp_pkeys", "sp_tables"].map(
    (name) => [name, schemaArgument("@table_owner", 1)] as const,
  ),
  ["sp_cdc_enable_table", schemaArgument("@source_schema", 0)],
  ["sp_cdc_disable_table", schemaArgument("@source_schema", 0)],
  ["sp_tableoption", firstNames("other", "@tablenamepattern", 0)],
  ["sp_fulltext_table", firstNames("other", "@tabname", 0)],
  ["sp_fulltext_column", firstNames("other", "@tabname", 0)],
  ["sp_settriggerorder", firstNames("other", "@triggername", 0)],
  ["sp_autostats", firstNames("other", "@tblname", 0)],
  ["sp_changeobjectowner", firstNames("other", "@objname", 0)],
  ["sp_sequence_get_range", firstNames("sequence", "@sequence_name", 0)],
]);
