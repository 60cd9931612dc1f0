import type { AnalysedStatement, QualifiedName, StatementFacts } from "./facts";

/** The temporary and transition tables that a file's statements introduce: names that are no tables of any schema. */
export interface Transient {
  readonly names: ReadonlySet<string>;
  /** The statements without their references to such tables, wherever in the file these are introduced. */
  without(statements: readonly AnalysedStatement[]): readonly AnalysedStatement[];
}

/** @param previous of the file before an edit: as long as the names are the same, so are the facts that are given out. */
export function openTransient(statements: readonly AnalysedStatement[], previous: Transient | null): Transient {
  const names = new Set<string>();
  for (const { facts } of statements) for (const name of facts.transient) names.add(name);
  if (previous !== null && isEqual(names, previous.names)) return previous;
  const known = new WeakMap<StatementFacts, StatementFacts>();
  const isReal = (name: QualifiedName) => name.schema !== null || !names.has(name.name);
  const real = (facts: StatementFacts): StatementFacts => {
    if (facts.tables.every(isReal) && facts.foreignKeys.every(({ to }) => isReal(to))) return facts;
    let without = known.get(facts);
    if (without === undefined) {
      without = {
        ...facts,
        tables: facts.tables.filter(isReal),
        foreignKeys: facts.foreignKeys.filter(({ to }) => isReal(to)),
      };
      known.set(facts, without);
    }
    return without;
  };
  return {
    names,
    without: (all) => (names.size === 0 ? all : all.map((one) => ({ ...one, facts: real(one.facts) }))),
  };
}

function isEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const name of one) if (!other.has(name)) return false;
  return true;
}
