import { lex } from "../../sql/lexer";
import type { Span } from "../../sql/span";
import type { Rule, RuleContext } from "../rule";
import { perTenant, steps } from "./steps";

const otherDrops = /^(?:ALTER (?:TYPE|DOMAIN)|DROP (?:OWNED|CAST|TRANSFORM))\b/;

export const dropCascade: Rule = {
  id: "drop-cascade",
  severity: "warning",
  dialect: "postgresql",
  summary: "DROP … CASCADE drops what depends on it, without naming it.",
  looksAt: { actions: ["drop", "drop-column", "drop-constraint", "drop-index"], kinds: otherDrops },

  *check(context) {
    // That of a public migration reaches into every tenant, which has a rule of its own.
    if (context.scope === "public") return;
    const message = `CASCADE drops whatever depends on it, without naming it: views, foreign keys, functions, and in each tenant what that one happens to have${perTenant(context)}. Leave it out, and drop by name what has to go.`;
    const told = new Set<number>();
    for (const { action, isNew } of steps(context)) {
      if (!("cascade" in action) || action.kind === "truncate" || action.cascade === null) continue;
      if (action.kind === "drop" && action.object === "table" && isNew(action.name)) continue;
      if (told.has(action.cascade.start)) continue;
      told.add(action.cascade.start);
      yield { ...action.cascade, message };
    }
    for (const cascade of otherCascades(context)) yield { ...cascade, message };
  },
};

/** Where parts of a type, and what has no name of its own, are dropped with what depends on them. */
function* otherCascades({ statement: { facts }, statementText, settings }: RuleContext): Generator<Span> {
  if (!otherDrops.test(facts.kind)) return;
  let drops = false;
  for (const { kind, start, end } of lex(statementText, settings.dialect)) {
    const word = kind === "word" || kind === "punctuation" ? statementText.slice(start, end).toLowerCase() : "";
    if (word === "drop") drops = true;
    if (word === ",") drops = false;
    if (word === "cascade" && drops) yield { start, end };
  }
}
