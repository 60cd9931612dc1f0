import { commandsOf } from "../sql/blockStatements";
import type { Rule } from "./rule";

export const searchPathChange: Rule = {
  id: "search-path-change",
  severity: "warning",
  summary: "A migration changes where names without a schema are looked for.",
  looksAt: { kinds: /^(?:SET|RESET|SELECT|PERFORM|ALTER USER|ALTER ROLE|ALTER DATABASE|USE|UNKNOWN)\b/ },

  *check({ settings: { dialect }, statement: { facts }, statementText }) {
    const all = dialect === "postgresql" ? postgresChanges : sqlServerChanges;
    for (const { text, keyword } of commandsOf(statementText, facts, dialect)) {
      const change = all.find(({ pattern }) => pattern.test(text));
      if (change !== undefined) yield { ...keyword, message: change.message };
    }
  },
};

interface Change {
  readonly pattern: RegExp;
  readonly message: string;
}

const hereAfter =
  "After this, names without a schema are looked for in other schemas than the run has set. Take it out, and write the schemas in front of the names.";

const postgresChanges: readonly Change[] = [
  {
    pattern: /^set\s+(?:(?:session|local)\s+)?(?:search_path\b|"search_path"|schema\s+')/i,
    message: hereAfter,
  },
  { pattern: /^reset\s+(?:search_path\b|"search_path"|all\b)/i, message: hereAfter },
  { pattern: /^(?:select|perform)\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path'/i, message: hereAfter },
  {
    pattern: /^alter\s+(?:role|user|database)\b[^;]*?\s(?:set|reset)\s+(?:search_path\b|"search_path"|all\s*$)/i,
    message:
      "From their next connection on, names without a schema are looked for in other schemas, in every application and tool of this role or database. A run sets a path of its own. Take it out, and write the schemas in front of the names.",
  },
];

const sqlServerChanges: readonly Change[] = [
  {
    pattern: /^alter\s+user\b[^;]*\bdefault_schema\s*=/i,
    message:
      "After this, this user's names without a schema are looked for in another schema, in every migration and application. Take it out, and write the schemas in front of the names.",
  },
  {
    pattern: /^use\s+(?:\[|"|\w)/i,
    message:
      "After this, all names are looked for in that database, whichever the run is connected to. Take it out: the connection says which database is meant.",
  },
];
