import type { Output } from "../action";
import { columnsOfAlias, outputsOf } from "../actions/outputs";
import { foldName } from "../dialect";
import { columnList } from "../scan/columnList";
import { lastPart, readAnyName, readName, schemaPart } from "../scan/names";
import { openSource, skipAny, skipGroup } from "../scan/source";
import { isReserved } from "../scan/words";
import type { Token } from "../token";
import { TokenList } from "../tokenList";
import { keyword } from "./keywords";
import type { Place } from "./place";
import {
  addTable,
  begin,
  type Expected,
  type Frame,
  frameOf,
  isCalculated,
  named,
  newFrame,
  openReader,
  type Reader,
  type Scope,
  set,
  type TableSource,
} from "./reader";

/** What was found at the place that is being typed. */
export interface Found {
  readonly expects: Expected;
  readonly scope: Scope;
  /** The table that is changed or defined there. */
  readonly target: TableSource | null;
  /** The table whose rows NEW and its like stand for. */
  readonly changed: TableSource | null;
  readonly fold: (name: string) => string;
}

/** Reads a statement's clauses up to the name that is being typed, and after it for the tables that are named only there. */
export function readClauses({ text, dialect, before, after, typed }: NamePlace): Found | null {
  const marker: Token = { kind: "unknown", start: typed.start, end: typed.end, terminated: true };
  const source = openSource(text, TokenList.of([...before, marker, ...after]), dialect);
  const fold = (name: string) => foldName(name, dialect);
  const reader = openReader(source, fold);
  for (let at = 0; at < before.length; ) at = Math.min(step(reader, at), before.length);
  const frame = frameOf(reader);
  const { expects, scope, target } = frame;
  const { trigger } = reader;
  // What is half-typed stands where a whole name would.
  if (typed.end > typed.start || typed.qualifiers.length > 0) named(reader);
  for (let at = before.length + 1; at < source.tokens.length; ) at = step(reader, at);
  return { expects, scope, target: target ?? frame.target, changed: trigger ?? target ?? frame.target, fold };
}

type NamePlace = Exclude<Place, { readonly comment: Token }>;

/** Reads what begins at a token. @returns the index after it */
function step(reader: Reader, at: number): number {
  const { source } = reader;
  const word = source.words[at] ?? "";
  const frame = frameOf(reader);
  switch (word) {
    case "(":
      opened(reader, at);
      return at + 1;
    case ")":
      closed(reader);
      return at + 1;
    case ",":
      frame.next = null;
      frame.expects = afterComma[frame.clause];
      if (frame.clause === "join-condition") frame.clause = "tables";
      // Only a query has lists outside of parentheses.
      if (frame.clause === "expression" && frame.verb === "" && reader.frames.length === 1)
        set(frame, "none", "nothing");
      return at + 1;
    case ";":
      begin(reader);
      return at + 1;
    case ".":
      return at + 1;
  }
  const kind = source.tokens.kindAt(at);
  if (kind === "operator") return operator(frame, word, at);
  if (kind === "punctuation") {
    frame.expects = word === "[" && hasOperands(frame) ? "operand" : "nothing";
    return at + 1;
  }
  if (kind === "word" && isWord(reader, at, word)) return keyword(reader, at, word);
  if (kind === "word" || kind === "quoted-identifier" || kind === "template") return identifier(reader, at);
  frame.expects = "nothing";
  return at + 1;
}

const afterComma: Readonly<Record<Frame["clause"], Expected>> = {
  none: "nothing",
  tables: "table",
  "join-condition": "table",
  expression: "operand",
  assignments: "target",
  names: "target",
  joined: "joined",
  common: "nothing",
  definition: "nothing",
};

function hasOperands(frame: Frame): boolean {
  return isCalculated(frame) || frame.clause === "tables";
}

function operator(frame: Frame, sign: string, at: number): number {
  const isStar = sign === "*" && frame.expects === "operand";
  if (sign !== "*" || frame.clause !== "tables")
    frame.expects = hasOperands(frame) && !isStar && sign !== "::" ? "operand" : "nothing";
  return at + 1;
}

/** Whether a word is one of the grammar here, and not a name. */
function isWord({ source, frames }: Reader, at: number, word: string): boolean {
  if (source.words[at - 1] === ".") return false;
  if (isReserved(word, source.dialect) || neverNames.has(word)) return true;
  const frame = frames.at(-1);
  return frame?.clause !== "common" && (frame?.expects === "start" || frame?.expects === "nothing");
}

const neverNames: ReadonlySet<string> = new Set(
  "by delete if insert into join lateral materialized merge only perform set update using values outer left right full".split(
    " ",
  ),
);

function identifier(reader: Reader, at: number): number {
  const { source } = reader;
  const frame = frameOf(reader);
  if (frame.expects === "table" || frame.expects === "name") {
    const name = readName(source, at);
    if (name !== null) {
      addTable(reader, schemaPart(name)?.name ?? null, lastPart(name).name);
      return name.next;
    }
  }
  const name = readAnyName(source, at);
  if (frame.clause === "common" && name !== null) {
    frame.naming = lastPart(name).name;
    const hasList = source.words[name.next] === "(";
    frame.namedColumns = hasList ? columnList(source, name.next).names.map((column) => ({ column })) : [];
    // What it gives is what the first of its queries gives.
    const query = skipAny(source, hasList ? skipGroup(source, name.next) : name.next, ["as", "not", "materialized"]);
    if (frame.isRecursive) addCommon(frame, outputsOf(source, query, frame.common));
  }
  named(reader, name === null ? undefined : lastPart(name).name);
  return Math.max(at + 1, name?.next ?? 0);
}

function opened(reader: Reader, at: number): void {
  const frame = frameOf(reader);
  const { clause, expects, scope, next } = frame;
  const before = reader.source.words[at - 1] ?? "";
  frame.next = null;
  const push = (inner: Partial<Frame> & Pick<Frame, "clause" | "expects">, outer: Scope | null = scope) =>
    reader.frames.push({ ...newFrame(outer, inner.clause, inner.expects, frame.common), ...inner });
  if (next !== null) {
    // Tables that are named further on are none of those that are joined here.
    const own = next.clause === "joined" ? [...scope.sources] : scope.sources;
    const sources = next.target === null ? own : [next.target];
    push({ clause: next.clause, expects: afterComma[next.clause], target: next.target, scope: { ...scope, sources } });
  } else if (expects === "table") {
    const isLateral = before === "lateral" || before === "apply";
    const outer = isLateral ? scope : scope.outer;
    push(
      {
        clause: "tables",
        expects: "table",
        scope,
        isItem: true,
        outputs: outputsOf(reader.source, at, frame.common),
        role: frame.role,
        verb: "select",
      },
      outer,
    );
  } else if (clause === "common" && (before === "as" || before === "materialized")) {
    push({ clause: "none", expects: "start" }, frame.outer);
    addCommon(frame, outputsOf(reader.source, at, frame.common));
  } else if (clause === "tables" && expects === "alias") {
    // What was taken for a table is a function.
    scope.sources.pop();
    scope.sources.push({ schema: null, name: "", alias: null, isTable: false, outputs: [] });
    push({ clause: "expression", expects: "operand", scope, isItem: true });
  } else if (clause === "assignments" && expects === "target") {
    push({ clause: "names", expects: "target", target: frame.target, scope });
  } else if (isAliased(reader, at)) {
    for (const source of scope.sources.slice(-1)) source.outputs = columnsOfAlias(reader.source, at);
    push({ clause: "none", expects: "nothing" });
  } else if (isCalculated(frame) || clause === "names") {
    // Among names, it is an expression that an index is of.
    push({ clause: "expression", expects: "operand", scope });
  } else if (clause === "definition" && (before === "as" || before === "check")) {
    push({ clause: "expression", expects: "operand", scope });
  } else {
    push({ clause: "none", expects: expects === "start" ? "start" : "nothing", scope });
  }
}

/** Whether what opens here are other names for the columns of an item of a FROM list. */
function isAliased({ source, frames }: Reader, at: number): boolean {
  const { clause, scope } = frames.at(-1) ?? {};
  const alias = scope?.sources.at(-1)?.alias;
  const name = clause === "tables" && alias != null ? readAnyName(source, at - 1) : null;
  return name !== null && lastPart(name).name === alias;
}

/** The name is known from here on. */
function addCommon(frame: Frame, outputs: readonly Output[]): void {
  const given = frame.namedColumns.length > 0 ? frame.namedColumns : outputs;
  if (frame.naming !== null) frame.common = new Map([...frame.common, [frame.naming, given]]);
}

function closed(reader: Reader): void {
  if (reader.frames.length === 1) return;
  const inner = reader.frames.pop();
  const frame = frameOf(reader);
  const isItem = inner?.isItem === true;
  if (isItem && (inner.scope !== frame.scope || inner.outputs.length > 0))
    frame.scope.sources.push({ schema: null, name: "", alias: null, isTable: false, outputs: inner.outputs });
  frame.expects = isItem ? "alias" : "nothing";
}
