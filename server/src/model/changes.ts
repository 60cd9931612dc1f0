import type { Dialect } from "../sql/dialect";
import type { SlicedText } from "../sql/editedText";
import type { AnalysedStatement, StatementFacts } from "../sql/facts";
import { foreignKeyName } from "../sql/generatedName";
import type { Span } from "../sql/span";
import { readMove } from "./moves";
import { type DefinedKind, kindOfTypes } from "./timeline";

/** What a statement does to the set of known objects; spans are relative to the statement, schemas null where none is written. */
export type Change =
  | (Span & {
      readonly kind: "create";
      readonly object: DefinedKind;
      readonly schema: string | null;
      readonly name: string;
      /** Of a foreign key without a name: where the name is taken, the server takes another, made of these. */
      readonly nameless?: { readonly table: string; readonly columns: readonly string[] };
    })
  | { readonly kind: "drop"; readonly object: DefinedKind; readonly schema: string | null; readonly name: string }
  | Move
  | { readonly kind: "drop-schema"; readonly schema: string };

/** RENAME TO or SET SCHEMA; the span is that of the new name, or of the name that moves. */
export interface Move extends Span {
  readonly kind: "move";
  readonly object: DefinedKind;
  readonly schema: string | null;
  readonly name: string;
  readonly toSchema: string | null;
  readonly toName: string | null;
  /** Whether there is such an object for sure, also where nothing is known of it: not behind IF EXISTS, nor by sp_rename. */
  readonly isCertain: boolean;
}

/** What one statement changes; remembered by its facts, which an edit elsewhere leaves as they are. */
export function changesOf(text: SlicedText, statement: AnalysedStatement, dialect: Dialect): readonly Change[] {
  const known = ofStatements.get(statement.facts);
  if (known !== undefined) return known;
  const changes = [...readChanges(text.slice(statement.start, statement.end), statement.facts, dialect)];
  ofStatements.set(statement.facts, changes);
  return changes;
}

/** The schema in which CREATE SCHEMA makes what it names without one; null for any other statement. */
export function elementsSchema({ kind, objects }: StatementFacts): string | null {
  if (kind !== "CREATE SCHEMA") return null;
  return objects.find((object) => object.kind === "schema" && object.use === "create")?.name ?? null;
}

const ofStatements = new WeakMap<StatementFacts, readonly Change[]>();

function* readChanges(text: string, facts: StatementFacts, dialect: Dialect): Generator<Change> {
  // What a routine's body would do happens only when it is called.
  if (/\b(FUNCTION|PROCEDURE|TRIGGER|AGGREGATE|ROUTINE)\b/.test(facts.kind)) {
    yield* routineChanges(facts);
  } else if (facts.kind === "DROP SCHEMA") {
    for (const { schema } of facts.schemas) yield { kind: "drop-schema", schema };
    return;
  } else {
    yield* tableChanges(facts, dialect);
    yield* objectChanges(facts);
  }
  yield* readMove(text, facts, dialect);
}

function* tableChanges(facts: StatementFacts, dialect: Dialect): Generator<Change> {
  const own = elementsSchema(facts);
  for (const { schema, name, start, end, use } of facts.tables) {
    if (use === "create") {
      const object = /\bVIEW\b/.test(facts.kind) ? "view" : "table";
      yield { kind: "create", object, schema: schema ?? own, name, start, end };
    } else if (use === "drop") {
      yield { kind: "drop", object: "table", schema, name };
    }
  }
  for (const { constraint, from, to, columns } of facts.foreignKeys) {
    const name = `${from.name}.${constraint ?? foreignKeyName(from.name, columns, dialect)}`;
    // A table that is made has no other keys yet, whatever one of its name had.
    const isNew = facts.tables.some((table) => table.use === "create" && table.name === from.name);
    const { start, end } = to;
    const key = { kind: "create", object: "constraint", schema: from.schema ?? own, name, start, end } as const;
    yield constraint === null && !isNew ? { ...key, nameless: { table: from.name, columns } } : key;
  }
}

function* objectChanges(facts: StatementFacts): Generator<Change> {
  for (const { schema, name, start, end, kind, use } of facts.objects) {
    if (kind === "schema" || kind === "trigger" || kind === "constraint" || kind === "relation") continue;
    // An index is made where its table is, and its own name can't say so.
    const where = (kind === "index" ? facts.tables[0]?.schema : schema) ?? elementsSchema(facts);
    if (use === "create")
      yield {
        kind: "create",
        object: kind === "type" ? kindOfTypes(facts.kind) : kind,
        schema: where,
        name,
        start,
        end,
      };
    else if (use === "drop") yield { kind: "drop", object: kind, schema, name };
  }
}

/** The routine itself; it stands before all that its body names. */
function* routineChanges(facts: StatementFacts): Generator<Change> {
  const routines = facts.objects.filter(({ kind }) => kind === "function");
  for (const { schema, name, start, end, use } of /^CREATE /.test(facts.kind) ? routines.slice(0, 1) : routines) {
    if (use === "create") yield { kind: "create", object: "function", schema, name, start, end };
    else if (use === "drop") yield { kind: "drop", object: "function", schema, name };
  }
}
