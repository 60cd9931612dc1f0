import type { Dialect } from "../sql/dialect";
import type { Level, Preset, RuleEntry } from "./rule";

/** What one part of the configuration says of rules: a preset says something of every rule, and single rules go before it. */
export interface Levels {
  readonly preset: Preset | null;
  readonly rules: Readonly<Record<string, Level>>;
}

/** What a rule is set to in one file. */
export type LevelOf = (rule: RuleEntry) => Level;

/** Puts together what holds for one file. @param levels from the general to the special: the last that says anything of a rule wins. */
export function levelOf(levels: readonly Levels[], dialect: Dialect): LevelOf {
  return (rule) => {
    if (rule.dialect !== undefined && rule.dialect !== dialect) return "off";
    for (const { preset, rules } of levels.toReversed()) {
      const own = Object.hasOwn(rules, rule.id) ? rules[rule.id] : undefined;
      if (own !== undefined) return own;
      if (preset !== null) return presetLevel(rule, preset, dialect);
    }
    return presetLevel(rule, "recommended", dialect);
  };
}

/** What a preset sets a rule to. */
export function presetLevel(rule: RuleEntry, preset: Preset, dialect: Dialect): Level {
  const recommended = dialect === "sqlserver" ? (rule.severityOnSqlServer ?? rule.severity) : rule.severity;
  if (preset === "strict") return rule.presets?.strict ?? raised[recommended];
  return preset === "off" ? (rule.presets?.off ?? "off") : recommended;
}

/** What refuses no run by default does so under `strict`, and what is only noted is a warning. */
const raised: Readonly<Record<Level, Level>> = {
  error: "error",
  warning: "error",
  information: "warning",
  hint: "information",
  off: "off",
};
