import { readQueue, waitedQueue } from "./broker";
import { leadingCall, sqlServerProcedureCall } from "./calls";
import { listOfTables } from "./definition";
import { skipAny } from "./source";
import type { Scan, WordHandler } from "./state";
import {
  activation,
  addition,
  bulkInsert,
  changeTable,
  consistencyCheck,
  conversation,
  copyInto,
  declare,
  formOfTable,
  identityInsert,
  permissions,
  rename,
  rest,
  resultOf,
  returnedTable,
  tableGiven,
  textOf,
  triggerSwitch,
  updateStatistics,
} from "./tsqlCommands";
import { alter, create } from "./tsqlCreate";
import { drop } from "./tsqlDrop";
import { inert } from "./tsqlNames";

/** How a statement of SQL Server begins; null where it is read as a query. Ends the statement before it. */
export function sqlServerStatement(scan: Scan, at: number, endStatement: () => void): number | null {
  const word = scan.source.words[at] ?? "";
  if (at !== scan.mainStart && !continues.has(word)) endStatement();
  const read = statements.get(word);
  return read === undefined ? leadingCall(scan, at) : read(scan, at);
}

/** Words that name tables, types and schemas in SQL Server's commands, wherever they stand. */
export const serverWords: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["set", identityInsert],
  ["receive", waitedQueue],
  ["get", waitedQueue],
  ["changes", changeTable],
  ["version", changeTable],
  ["openxml", formOfTable],
  ["procedure_name", activation],
  ["object", resultOf],
  ["type", resultOf],
  ["data", tableGiven],
  ["table", tableGiven],
  ["returns", returnedTable],
]);

/** ELSE and END also belong to CASE, which ends nothing. */
const continues: ReadonlySet<string> = new Set(["else", "end"]);

const statements: ReadonlyMap<string, WordHandler> = new Map<string, WordHandler>([
  ["create", create],
  ["alter", alter],
  ["drop", drop],
  ["truncate", (scan, at) => inert(scan, listOfTables(scan, skipAny(scan.source, at + 1, ["table"]), "write", 1))],
  ["grant", permissions],
  ["deny", permissions],
  ["revoke", permissions],
  ["update", updateStatistics],
  ["bulk", bulkInsert],
  ["copy", copyInto],
  ["rename", rename],
  ["add", addition],
  ["readtext", textOf("read")],
  ["writetext", textOf("write")],
  ["updatetext", textOf("write")],
  ["dbcc", consistencyCheck],
  ["enable", triggerSwitch],
  ["disable", triggerSwitch],
  ["declare", declare],
  ["receive", readQueue],
  ["get", readQueue],
  ["send", rest],
  ["begin", conversation],
  ["end", conversation],
  ["exec", sqlServerProcedureCall],
  ["execute", sqlServerProcedureCall],
  // Its EXEC is missing.
  ["sp_executesql", (scan, at) => sqlServerProcedureCall(scan, at - 1)],
  ...[
    "fetch",
    "open",
    "close",
    "deallocate",
    "use",
    "backup",
    "restore",
    "kill",
    "checkpoint",
    "commit",
    "rollback",
    "save",
  ].map((word) => [word, rest] as const),
]);
