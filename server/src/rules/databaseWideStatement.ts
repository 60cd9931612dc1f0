import { commandsOf } from "../sql/blockStatements";
import type { Rule } from "./rule";

export const databaseWideStatement: Rule = {
  id: "database-wide-statement",
  severity: "error",
  summary: "A tenant migration changes what belongs to the whole database or server.",
  looksAt: { kinds: /^(?:CREATE|ALTER|DROP) (?!(?:TABLE|INDEX|VIEW)\b)|^(?:DO|IF|WHILE|BEGIN|ELSE|UNKNOWN)$/ },

  *check({ scope, settings: { dialect }, statement: { facts }, statementText }) {
    if (scope !== "tenant") return;
    const kinds = dialect === "postgresql" ? postgresKinds : sqlServerKinds;
    for (const command of commandsOf(statementText, facts, dialect)) {
      const [, verb = "", kind = ""] = /^(CREATE|ALTER|DROP) (.+)$/.exec(command.kind) ?? [];
      // A publication is the database's, but a tenant's own tables may join and leave it.
      if (!kinds.has(kind) || joinsPublication.test(command.text)) continue;
      const what =
        kind === "SYSTEM" || kind === "DATABASE SCOPED" ? "setting of the whole database" : kind.toLowerCase();
      const message = `${/^[aeio]/.test(what) ? "An" : "A"} ${what} lies in no tenant's schema, and a tenant migration runs once for each tenant: it would be ${changes[verb]} as often. Move this to a public migration.`;
      yield { ...command.keyword, message };
    }
  },
};

const changes: Readonly<Record<string, string>> = { CREATE: "created", ALTER: "changed", DROP: "dropped" };

const joinsPublication = /^alter\s+publication\b[^;]*?\s(?:add|drop)\s/i;

const postgresKinds: ReadonlySet<string> = new Set([
  "ACCESS METHOD",
  "DATABASE",
  "EVENT TRIGGER",
  "EXTENSION",
  "FOREIGN DATA WRAPPER",
  "GROUP",
  "LANGUAGE",
  "PUBLICATION",
  "ROLE",
  "SERVER",
  "SUBSCRIPTION",
  "SYSTEM",
  "TABLESPACE",
  "USER",
  "USER MAPPING",
]);

const sqlServerKinds: ReadonlySet<string> = new Set([
  "APPLICATION ROLE",
  "ASSEMBLY",
  "ASYMMETRIC KEY",
  "CERTIFICATE",
  "CREDENTIAL",
  "DATABASE",
  "DATABASE SCOPED",
  "ENDPOINT",
  "EVENT SESSION",
  "EXTERNAL DATA SOURCE",
  "EXTERNAL FILE FORMAT",
  "FULLTEXT CATALOG",
  "FULLTEXT STOPLIST",
  "LOGIN",
  "MASTER KEY",
  "PARTITION FUNCTION",
  "PARTITION SCHEME",
  "ROLE",
  "SERVER AUDIT",
  "SERVER ROLE",
  "SYMMETRIC KEY",
  "USER",
]);
