import type { Output } from "../action";
import type { Common } from "../actions/outputs";
import type { Source } from "../scan/source";

/** What a query reads or changes; one without a name is made by a query or function. */
export interface TableSource {
  readonly schema: string | null;
  readonly name: string;
  alias: string | null;
  readonly isTable: boolean;
  /** What it gives where it is a query, or its columns are given other names. */
  outputs: readonly Output[];
}

/** A query's tables, and the query around it. */
export interface Scope {
  readonly sources: TableSource[];
  readonly outer: Scope | null;
  /** What WITH names around it. */
  readonly common: Common;
}

/**
 * What may come next: the name of a table, a part of an expression, a column of the one table that is changed or defined, one that joined tables
 * have in common, the table or column after COMMENT ON COLUMN; a new name, an alias, the first word of a statement, or nothing that has a name yet.
 */
export type Expected =
  | ("table" | "operand" | "target" | "joined" | "column-path")
  | ("name" | "alias" | "start" | "nothing");

/** How what commas and operators divide is to be read. */
export type Clause =
  | ("none" | "tables" | "join-condition" | "expression" | "assignments")
  | ("names" | "joined" | "common" | "definition");

/** One level of parentheses. */
export interface Frame {
  clause: Clause;
  expects: Expected;
  scope: Scope;
  /** The query around this level, whose columns are seen in it. */
  readonly outer: Scope | null;
  common: Common;
  /** What WITH names just now. */
  naming: string | null;
  /** What the columns of that are called, where a list says so. */
  namedColumns: readonly Output[];
  /** Whether a query in WITH may name itself. */
  isRecursive: boolean;
  /** The verb of the query or change that stands at this level. */
  verb: string;
  target: TableSource | null;
  /** What the next parenthesis holds, where a word before it has told. */
  next: { readonly clause: Clause; readonly target: TableSource | null } | null;
  /** What is done with the table that is named next. */
  role: "target" | "source" | "reference";
  /** Whether the level is an item of a FROM list, or a list of them. */
  readonly isItem: boolean;
  /** What the query at this level gives, where it is such an item. */
  readonly outputs: readonly Output[];
}

export interface Reader {
  readonly source: Source;
  readonly fold: (name: string) => string;
  /** The statement's first word, and the kind of object that it is about. */
  head: string;
  object: string;
  /** The table whose changed rows a trigger's body sees. */
  trigger: TableSource | null;
  frames: Frame[];
}

export function openReader(source: Source, fold: Reader["fold"]): Reader {
  return { source, fold, head: "", object: "", trigger: null, frames: [newFrame(null, "none", "start", new Map())] };
}

export function newFrame(outer: Scope | null, clause: Clause, expects: Expected, common: Common): Frame {
  const scope = { sources: [], outer, common };
  const none = {
    naming: null,
    namedColumns: [],
    isRecursive: false,
    verb: "",
    target: null,
    next: null,
    role: "source" as const,
    isItem: false,
    outputs: [],
  };
  return { clause, expects, scope, outer, common, ...none };
}

export function frameOf({ frames }: Reader): Frame {
  return frames.at(-1) as Frame;
}

/** Whether expressions stand at a level. */
export function isCalculated({ clause }: Frame): boolean {
  return clause === "expression" || clause === "assignments" || clause === "join-condition";
}

export function set(frame: Frame, clause: Clause, expects: Expected): void {
  frame.clause = clause;
  frame.expects = expects;
}

/** A name stands here; none is given for the one that is being typed. */
export function named(reader: Reader, name?: string): void {
  const frame = frameOf(reader);
  const { expects } = frame;
  frame.expects = "nothing";
  if ((expects === "table" || expects === "name") && name === undefined) addTable(reader, null, "");
  else if (expects === "alias" && name !== undefined) {
    const last = frame.scope.sources.at(-1);
    if (last !== undefined) last.alias = name;
  }
}

export function addTable(reader: Reader, schema: string | null, name: string): void {
  const frame = frameOf(reader);
  const { fold, trigger } = reader;
  const common = schema === null ? [...frame.common].find(([one]) => fold(one) === fold(name)) : undefined;
  const isRows = trigger !== null && schema === null && (fold(name) === "inserted" || fold(name) === "deleted");
  const table: TableSource = isRows
    ? { ...trigger, alias: name }
    : { schema, name, alias: null, isTable: common === undefined, outputs: common?.[1] ?? [] };
  const isNew = frame.expects === "name";
  const { role } = frame;
  frame.expects = frame.verb !== "" || frame.clause === "tables" ? "alias" : "nothing";
  if (role === "reference") {
    frame.expects = "nothing";
    frame.next = { clause: "names", target: table };
    return;
  }
  frame.scope.sources.push(table);
  if (role === "source") return;
  frame.role = "source";
  frame.target = table;
  frame.next = { clause: isNew ? "definition" : "names", target: table };
}

/** A statement begins, with nothing left of the one before. */
export function begin(reader: Reader): void {
  reader.head = "";
  reader.object = "";
  reader.frames = [newFrame(null, "none", "start", new Map())];
}

/** A query or change begins at this level. */
export function query(reader: Reader, verb: string): Frame {
  const frame = frameOf(reader);
  const { outer, common } = frame;
  frame.scope = { sources: [], outer, common };
  frame.verb = verb;
  frame.role = "source";
  frame.next = null;
  if (verb !== "select") frame.target = null;
  return frame;
}
