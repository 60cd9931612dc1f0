import type { SlicedText } from "./editedText";
import type { AnalysedStatement, StatementFacts, TextFacts, VariableUse } from "./facts";

/**
 * SQL Server: reads what a variable runs where it is only ever given literals in its batch. Kept from edit to edit: as long as the same is
 * run, so are the facts that are given out.
 */
export function openGivenTexts(): (
  statements: readonly AnalysedStatement[],
  text: SlicedText,
) => readonly AnalysedStatement[] {
  const known = new WeakMap<StatementFacts, { readonly key: string; readonly facts: StatementFacts }>();
  const withTexts = (facts: StatementFacts, variables: ReadonlySet<string>): StatementFacts => {
    const uses = facts.variables.filter(({ variable }) => variables.has(variable));
    const given = uses.filter((use) => use.does === "give");
    const ran = uses.filter((use) => use.does === "run").map(({ start }) => start);
    if (given.length + ran.length === 0) return facts;
    const key = JSON.stringify([given.map(({ start }) => start), ran]);
    const before = known.get(facts);
    if (before?.key === key) return before.facts;
    const opaque = facts.opaque.filter(({ start }) => !ran.includes(start));
    const whole = given.reduce<StatementFacts>((sum, { names }) => joined(sum, names), { ...facts, opaque });
    const now = { ...whole, given: given.map(({ start }) => start) };
    known.set(facts, { key, facts: now });
    return now;
  };
  return (statements, text) => {
    if (!statements.some(({ facts }) => facts.variables.some(({ does }) => does === "run"))) return statements;
    return batches(statements, text).flatMap((batch) => {
      const variables = understood(batch.flatMap(({ facts }) => facts.variables));
      if (variables.size === 0) return batch;
      return batch.map((statement) => {
        const facts = withTexts(statement.facts, variables);
        return facts === statement.facts ? statement : { ...statement, facts };
      });
    });
  };
}

/** The variables that are run, and given nothing but literals. A routine's arguments are not declared in it. */
function understood(uses: readonly VariableUse[]): ReadonlySet<string> {
  const doing = (what: VariableUse["does"]) =>
    new Set(uses.filter(({ does }) => does === what).map(({ variable }) => variable));
  const [declared, changed, given, ran] = [doing("declare"), doing("change"), doing("give"), doing("run")];
  return new Set([...ran].filter((one) => declared.has(one) && given.has(one) && !changed.has(one)));
}

/** A line that may be `GO` ends the variables, also one that only looks like it. */
function batches(statements: readonly AnalysedStatement[], text: SlicedText): AnalysedStatement[][] {
  const found: AnalysedStatement[][] = [];
  let end = 0;
  for (const statement of statements) {
    const last = found.at(-1);
    if (last === undefined || goLine.test(text.slice(end, statement.start))) found.push([statement]);
    else last.push(statement);
    end = statement.end;
  }
  return found;
}

const goLine = /^[ \t]*go\b/im;

function joined(facts: StatementFacts, names: TextFacts): StatementFacts {
  return {
    ...facts,
    tables: inOrder(facts.tables, names.tables),
    objects: inOrder(facts.objects, names.objects),
    foreignKeys: [...facts.foreignKeys, ...names.foreignKeys].sort((a, b) => a.to.start - b.to.start),
    schemas: inOrder(facts.schemas, names.schemas),
    opaque: inOrder(facts.opaque, names.opaque),
    transient: [...facts.transient, ...names.transient],
  };
}

function inOrder<T extends { readonly start: number }>(facts: readonly T[], more: readonly T[]): readonly T[] {
  return more.length === 0 ? facts : [...facts, ...more].sort((a, b) => a.start - b.start);
}
