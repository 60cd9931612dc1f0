import { actionsOf } from "./actions";
import type { Dialect } from "./dialect";
import type { SlicedText } from "./editedText";
import type { AnalysedStatement, ObjectKind, ObjectReference, QualifiedName, StatementFacts } from "./facts";

/** What is known of a file's temporary and transition tables: names that are no tables of any schema. */
export interface Transient {
  /** The statements without their references to such tables. */
  without(statements: readonly AnalysedStatement[], text: SlicedText): readonly AnalysedStatement[];
}

/** Kept from edit to edit: as long as the hidden names are the same, so are the facts that are given out. */
export function openTransient(dialect: Dialect): Transient {
  const known = new WeakMap<StatementFacts, { readonly hidden: string; readonly without: StatementFacts }>();
  const real: Reality = (facts, isHidden, own) => {
    const isRealTarget = ({ schema, name }: QualifiedName) => schema !== null || !isHidden(name);
    const isReal = (name: QualifiedName) => isRealTarget(name) || own.includes(name.name);
    const isRealObject = (object: ObjectReference) => !besideTables.has(object.kind) || isReal(object);
    const targets = facts.foreignKeys.map(({ to }) => to).filter((name) => !isRealTarget(name));
    const hidden = [
      ...facts.tables.filter((name) => !isReal(name)),
      ...targets,
      ...facts.objects.filter((name) => !isRealObject(name)),
    ];
    if (hidden.length === 0) return facts;
    const key = JSON.stringify(hidden.map(({ name }) => name));
    const before = known.get(facts);
    if (before?.hidden === key) return before.without;
    const tables = facts.tables.filter(isReal);
    const foreignKeys = facts.foreignKeys.filter(({ to }) => isRealTarget(to));
    const without = { ...facts, tables, foreignKeys, objects: facts.objects.filter(isRealObject) };
    known.set(facts, { hidden: key, without });
    return without;
  };
  return { without: (statements, text) => withoutTransient(statements, { text, dialect }, real) };
}

/** A statement's facts without what is hidden. @param own names of tables that it makes, which hide no tables in it but the targets of their own keys */
type Reality = (facts: StatementFacts, isHidden: (name: string) => boolean, own: readonly string[]) => StatementFacts;

/**
 * A temporary table's name is hidden while the table is there, and in routines, which run later. Where the file gives it to no lasting table, it is also
 * hidden where it is dropped in case it is left over from before.
 */
function withoutTransient(
  statements: readonly AnalysedStatement[],
  written: Written,
  real: Reality,
): readonly AnalysedStatement[] {
  const names = new Set<string>();
  for (const { facts } of statements) for (const name of facts.transient) names.add(name);
  if (names.size === 0) return statements;
  for (const { facts } of statements) {
    // An index is where its table is, and may be dropped by its name alone.
    if (facts.kind !== "CREATE INDEX" || !facts.tables.some(({ schema, name }) => schema === null && names.has(name)))
      continue;
    for (const { kind, name } of facts.objects) if (kind === "index") names.add(name);
  }
  const lasting = new Set<string>();
  for (const { facts } of statements) {
    for (const { schema, name, use } of facts.tables) {
      if (use === "create" && schema === null && names.has(name) && !facts.transient.includes(name)) lasting.add(name);
    }
  }
  const present = new Set<string>();
  const dropped = new Set<string>();
  return statements.map((statement) => {
    const { facts } = statement;
    if (facts.tables.length + facts.objects.length + facts.foreignKeys.length + facts.transient.length === 0)
      return statement;
    // What a table is made of is read before it is there.
    const own = facts.transient.filter((name) => !present.has(name));
    // A trigger's transition tables are there in its function alone.
    for (const name of facts.kind === "CREATE TRIGGER" ? nothing : facts.transient) {
      present.add(name);
      dropped.delete(name);
    }
    const isLater = routine.test(facts.kind);
    const isLeftOver = (name: string) => isDrop.test(facts.kind) && !lasting.has(name) && !dropped.has(name);
    const isHidden = (name: string) => names.has(name) && (isLater || present.has(name) || isLeftOver(name));
    const without = real(facts, isHidden, own);
    if (facts.kind === "DROP TABLE")
      for (const { schema, name } of facts.tables) if (schema === null && present.delete(name)) dropped.add(name);
    for (const { name, to } of renamed(statement, written, present)) {
      present.delete(name);
      present.add(to);
      names.add(to);
    }
    return without === facts ? statement : { ...statement, facts: without };
  });
}

interface Written {
  readonly text: SlicedText;
  readonly dialect: Dialect;
}

/** How a statement renames a temporary table that is there. */
function renamed(
  statement: AnalysedStatement,
  { text, dialect }: Written,
  present: ReadonlySet<string>,
): { readonly name: string; readonly to: string }[] {
  const { kind, tables } = statement.facts;
  if (kind !== "ALTER TABLE" || !tables.some(({ schema, name }) => schema === null && present.has(name))) return [];
  return actionsOf(text, statement, dialect).flatMap((action) =>
    action.kind === "rename" ? [{ name: action.name.name, to: action.to }] : [],
  );
}

/** What may name a temporary table, sequence or index, or the rows of such a table. */
const besideTables: ReadonlySet<ObjectKind> = new Set(["relation", "sequence", "index", "type"]);

const isDrop = /^DROP /;

const routine = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)$/;

const nothing: readonly string[] = [];
