import type { SlicedText } from "./editedText";
import type { AnalysedStatement, QualifiedName, StatementFacts, TextFacts, VariableUse } from "./facts";
import { holdsMark } from "./scan/replaced";

/**
 * SQL Server: reads what variables run that are given literals in their batch. Kept from edit to edit: as long as the same is run, so are
 * the facts that are given out.
 */
export function openGivenTexts(): (
  statements: readonly AnalysedStatement[],
  text: SlicedText,
) => readonly AnalysedStatement[] {
  const known = new WeakMap<StatementFacts, { readonly key: string; readonly facts: StatementFacts }>();
  const withTexts = (facts: StatementFacts, { run, whole, marks }: RunVariables): StatementFacts => {
    const texts = facts.variables.filter((use) => use.does === "give" && run.has(use.variable)).filter(isGiven);
    const seen = facts.variables.filter((use) => use.does === "run" && use.isWhole && whole.has(use.variable));
    const ran = [...new Set(seen.filter(isRun).map(({ start }) => start))];
    if (texts.length + ran.length === 0) return facts;
    const given = texts.filter(({ variable }) => whole.has(variable)).map(({ start }) => start);
    const key = JSON.stringify([texts.map(({ start }) => start), given, ran, marks]);
    const before = known.get(facts);
    if (before?.key === key) return before.facts;
    const isRead = new Set(ran);
    const opaque = facts.opaque.filter(({ start }) => !isRead.has(start));
    const named = texts.map(({ names }) => withoutMarks(names, marks));
    const now = { ...joined({ ...facts, opaque }, named), given };
    known.set(facts, { key, facts: now });
    return now;
  };
  return (statements, text) => {
    if (!statements.some(({ facts }) => facts.variables.some(isRun))) return statements;
    return batches(statements, text).flatMap((batch) => {
      const variables = understood(batch.flatMap(({ facts }) => facts.variables));
      if (variables.run.size === 0) return batch;
      return batch.map((statement) => {
        const facts = withTexts(statement.facts, variables);
        return facts === statement.facts ? statement : { ...statement, facts };
      });
    });
  };
}

type Use<Does> = Extract<VariableUse, { readonly does: Does }>;
const isGiven = (use: VariableUse): use is Use<"give"> => use.does === "give";
const isRun = (use: VariableUse): use is Use<"run"> => use.does === "run";
const isFed = (use: VariableUse): use is Use<"feed"> => use.does === "feed";

interface RunVariables {
  /** The variables that are run, or a part of what is run. */
  readonly run: ReadonlySet<string>;
  /** Those of them that are given nothing but literals. A routine's arguments are not declared in it. */
  readonly whole: ReadonlySet<string>;
  /** What others are put in the place of, in texts that are run. */
  readonly marks: readonly string[];
}

function understood(uses: readonly VariableUse[]): RunVariables {
  const run = new Set(uses.filter(isRun).map(({ variable }) => variable));
  const parts = new Map<string, string[]>();
  for (const { variable, into } of uses.filter(isFed)) parts.set(into, [...(parts.get(into) ?? []), variable]);
  // What is added to a set while it is gone through is come to as well.
  for (const variable of run) for (const part of parts.get(variable) ?? []) run.add(part);
  const declared = new Set(uses.filter(({ does }) => does === "declare").map(({ variable }) => variable));
  const whole = new Set(uses.filter(isGiven).map(({ variable }) => variable));
  for (const use of uses) if (use.does === "change" || (isGiven(use) && !use.isWhole)) whole.delete(use.variable);
  const marks = new Set<string>();
  for (const use of uses)
    if (use.does === "replace" && run.has(use.variable) && marks.size < mostMarks) marks.add(use.mark);
  return { run, whole: new Set([...run].filter((one) => declared.has(one) && whole.has(one))), marks: [...marks] };
}

/** Each name of a batch's texts is looked at for each mark: a template has few. */
const mostMarks = 32;

/** What a text names, but for names that hold a mark. */
function withoutMarks(names: TextFacts, marks: readonly string[]): TextFacts {
  if (marks.length === 0) return names;
  const isKept = (name: QualifiedName) => !marks.some((mark) => holdsMark(name, mark));
  return {
    ...names,
    tables: names.tables.filter(isKept),
    objects: names.objects.filter(isKept),
    foreignKeys: names.foreignKeys.filter(({ from, to }) => isKept(from) && isKept(to)),
    schemas: names.schemas.filter(({ schema }) => isKept({ schema, name: "" })),
  };
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

function joined(facts: StatementFacts, texts: readonly TextFacts[]): StatementFacts {
  return {
    ...facts,
    tables: inOrder(
      facts.tables,
      texts.flatMap(({ tables }) => tables),
    ),
    objects: inOrder(
      facts.objects,
      texts.flatMap(({ objects }) => objects),
    ),
    foreignKeys: [...facts.foreignKeys, ...texts.flatMap(({ foreignKeys }) => foreignKeys)].sort(
      (a, b) => a.to.start - b.to.start,
    ),
    schemas: inOrder(
      facts.schemas,
      texts.flatMap(({ schemas }) => schemas),
    ),
    opaque: inOrder(
      facts.opaque,
      texts.flatMap(({ opaque }) => opaque),
    ),
    transient: [...facts.transient, ...texts.flatMap(({ transient }) => transient)],
  };
}

function inOrder<T extends { readonly start: number }>(facts: readonly T[], more: readonly T[]): readonly T[] {
  return more.length === 0 ? facts : [...facts, ...more].sort((a, b) => a.start - b.start);
}
