import type { Dialect } from "../sql/dialect";
import type { AnalysedStatement, Analysis, StatementFacts, TableReference } from "../sql/facts";
import { lex } from "../sql/lexer";
import { identifierName } from "../sql/scan/names";
import type { Span } from "../sql/span";

/** What a statement does to the set of known tables; spans are relative to the statement, schemas null where none is written. */
export type Change =
  | (Span & {
      readonly kind: "create";
      readonly schema: string | null;
      readonly name: string;
      readonly object: "table" | "view";
    })
  | { readonly kind: "drop"; readonly schema: string | null; readonly name: string }
  /** RENAME TO or SET SCHEMA; the span is that of the new name, or of the name that moves. */
  | (Span & {
      readonly kind: "move";
      readonly schema: string | null;
      readonly name: string;
      readonly toSchema: string | null;
      readonly toName: string | null;
    })
  | { readonly kind: "drop-schema"; readonly schema: string };

/** A change at its place: which statement makes it, and where that begins. */
export interface PlacedChange {
  readonly change: Change;
  readonly statement: number;
  readonly offset: number;
}

/** What a text's statements change, in their order; remembered, as a history is folded anew after each edit of one file. */
export function changesOfText(analysis: Analysis, dialect: Dialect): readonly PlacedChange[] {
  const known = ofTexts.get(analysis);
  if (known !== undefined) return known;
  const changes = analysis.statements.flatMap((statement, index) =>
    changesOf(analysis.text, statement, dialect).map((change) => ({
      change,
      statement: index,
      offset: statement.start,
    })),
  );
  ofTexts.set(analysis, changes);
  return changes;
}

/** What one statement changes; remembered by its facts, which an edit elsewhere leaves as they are. */
export function changesOf(text: string, statement: AnalysedStatement, dialect: Dialect): readonly Change[] {
  const known = ofStatements.get(statement.facts);
  if (known !== undefined) return known;
  const changes = [...readChanges(text.slice(statement.start, statement.end), statement.facts, dialect)];
  ofStatements.set(statement.facts, changes);
  return changes;
}

const ofTexts = new WeakMap<Analysis, readonly PlacedChange[]>();
const ofStatements = new WeakMap<StatementFacts, readonly Change[]>();

function* readChanges(text: string, facts: StatementFacts, dialect: Dialect): Generator<Change> {
  // What a routine's body would do happens only when it is called.
  if (/\b(FUNCTION|PROCEDURE|TRIGGER)\b/.test(facts.kind)) return;
  if (facts.kind === "DROP SCHEMA") {
    for (const { schema } of facts.schemas) yield { kind: "drop-schema", schema };
    return;
  }
  for (const table of facts.tables) {
    const { schema, name, start, end } = table;
    if (table.use === "create") {
      yield { kind: "create", schema, name, start, end, object: /\bVIEW\b/.test(facts.kind) ? "view" : "table" };
    } else if (table.use === "drop") {
      yield { kind: "drop", schema, name };
    }
  }
  const altered = facts.tables.find((table) => table.use === "alter");
  if (altered !== undefined && moving.test(text)) yield* readMove(text, altered, dialect);
}

const moving = /\brename\s+to\b|\bset\s+schema\b/i;

/** Only `RENAME TO` renames the table: a column or constraint is named between the two words. */
function* readMove(text: string, table: TableReference, dialect: Dialect): Generator<Change> {
  const code = lex(text, dialect).filter((token) => token.kind !== "space" && token.kind !== "comment");
  for (let index = 0; index + 2 < code.length; index++) {
    const [first, second, target] = code.slice(index, index + 3);
    if (first === undefined || second === undefined || target === undefined) return;
    const words = `${text.slice(first.start, first.end)} ${text.slice(second.start, second.end)}`.toLowerCase();
    if (words !== "rename to" && words !== "set schema") continue;
    const name = identifierName(text.slice(target.start, target.end), dialect);
    const from = { kind: "move", schema: table.schema, name: table.name } as const;
    if (words === "rename to") yield { ...from, toSchema: null, toName: name, start: target.start, end: target.end };
    else yield { ...from, toSchema: name, toName: null, start: table.start, end: table.end };
    return;
  }
}
