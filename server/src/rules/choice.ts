import type { Action } from "../sql/action";
import { actionsIn } from "../sql/actions";
import { holdsCommands } from "../sql/blockStatements";
import type { StatementFacts } from "../sql/facts";
import { statementRules } from "./all";
import type { LooksAt, Rule, RuleContext, Severity } from "./rule";
import type { LevelOf } from "./severity";

/** A rule that is on, and how much it weighs. */
export interface ChosenRule {
  readonly rule: Rule;
  readonly severity: Severity;
}

/** The rules that may have something to say of a statement. Most look at few kinds of statements, and a file holds few kinds, so that the choice is kept. */
export function rulesFor({ statement, statementText, settings }: RuleContext, levelOf: LevelOf): readonly ChosenRule[] {
  const { facts } = statement;
  const acting = actionsIn(statementText, facts, settings.dialect);
  const holdsOthers = holdsCommands(statementText, facts, settings.dialect);
  const key = `${holdsOthers ? "+" : ""}${keyOf(facts, acting)}`;
  const ofLevels = choices.get(levelOf) ?? { all: rulesThatAreOn(levelOf), byKey: new Map() };
  choices.set(levelOf, ofLevels);
  const known = ofLevels.byKey.get(key);
  if (known !== undefined) return known;
  const actions = new Set(acting.map(({ kind }) => kind));
  const held = factLists.filter((list) => holds(facts, list));
  const chosen = ofLevels.all.filter(
    ({ rule: { looksAt } }) => looksAt === undefined || looks(looksAt, facts.kind, holdsOthers, actions, held),
  );
  ofLevels.byKey.set(key, chosen);
  return chosen;
}

type FactList = NonNullable<LooksAt["facts"]>[number];

const factLists: readonly FactList[] = ["tables", "objects", "foreignKeys", "schemas", "opaque", "fault"];

interface Choices {
  readonly all: readonly ChosenRule[];
  /** By what a statement does and holds. */
  readonly byKey: Map<string, readonly ChosenRule[]>;
}

function keyOf(facts: StatementFacts, actions: readonly Action[]): string {
  let key = `${facts.kind} `;
  for (let bit = 0; bit < factLists.length; bit++) {
    const list = factLists[bit];
    key += list !== undefined && holds(facts, list) ? "1" : "0";
  }
  for (let index = 0; index < actions.length; index++) {
    const kind = actions[index]?.kind;
    // The columns that a table is made with are many, one after the other.
    if (kind !== undefined && kind !== actions[index - 1]?.kind) key += ` ${kind}`;
  }
  return key;
}

const choices = new WeakMap<LevelOf, Choices>();

function rulesThatAreOn(levelOf: LevelOf): ChosenRule[] {
  return statementRules.flatMap((rule) => {
    const severity = levelOf(rule);
    return severity === "off" ? [] : [{ rule, severity }];
  });
}

function holds(facts: StatementFacts, list: FactList): boolean {
  return list === "fault" ? facts.fault !== null : facts[list].length > 0;
}

function looks(
  { kinds, actions: wanted = [], facts = [] }: LooksAt,
  kind: string,
  holdsOthers: boolean,
  actions: ReadonlySet<string>,
  held: readonly FactList[],
): boolean {
  const acts = wanted === "any" ? actions.size > 0 : wanted.some((kind) => actions.has(kind));
  return (
    acts || (kinds !== undefined && (holdsOthers || kinds.test(kind))) || facts.some((list) => held.includes(list))
  );
}
