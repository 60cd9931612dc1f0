import { type Command, commandsOf } from "../sql/blockStatements";
import type { Dialect } from "../sql/dialect";
import type { ObjectReference } from "../sql/facts";
import { spaceOfName } from "./related";
import type { Rule, RuleContext } from "./rule";
import { sideOf } from "./schemas";

export const databaseWideStatement: Rule = {
  id: "database-wide-statement",
  severity: "error",
  summary: "A tenant migration changes what belongs to the whole database or server.",
  looksAt: {
    kinds:
      /^(?:CREATE|ALTER|DROP) (?!(?:TABLE|INDEX|VIEW)\b)|^(?:ALTER$|(?:GRANT|REVOKE|DENY|COMMENT|REASSIGN|EXECUTE|UNKNOWN)\b)/,
  },

  *check(context) {
    const { scope, settings, statement, statementText } = context;
    if (scope !== "tenant") return;
    for (const command of commandsOf(statementText, statement.facts, settings.dialect)) {
      const wide = wideObject(command, settings.dialect) ?? otherwiseWide(command, context);
      if (wide === null) continue;
      const message = `${wide.what} in no tenant's schema, and a tenant migration runs once for each tenant: it would be ${wide.done} as often. Move this to a public migration.`;
      yield { ...command.keyword, message };
    }
  },
};

/** What a statement is about, with the verb, and what it does with it. */
interface Wide {
  readonly what: string;
  readonly done: string;
}

function wideObject({ kind, text }: Command, dialect: Dialect): Wide | null {
  const [, verb = "", object = ""] = /^(CREATE|ALTER|DROP) (.+)$/.exec(kind) ?? [];
  const kinds = dialect === "postgresql" ? postgresKinds : sqlServerKinds;
  // A publication is the database's, but a tenant's own tables may join and leave it.
  if (!kinds.has(object) || joinsPublication.test(text)) return null;
  const isSetting = object === "SYSTEM" || object === "DATABASE SCOPED";
  const what = isSetting ? "setting of the whole database" : object.toLowerCase();
  return { what: `${/^[aeio]/.test(what) ? "An" : "A"} ${what} lies`, done: changes[verb] ?? "changed" };
}

/** What doesn't say by its first words that it is about the whole database. */
function otherwiseWide({ text }: Command, context: RuleContext): Wide | null {
  if (context.settings.dialect === "sqlserver") {
    if (wideProcedure.test(text)) return { what: "What this procedure changes lies", done: "changed" };
    const securable = ofSecurable.exec(text)?.[1]?.toUpperCase().replace(/\s+/g, " ") ?? "";
    return sqlServerKinds.has(securable) ? { what: `The ${securable.toLowerCase()} lies`, done: "changed" } : null;
  }
  if (membership.test(text)) return { what: "The membership of a role lies", done: "changed" };
  if (ofOwner.test(text)) return { what: "What a role owns, in the whole database, lies", done: "changed" };
  if (defaults.test(text)) return { what: "Without IN SCHEMA, default privileges lie", done: "changed" };
  const cast = /^(?:create|drop)\s+(cast|transform)\b/i.exec(text)?.[1];
  // Between types of the tenant's own it is one for each tenant.
  const isOwn = (name: ObjectReference) => sideOf(name, context, spaceOfName(name)) === "tenant";
  if (cast !== undefined && !context.statement.facts.objects.some(isOwn))
    return { what: `A ${cast.toLowerCase()} lies`, done: "changed" };
  const on = onWide.exec(text)?.[1];
  if (on !== undefined) return { what: `The ${on.toLowerCase().replace(/\s+/g, " ")} lies`, done: "changed" };
  return null;
}

const changes: Readonly<Record<string, string>> = { CREATE: "created", ALTER: "changed", DROP: "dropped" };

const joinsPublication = /^alter\s+publication\b[^;]*?\s(?:add|drop)\s/i;

const membership = /^(?:grant|revoke)\b(?!.*\son\s)/is;
const ofOwner = /^(?:drop|reassign)\s+owned\b/i;
const defaults = /^alter\s+default\s+privileges\b(?!.*\bin\s+schema\b)/is;
const onWide =
  /^(?:(?:grant|revoke)\b[^;]*?|comment)\son\s+(database|role|tablespace|language|parameter|foreign\s+(?:server|data\s+wrapper)|server|extension|event\s+trigger|publication|subscription)\b/i;

/** `ALTER AUTHORIZATION ON DATABASE::d`, `GRANT CONTROL ON CERTIFICATE::c`. */
const ofSecurable = /^(?:alter\s+authorization|grant|revoke|deny)\b[^;]*?\son\s+(\w+(?:\s+\w+)*)\s*::/i;

/** SQL Server's older procedures that change logins, users, roles and settings; EXEC may be left out where a batch begins. */
const wideProcedure =
  /^(?:exec(?:ute)?\s+(?:@\w+\s*=\s*)?)?(?:(?:\[?master\]?\s*\.\s*)?\[?(?:sys|dbo)\]?\s*\.\s*)?\[?sp_(?:(?:add|drop)(?:login|user|role|rolemember|srvrolemember|server|linkedserver|linkedsrvlogin)|(?:grant|revoke)(?:login|dbaccess)|configure)\]?(?!\w)/i;

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
