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
    let left = mostSettled;
    return statements.map((statement) => {
      const { facts } = statement;
      if (facts.unfinished === null || left-- <= 0 || !isSchema(facts, statements)) return statement;
      return { ...statement, facts: settled(facts) };
    });
  };
}

/** For each of them the whole file is looked through, and nobody types so many at a time. */
const mostSettled = 100;

/**
 * Whether the statement's last name is that of a schema elsewhere in the file and not of a table, too. Where all other tables of the file stand
 * with a schema, this one is more likely to be written so, too.
 */
function isSchema(own: StatementFacts, statements: readonly AnalysedStatement[]): boolean {
  const start = own.unfinished?.start;
  const name = own.tables.find((table) => table.start === start)?.name;
  let isKnown = false;
  let areQualified = false;
  let areBare = false;
  for (const { facts } of statements) {
    for (const table of facts.tables) {
      if (facts === own && table.start === start) continue;
      if (table.schema === null && table.name === name) return false;
      areQualified ||= table.schema !== null;
      areBare ||= table.schema === null;
    }
    isKnown ||= facts.schemas.some((mention) => mention.schema === name && (facts !== own || mention.start !== start));
  }
  return isKnown || (areQualified && !areBare);
}
