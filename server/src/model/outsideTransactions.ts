import type { Dialect } from "../sql/dialect";
import { withoutComments } from "../sql/withoutComments";

/** Whether the server refuses a statement inside a transaction. @param text the statement, from its first word */
export function refusesTransaction(text: string, dialect: Dialect): boolean {
  if (!mayRefuse.test(text)) return false;
  const written = withoutComments(text, dialect);
  const patterns = dialect === "postgresql" ? postgresPatterns : sqlServerPatterns;
  return patterns.some((pattern) => pattern.test(written));
}

/** How such a statement begins; most others are known by their first word. */
const mayRefuse = /^(?:create|alter|drop|reindex|vacuum|cluster|discard|backup|restore|reconfigure)\b/i;

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
  /^(?:create|alter)\b(?:\s+(?:unique|clustered|nonclustered))*\s+(?:index|table)\b[^;]*\bresumable\s*=\s*on\b/i,
];
