import { refusesTransaction } from "../model/outsideTransactions";
import { commandsOf } from "../sql/blockStatements";
import { newEnumValuesUsed } from "./newEnumValues";
import type { Rule } from "./rule";

export const nonTransactionalStatement: Rule = {
  id: "non-transactional-statement",
  severity: "error",
  summary: "A statement that the server refuses inside a transaction.",

  *check(context) {
    const { transactional, statement, statementText, settings } = context;
    if (!transactional) return;
    yield* newEnumValuesUsed(context);
    // In a DO block the server refuses most of these for another reason, and the rest when it is run.
    const commands =
      settings.dialect === "sqlserver"
        ? commandsOf(statementText, statement.facts, settings.dialect)
        : [{ text: statementText, keyword: statement.facts.keyword }];
    for (const { text, keyword } of commands) {
      if (refusesTransaction(text, settings.dialect)) yield { ...keyword, message: messageOf(text) };
    }
  },
};

function messageOf(text: string): string {
  // A plan refuses it outside of a transaction, too.
  const wayOut = /^\s*discard\b/i.test(text)
    ? "Take it out: what a migration leaves in its session is gone before the next tenant's begins."
    : "Put it in a file of its own with `-- tenantry: no-transaction` in its head.";
  return `The server refuses this inside a transaction, and a run wraps one around a tenant's migrations. ${wayOut}`;
}
