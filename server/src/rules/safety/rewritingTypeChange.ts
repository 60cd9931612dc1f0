import type { Action, ColumnType } from "../../sql/action";
import { definitionsOf } from "../related";
import type { Rule, RuleContext } from "../rule";
import { shown } from "../schemas";
import { knownColumn } from "./columns";
import { exclusiveLock, perTenant, steps } from "./steps";
import { rewrites, shortens, shownType } from "./typeChange";

export const rewritingTypeChange: Rule = {
  id: "rewriting-type-change",
  severity: "warning",
  summary: "A column gets a type with which all rows are written anew.",
  looksAt: { actions: ["alter-type"] },

  *check(context) {
    for (const { action, isNew, isNewColumn } of steps(context)) {
      if (action.kind !== "alter-type" || isNew(action.table) || isNewColumn(action.table, action.column)) continue;
      const { table, column, type } = action;
      const from = knownColumn(table, column, context)?.type ?? null;
      const shorter = shortens(from, type, context.settings.dialect);
      const rewritten = () => rewrites(from, type, context.settings.dialect, (one) => isOwn(one, context));
      if (!(computes(action) || shorter || rewritten() || (castsTwice(action) && isOwn(type, context)))) continue;
      const change = from === null ? `to ${shownType(type)}` : `from ${shownType(from)} to ${shownType(type)}`;
      if (shorter) {
        const message = `Changing ${column} ${change} fails where a value is longer, and reads all rows of ${shown(table)} to find out, while nobody else can use it (${exclusiveLock(context)})${perTenant(context)}. Shorten the values in an earlier migration, and look for longer ones on every tenant before this one.`;
        yield { start: type.start, end: type.end, message };
        continue;
      }
      const message = `Changing ${column} ${change} writes ${shown(table)} anew, with all its indexes, while nobody else can use it (${exclusiveLock(context)})${perTenant(context)}. ${way(context)}`;
      yield { start: type.start, end: type.end, message };
    }
  },
};

/** An enum is replaced by one of the same name so: `USING state::text::status`. */
function castsTwice({ using }: Extract<Action, { kind: "alter-type" }>): boolean {
  return (using?.text.match(/::|\bcast\s*\(/gi) ?? []).length > 1;
}

/** A domain is stored as what it is made of. */
function isOwn(type: Pick<ColumnType, "schema" | "name">, context: RuleContext): boolean {
  return definitionsOf(type, context, "type").find((known) => known !== null)?.kind === "type";
}

function way({ settings: { dialect } }: RuleContext): string {
  const both = dialect === "postgresql" ? "let a trigger fill both" : "fill both";
  return `Where the table is large, add a column of the new type, ${both}, copy the rows in batches, and change over in a later release.`;
}

/** Whether USING does more than to cast the column: then every row has to be computed. */
function computes({ using, column }: Extract<Action, { kind: "alter-type" }>): boolean {
  if (using === null) return false;
  const written = using.text.replace(/^\(+|\)+$/g, "").trim();
  const cast = /^(?:cast\s*\(\s*)?("(?:[^"]|"")+"|\w+)(?:\s*::.*|\s+as\s.*)?$/is.exec(written)?.[1];
  const name = cast?.startsWith('"') ? cast.slice(1, -1).replaceAll('""', '"') : cast?.toLowerCase();
  return name !== column;
}
