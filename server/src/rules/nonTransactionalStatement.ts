import type { Rule } from "./rule";

export const nonTransactionalStatement: Rule = {
  id: "non-transactional-statement",
  severity: "error",
  summary: "A statement that the server refuses inside a transaction.",

  *check({ transactional, statement: { facts }, statementText, settings }) {
    if (!transactional) return;
    const patterns = settings.dialect === "postgresql" ? postgresPatterns : sqlServerPatterns;
    if (!patterns.some((pattern) => pattern.test(statementText))) return;
    const message = `The server refuses this inside a transaction, and a run wraps one around a tenant's migrations. Put it in a file of its own with \`-- tenantry: no-transaction\` in its head.`;
    yield { ...facts.keyword, message };
  },
};

const postgresPatterns = [
  /^create\s+(?:unique\s+)?index\s+concurrently\b/i,
  /^drop\s+index\s+concurrently\b/i,
  /^reindex\s+(?:\([^)]*\)\s*)?(?:(?:index|table)\s+concurrently|schema|database|system)\b/i,
  /^reindex\s*\([^)]*\bconcurrently\b(?!\s+(?:false|off|0)\b)/i,
  /^alter\s+table\b[^;]*\bdetach\s+partition\b[^;]*\bconcurrently\s*$/i,
  /^vacuum\b/i,
  /^alter\s+system\b/i,
  /^(?:create|drop)\s+(?:database|tablespace)\b/i,
  /^alter\s+database\b[^;]*\bset\s+tablespace\b/i,
  /^(?:create|drop)\s+subscription\b/i,
  /^cluster(?:\s+verbose|\s*\([^)]*\))?\s*$/i,
  /^discard\s+all\b/i,
];

const sqlServerPatterns = [
  /^(?:create|alter|drop)\s+database\b(?!\s+scoped\b)/i,
  /^(?:backup|restore|reconfigure)\b/i,
  /^(?:create|alter|drop)\s+fulltext\s+(?:catalog|index)\b/i,
];
