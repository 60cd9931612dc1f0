import type { Rule } from "./rule";

export const transactionControl: Rule = {
  id: "transaction-control",
  severity: "error",
  summary: "A migration begins or ends the transaction that it runs in.",

  *check({ transactional, statement: { facts }, statementText, settings }) {
    if (!transactional) return;
    const pattern = settings.dialect === "postgresql" ? postgresControl : sqlServerControl;
    const found = pattern.exec(statementText)?.[0];
    if (found === undefined) return;
    const message = `${found.toUpperCase().replace(/\s+/g, " ")} would end or begin the transaction that a run wraps around a tenant's migrations, so that a failure leaves half of them. Take it out, or say \`-- tenantry: no-transaction\` in the file's head.`;
    yield { ...facts.keyword, message };
  },
};

// ROLLBACK TO a savepoint stays inside the transaction.
const postgresControl =
  /^(?:begin\b(?!\s+atomic)|start\s+transaction|commit|end\b|abort|rollback\b(?!\s+(?:(?:work|transaction)\s+)?to\b)|prepare\s+transaction)/i;
const sqlServerControl = /^(?:begin\s+(?:distributed\s+)?tran(?:saction)?|commit|rollback)\b/i;
