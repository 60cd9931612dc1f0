import { exclusivelyLocked } from "../../model/locks";
import type { QualifiedName } from "../../sql/facts";
import type { Rule } from "../rule";
import { shown } from "../schemas";
import { exclusiveLock, steps } from "./steps";

export const severalExclusiveLocks: Rule = {
  id: "several-exclusive-locks",
  severity: "hint",
  summary: "One transaction locks several tables so that nobody else can use them.",
  looksAt: { actions: "any" },

  *check(context) {
    if (!context.transactional) return;
    const { earlier, settings, statement } = context;
    const locked: QualifiedName[] = [];
    for (const { action, isNew } of steps(context)) {
      for (const table of exclusivelyLocked(action, settings.dialect)) {
        if (isNew(table) || earlier.locksExclusively(table.schema, table.name)) continue;
        if (!locked.some((one) => shown(one) === shown(table))) locked.push(table);
      }
    }
    if (locked.length === 0) return;
    const before = earlier.exclusiveCount();
    // Told once in a file, where the second table is locked.
    if (before > 1 || before + locked.length < 2) return;
    const [first = "", second = ""] = [earlier.firstExclusive(), ...locked.map(shown)].filter((name) => name !== null);
    const message = `${first} and ${second} are both locked against everybody (${exclusiveLock(context)}) until the transaction ends: who uses them in another order deadlocks with it, and who needs either waits for the work on both. Change one table in a migration.`;
    yield { ...statement.facts.keyword, message };
  },
};
