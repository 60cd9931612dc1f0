import { foldName } from "../dialect";
import type {
  ForeignKey,
  ObjectKind,
  ObjectReference,
  OpaquePart,
  QualifiedName,
  SchemaMention,
  TableReference,
  TableUse,
  TextFacts,
  UnfinishedName,
} from "../facts";
import type { Span } from "../span";
import { lastPart, type Name, type Part, placeholder, schemaPart } from "./names";
import type { Source } from "./source";

/** What the scan of a statement has found so far, in the statement's offsets. */
export interface Found {
  readonly tables: TableReference[];
  readonly objects: ObjectReference[];
  readonly foreignKeys: ForeignKey[];
  readonly schemas: SchemaMention[];
  readonly opaque: OpaquePart[];
  readonly transient: string[];
  /** A table that is another one, or none, where its name is that of a schema. */
  unfinished: UnfinishedName | null;
  /** What FROM lists call their items in a refused statement; null until the first. */
  aliases: Set<string> | null;
  /** Literals that nothing was found in; null where nobody asks for them. */
  readonly unread: UnreadLiteral[] | null;
}

/** A literal whose place in the grammar doesn't say that it names anything; the span is that of its content. */
export interface UnreadLiteral extends Span {
  readonly content: string;
}

/** How the statements of a text are read. */
export type Language = "sql" | "plpgsql" | "tsql";

/** What the scan knows inside one pair of parentheses, or outside of all. */
export interface Frame {
  /** The word in front of the parenthesis, in lower case: the function that is called. */
  readonly call: string;
  /** The index of the first token inside. */
  readonly first: number;
  /** How many commas have passed. */
  argument: number;
  /** Whether the next name is an item of a FROM list. */
  expectsItem: boolean;
  /** Whether a comma is followed by another item of a FROM list. */
  inList: boolean;
  /** Whether a query or data change has begun here; before that, a function's own FROM (`extract(day from x)`) may stand. */
  query: "none" | "select" | "change";
  /** Whether FROM is ahead in the query, as known up to a token; null until somebody asks. */
  ahead: { readonly until: number; readonly hasFrom: boolean } | null;
  /** Whether the query's FROM has come. */
  hasFrom: boolean;
  /** Whether an INSERT waits for the query or procedure that feeds it. */
  awaitsSource: boolean;
  /** SQL Server: whether an UPDATE waits for its SET. */
  awaitsSet: boolean;
  /** Whether the next USING begins a list of tables, as it does once in DELETE and MERGE. */
  awaitsUsing: boolean;
  /** Whether commas part the columns and constraints of a table's definition. */
  elements: boolean;
  /** SQL Server: the target of UPDATE or DELETE, held back since it may be an alias of the FROM list. */
  target: { readonly name: Name; readonly use: TableUse } | null;
  /** How many JOINs wait for their ON. */
  joins: number;
  /** The last alias without AS. */
  alias: Name | null;
  /** What the FROM list calls its items, each with the index of the table that was found for it, -1 for anything else; null until the first. */
  aliases: Map<string, number> | null;
  /** SQL Server: how many items the FROM list has, and the index of the last one's table, as in the aliases. */
  items: number;
  item: number;
  /** The names by which `sys.schemas` is addressed here, so that a comparison with its `name` is seen to name a schema. */
  schemaLists: Set<string> | null;
}

/** The table whose definition is being read, and what its foreign keys need. */
export interface Definition {
  readonly owner: QualifiedName;
  /** Whether it is an ALTER TABLE, whose commas part actions. */
  readonly alters: boolean;
  /** SQL Server: whether the action is an ADD, which goes on after a comma. */
  adds: boolean;
  constraint: string | null;
  /** The columns of a FOREIGN KEY clause, until its REFERENCES has come. */
  columns: readonly string[] | null;
  column: string | null;
  notValid: boolean;
}

/** The scan of one text: where its facts go, and what is known at the token that is being read. */
export interface Scan {
  readonly source: Source;
  readonly language: Language;
  readonly found: Found;
  /** Scans what stands in a literal. */
  readonly nested: (scan: Scan, inner: Source, language: Language, variables?: Iterable<string>) => void;
  /** Names that hide tables: temporary ones, transition tables; null until the first, as in what follows. */
  hidden: Set<string> | null;
  /** Variables and arguments: a dotted name that begins with one names no schema. */
  variables: Set<string> | null;
  /** The common table expressions by their names. */
  expressions: Map<string, Visibility[]> | null;
  /** SQL Server: the common table expressions by the parenthesis that opens their query. */
  bodies: Map<number, Visibility> | null;
  frames: Frame[];
  /** Parentheses that are open beyond the frames that are kept. */
  excess: number;
  /** Whether the next token begins a statement. */
  atStart: boolean;
  /** Whether the next token begins a column, a constraint or an action of ALTER TABLE. */
  atElement: boolean;
  /** PL/pgSQL and SQL Server: how many CASE expressions are open, whose THEN, ELSE and END begin no statement. */
  cases: number;
  /** Whether the declarations of a PL/pgSQL block are being read. */
  declaring: boolean;
  /** Whether what is left of the statement names no table: roles, options, cursors. */
  inert: boolean;
  definition: Definition | null;
  /** The temporary table that the statement makes, whose name hides tables after it. */
  made: Part | null;
  /** The token up to which a refused statement was looked through for the expressions of its WITH. */
  readAhead: number;
  /** The token that begins a statement's main part after its WITH clause. */
  mainStart: number;
  /** SQL Server: where statements begin, as indexes of tokens; null where nobody asks. */
  readonly starts: number[] | null;
}

/** The tokens between which the name of a common table expression is known. */
export interface Visibility {
  readonly from: number;
  readonly until: number;
  /** SQL Server: the index of the table that its query is about, -1 where it is about several or none: whoever changes its rows changes those. */
  table: number;
}

/** What a word of a query means to the scan; gives the index to go on from, or null where the word is an ordinary name here. */
export type WordHandler = (scan: Scan, at: number) => number | null;

export function noFacts(unread: UnreadLiteral[] | null = null): Found {
  return {
    unread,
    aliases: null,
    tables: [],
    objects: [],
    foreignKeys: [],
    schemas: [],
    opaque: [],
    transient: [],
    unfinished: null,
  };
}

/** Of what a text names that values take part in, what is written there as a whole; a name over several parts has no place. */
export function namedWhole<T extends Pick<TextFacts, "tables" | "objects" | "foreignKeys" | "schemas">>(found: T): T {
  const isKnown = ({ schema, name }: { schema: string | null; name?: string }) =>
    !isUnknown(schema) && !isUnknown(name);
  const isWhole = (named: { schema: string | null; name?: string } & Span) => named.end > named.start && isKnown(named);
  return {
    ...found,
    tables: found.tables.filter(isWhole),
    objects: found.objects.filter(isWhole),
    foreignKeys: found.foreignKeys.filter(({ from, to }) => isKnown(from) && isWhole(to)),
    schemas: found.schemas.filter(isWhole),
  };
}

function isUnknown(name: string | null | undefined): boolean {
  return name?.includes(placeholder) === true || name?.startsWith("%") === true;
}

/** Begins the scan of a text; one that stands in a literal inherits what hides tables around it. */
export function openScan(
  source: Source,
  language: Language,
  found: Found,
  outer: Pick<Scan, "hidden" | "nested">,
  starts: number[] | null = null,
): Scan {
  return {
    source,
    language,
    found,
    nested: outer.nested,
    hidden: outer.hidden && new Set(outer.hidden),
    variables: null,
    expressions: null,
    bodies: null,
    frames: [newFrame("", 0)],
    excess: 0,
    atStart: true,
    atElement: false,
    cases: 0,
    declaring: false,
    inert: false,
    definition: null,
    made: null,
    readAhead: 0,
    mainStart: -1,
    starts,
  };
}

/** Whether a name is that of a variable or an argument, or what triggers and ON CONFLICT call the rows that they are about. */
export function namesVariable(scan: Scan, key: string): boolean {
  return scan.variables?.has(key) === true || (scan.source.dialect === "postgresql" && rowVariables.has(key));
}

const rowVariables: ReadonlySet<string> = new Set(["new", "old", "excluded"]);

export function addVariable(scan: Scan, key: string): void {
  scan.variables ??= new Set();
  scan.variables.add(key);
}

/** Makes a name hide tables of that name from here on. */
export function addHidden(scan: Scan, name: string): void {
  scan.hidden ??= new Set();
  scan.hidden.add(lookupKey(scan, name));
}

export function newFrame(call: string, first: number): Frame {
  return {
    call,
    first,
    argument: 0,
    expectsItem: false,
    inList: false,
    query: "none",
    hasFrom: false,
    awaitsSource: false,
    awaitsSet: false,
    awaitsUsing: false,
    elements: false,
    target: null,
    joins: 0,
    alias: null,
    ahead: null,
    aliases: null,
    items: 0,
    item: -1,
    schemaLists: null,
  };
}

/** The innermost frame. */
export function frameOf(scan: Scan): Frame {
  const frame = scan.frames.at(-1);
  if (frame !== undefined) return frame;
  const root = newFrame("", 0);
  scan.frames.push(root);
  return root;
}

/** Reports a table, unless the name stands for something else here. */
export function addTable(scan: Scan, name: Name, use: TableUse): void {
  if (isUnfinished(scan, name)) return addSchema(scan, lastPart(name));
  if (hidesTable(scan, name, use)) return;
  const { schema, name: own, start, end, schemaSpan } = reference(scan, name);
  scan.found.tables.push({ schema, name: own, start, end, schemaSpan, use });
  addSchemaOf(scan, name);
}

export function addObject(scan: Scan, name: Name, kind: ObjectKind, use: TableUse): void {
  if (isUnfinished(scan, name)) return addSchema(scan, lastPart(name));
  if (isSystemName(scan, name)) return;
  const { schema, name: own, start, end, schemaSpan } = reference(scan, name);
  scan.found.objects.push({ schema, name: own, start, end, schemaSpan, kind, use });
  addSchemaOf(scan, name);
}

/** Whether a name ends in a dot, since what follows it isn't typed yet: what stands there is a schema's name. */
export function isUnfinished(scan: Scan, name: Name): boolean {
  return scan.source.words[name.next] === ".";
}

/** Reports the schema that stands before the last identifier of a name, where one does. */
export function addSchemaOf(scan: Scan, name: Name): void {
  const schema = schemaPart(name);
  if (schema !== null) addSchema(scan, schema);
}

/** Reports a schema's own identifier. */
export function addSchema(scan: Scan, part: Part): void {
  const form = scan.source.within.length > 0 ? "identifier-in-literal" : "identifier";
  const { start, end } = scan.source.place(part);
  scan.found.schemas.push({ start, end, schema: part.name, form, within: scan.source.within });
}

export function addOpaque(scan: Scan, span: Span): void {
  scan.found.opaque.push({ ...span, reason: "dynamic-sql", words: [] });
}

/** A name at its place, as the facts give it. */
export function reference(
  scan: Scan,
  name: Name,
): { schema: string | null; name: string; start: number; end: number; schemaSpan: Span | null } {
  const last = lastPart(name);
  const schema = schemaPart(name);
  const { start, end } = scan.source.place(last);
  return {
    schema: schema?.name ?? null,
    name: last.name,
    start,
    end,
    schemaSpan: schema === null ? null : scan.source.place(schema),
  };
}

/** How a name is looked up. */
export function lookupKey(scan: Scan, name: string): string {
  return foldName(name, scan.source.dialect);
}

/** Makes a common table expression's name known between two tokens. */
export function addExpression(scan: Scan, name: string, between: Pick<Visibility, "from" | "until">): Visibility {
  const key = lookupKey(scan, name);
  const visibility = { ...between, table: -1 };
  scan.expressions ??= new Map();
  const known = scan.expressions.get(key);
  if (known === undefined) scan.expressions.set(key, [visibility]);
  else known.push(visibility);
  return visibility;
}

/** Whether a name stands for something else than a table of some schema; one given by a format string's `%I` is not known. */
function hidesTable(scan: Scan, name: Name, use: TableUse): boolean {
  if (isSystemName(scan, name)) return true;
  const key = lookupKey(scan, lastPart(name).name);
  if (key.startsWith("%")) return true;
  if (scan.source.dialect === "sqlserver" && (key.startsWith("#") || key.startsWith("@"))) return true;
  if (name.parts.length > 1) return key === "";
  if (key === "" || scan.hidden?.has(key) || (scan.language === "tsql" && rowsOfTriggers.has(key))) return true;
  // What a query of PostgreSQL changes is a table, whatever its WITH calls by the same name.
  const mayBeExpression = scan.source.dialect === "sqlserver" || use === "read";
  return mayBeExpression && expressionAt(scan, key, name.next) !== undefined;
}

const rowsOfTriggers: ReadonlySet<string> = new Set(["inserted", "deleted"]);

/** SQL Server: the index of the table whose rows a common table expression gives, -1 where the name is none. */
export function tableOfExpression(scan: Scan, name: Name): number {
  if (name.parts.length > 1) return -1;
  return expressionAt(scan, lookupKey(scan, lastPart(name).name), name.next)?.table ?? -1;
}

/** Only the latest few are looked at, so that thousands nested in each other stay cheap. */
function expressionAt(scan: Scan, key: string, at: number): Visibility | undefined {
  const known = scan.expressions?.get(key);
  return known?.slice(-40).findLast(({ from, until }) => from < at && at <= until);
}

function isSystemName(scan: Scan, name: Name): boolean {
  const schema = schemaPart(name)?.name.toLowerCase();
  const last = lastPart(name).name.toLowerCase();
  if (scan.source.dialect === "postgresql") {
    return (
      schema === "information_schema" || (schema === undefined ? last.startsWith("pg_") : schema.startsWith("pg_"))
    );
  }
  return (
    schema === "sys" ||
    schema === "information_schema" ||
    ((schema === undefined || schema === "dbo") && oldCatalogs.test(last))
  );
}

/** The catalogs of SQL Server 2000, which are still there as views. */
const oldCatalogs =
  /^sys(altfiles|cacheobjects|charsets|columns|comments|configures|constraints|curconfigs|databases|depends|devices|filegroups|files|foreignkeys|fulltextcatalogs|indexes|indexkeys|languages|lockinfo|logins|members|messages|objects|oledbusers|perfinfo|permissions|processes|protects|references|remotelogins|segments|servers|types|users)$/;
