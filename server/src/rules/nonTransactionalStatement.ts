import { refusesTransaction } from "../model/outsideTransactions";
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
    if (!refusesTransaction(statementText, settings.dialect)) return;
    const message = `The server refuses this inside a transaction, and a run wraps one around a tenant's migrations. Put it in a file of its own with \`-- tenantry: no-transaction\` in its head.`;
    yield { ...statement.facts.keyword, message };
  },
};
