import { commandsOf } from "../sql/blockStatements";
import type { Rule } from "./rule";

export const searchPathChange: Rule = {
  id: "search-path-change",
  severity: "warning",
  summary: "A migration changes where names without a schema are looked for.",
  looksAt: { kinds: /^(?:SET|RESET|SELECT|PERFORM|DO|ALTER USER|IF|WHILE|BEGIN|ELSE|UNKNOWN)\b/ },

  *check({ settings: { dialect }, statement: { facts }, statementText }) {
    const patterns = dialect === "postgresql" ? postgresPatterns : sqlServerPatterns;
    const message =
      dialect === "postgresql"
        ? "After this, names without a schema are looked for in other schemas than the run has set. Take it out, and write the schemas in front of the names."
        : "After this, this user's names without a schema are looked for in another schema, in every migration and application. Take it out, and write the schemas in front of the names.";
    for (const { text, keyword } of commandsOf(statementText, facts, dialect)) {
      if (patterns.some((pattern) => pattern.test(text))) yield { ...keyword, message };
    }
  },
};

const postgresPatterns = [
  /^set\s+(?:(?:session|local)\s+)?(?:search_path\b|"search_path"|schema\s+')/i,
  /^reset\s+(?:search_path\b|"search_path"|all\b)/i,
  /^(?:select|perform)\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'search_path'/i,
];

const sqlServerPatterns = [/^alter\s+user\b[^;]*\bdefault_schema\s*=/i];
