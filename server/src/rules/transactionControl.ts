import { commandsOf } from "../sql/blockStatements";
import type { Dialect } from "../sql/dialect";
import type { Rule } from "./rule";

export const transactionControl: Rule = {
  id: "transaction-control",
  severity: "error",
  summary: "A migration begins or ends the transaction that it runs in.",
  looksAt: { kinds: /^(?:BEGIN|START|COMMIT|END|ABORT|ROLLBACK|PREPARE|UNKNOWN)\b/ },

  *check({ transactional, statement: { facts }, statementText, settings }) {
    if (!transactional) return;
    for (const [index, { text, keyword }] of commandsOf(statementText, facts, settings.dialect).entries()) {
      const found = control(settings.dialect, index > 0).exec(text)?.[0];
      if (found === undefined) continue;
      const message = `${found.toUpperCase().replace(/\s+/g, " ")} would end or begin the transaction that a run wraps around a tenant's migrations, so that a failure leaves half of them. Take it out, or say \`-- tenantry: no-transaction\` in the file's head.`;
      yield { ...keyword, message };
    }
  },
};

function control(dialect: Dialect, isInside: boolean): RegExp {
  if (dialect === "sqlserver") return sqlServerControl;
  return isInside ? blockControl : postgresControl;
}

/** In a DO block, BEGIN and END are the block's. */
const blockControl = /^(?:commit|rollback)\b/i;

// ROLLBACK TO a savepoint stays inside the transaction.
const postgresControl =
  /^(?:begin\b(?!\s+atomic)|start\s+transaction|commit|end\b|abort|rollback\b(?!\s+(?:(?:work|transaction)\s+)?to\b)|prepare\s+transaction)/i;
const sqlServerControl = /^(?:begin\s+(?:distributed\s+)?tran(?:saction)?|commit|rollback)\b/i;
