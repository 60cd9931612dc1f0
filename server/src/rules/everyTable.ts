import { commandsOf } from "../sql/blockStatements";
import type { Report, RuleContext } from "./rule";

/**
 * What runs a change on every table of the database, of whichever schema: SQL Server's `sp_MSforeachtable`, which is undocumented and much
 * used. One that is narrowed down by `@whereand`, or only reads, isn't told.
 */
export function* onEveryTable({ settings, statement, statementText }: RuleContext, message: string): Generator<Report> {
  if (settings.dialect !== "sqlserver" || !/sp_msforeachtable/i.test(statementText)) return;
  for (const { text, keyword } of commandsOf(statementText, statement.facts, settings.dialect)) {
    const given = call.exec(text)?.[1];
    if (given !== undefined && changing.test(given) && !narrowed.test(given)) yield { ...keyword, message };
  }
}

const call =
  /^exec(?:ute)?\s+(?:@\w+\s*=\s*)?(?:\[?\w+\]?\s*\.\s*)?(?:\[?\w*\]?\s*\.\s*)?\[?sp_msforeachtable\]?(?!\w)(.*)$/is;
const changing = /\b(?:alter|create|delete|disable|drop|enable|grant|insert|merge|revoke|truncate|update)\b/i;
const narrowed = /@whereand\b/i;
