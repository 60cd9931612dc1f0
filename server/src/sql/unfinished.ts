import type { AnalysedStatement, StatementFacts } from "./facts";

/** Whether a name is that of a schema is known by the rest of the file: settles what a half-typed statement's last name is. */
export function openSettling(): (statements: readonly AnalysedStatement[]) => readonly AnalysedStatement[] {
  const known = new WeakMap<StatementFacts, StatementFacts>();
  const settled = (facts: StatementFacts): StatementFacts => {
    const before = known.get(facts);
    if (before !== undefined) return before;
    const start = facts.unfinished?.start;
    const instead = facts.unfinished?.instead ?? null;
    const tables = facts.tables.flatMap((table) =>
      table.start !== start ? [table] : instead === null ? [] : [instead],
    );
    const without = { ...facts, tables };
    known.set(facts, without);
    return without;
  };
  return (statements) => {
    if (statements.every(({ facts }) => facts.unfinished === null)) return statements;
    return statements.map((statement) => {
      const { facts } = statement;
      if (facts.unfinished === null || !isSchema(facts, statements)) return statement;
      return { ...statement, facts: settled(facts) };
    });
  };
}

/** Whether the statement's last name is that of a schema in another statement, and not of a table, too. */
function isSchema(own: StatementFacts, statements: readonly AnalysedStatement[]): boolean {
  const name = own.tables.find(({ start }) => start === own.unfinished?.start)?.name;
  let isKnown = false;
  for (const { facts } of statements) {
    if (facts === own) continue;
    if (facts.tables.some((table) => table.name === name && table.schema === null)) return false;
    isKnown ||= facts.schemas.some(({ schema }) => schema === name);
  }
  return isKnown;
}
