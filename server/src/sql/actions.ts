import type { Action } from "./action";
import { alter } from "./actions/alter";
import { create } from "./actions/create";
import { partsBetween, partsOfBlock } from "./actions/doBlock";
import { drop } from "./actions/drop";
import { executedSource } from "./actions/executed";
import { explainedAt, preparedAt } from "./actions/prepared";
import { procedureCall } from "./actions/procedures";
import { dataChange } from "./actions/rows";
import { partsOf, type StatementPart } from "./actions/serverParts";
import { upkeep } from "./actions/upkeep";
import type { Dialect } from "./dialect";
import type { SlicedText } from "./editedText";
import type { AnalysedStatement, StatementFacts } from "./facts";
import { tokensOf } from "./lexer";
import { openLiteral, readJoined } from "./scan/literal";
import { indexAt, openSource, type Source } from "./scan/source";

/**
 * What a statement does, from its tokens, so that a half-typed one is read as far as it goes. What a routine's body would do isn't told; what a DO block
 * does, and SQL that is executed as a literal, is.
 * @param text that the statement stands in
 */
export function actionsOf(
  text: SlicedText,
  { start, end, facts }: AnalysedStatement,
  dialect: Dialect,
): readonly Action[] {
  return ofStatements.get(facts) ?? actionsIn(text.slice(start, end), facts, dialect);
}

/** The same of a statement's own text; remembered by its facts, which an edit elsewhere leaves as they are. */
export function actionsIn(statementText: string, facts: StatementFacts, dialect: Dialect): readonly Action[] {
  const known = ofStatements.get(facts);
  if (known !== undefined) return known;
  const actions = acts(facts, dialect) ? readActions(statementText, facts, dialect) : nothing;
  ofStatements.set(facts, actions);
  return actions;
}

const ofStatements = new WeakMap<StatementFacts, readonly Action[]>();
const nothing: readonly Action[] = [];

/** SQL Server's statements need nothing between them, so that any of them may hold another. */
function acts({ kind }: StatementFacts, dialect: Dialect): boolean {
  return dialect === "sqlserver" || acting.test(kind);
}

const acting =
  /^(?:CREATE|ALTER|DROP|DO|INSERT|UPDATE|DELETE|MERGE|TRUNCATE|LOCK|CLUSTER|VACUUM|REINDEX|REFRESH|SELECT|WITH|EXPLAIN|PREPARE)\b/;

/** An INSERT may hold thousands of rows, and only its beginning matters. */
const longestInsertHead = 4000;

function readActions(text: string, facts: StatementFacts, dialect: Dialect): readonly Action[] {
  const { kind } = facts;
  // A query changes rows, if at all, in what it begins with; and it may make a table.
  if (kind === "SELECT" && dialect === "postgresql" && !/^\s*with\b|\binto\b/i.test(text)) return nothing;
  const source = sourceOf(text, kind, dialect);
  const parts = kind === "DO" && dialect === "postgresql" ? partsOfBlock(source) : partsOf(source);
  const actions = [...parts.flatMap(readPart), ...facts.given.flatMap((start) => ofGiven(source, start))];
  return actions.length === 0 ? nothing : actions;
}

/** What a variable is given that begins at an offset, and run from there. */
function ofGiven(source: Source, start: number): Action[] {
  const text = readJoined(source, indexAt(source, start));
  const inner = text && openLiteral(source, text.literal);
  return inner === null ? [] : partsOf(inner).flatMap(readPart);
}

function sourceOf(text: string, kind: string, dialect: Dialect): Source {
  const read = kind === "INSERT" && dialect === "postgresql" ? text.slice(0, longestInsertHead) : text;
  return openSource(read, tokensOf(read, dialect), dialect);
}

function executed(source: Source, from: number, to: number): Action[] {
  const inner = executedSource(source, from, to);
  if (inner === null) return procedureCall(source, from + 1, to);
  const parts = source.dialect === "postgresql" ? partsBetween(inner) : partsOf(inner);
  return parts.flatMap(readPart);
}

function readPart({ source, from, to }: StatementPart): Action[] {
  switch (source.words[from]) {
    case "create":
      return create(source, from, to);
    case "alter":
      return alter(source, from, to);
    case "drop":
      return drop(source, from, to);
    case "exec":
    case "execute":
      return executed(source, from, to);
    case "sp_rename":
      // A batch may begin with a procedure's name, without EXEC.
      return from === 0 && source.dialect === "sqlserver" ? procedureCall(source, 0, to) : [];
    case "explain":
      return dataChange(source, explainedAt(source, from, to), to) ?? [];
    case "prepare":
      return dataChange(source, preparedAt(source, from, to), to) ?? [];
    default:
      return dataChange(source, from, to) ?? upkeep(source, from, to);
  }
}
