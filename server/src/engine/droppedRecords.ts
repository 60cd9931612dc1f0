import { DatabaseError } from "../db/database";
import { EngineError } from "./errors";

/** The error itself, or what it means. */
export function explainDropped(error: unknown): unknown {
  const message = error instanceof DatabaseError ? droppedRecordsMessage(error) : null;
  return message === null ? error : new EngineError(message, { cause: error });
}

/** What it means that our own statements don't find the records any more; null where an error says something else. */
export function droppedRecordsMessage({ code, message }: DatabaseError): string | null {
  if (!missing.has(code) || !message.includes("tenantry")) return null;
  return (
    `Tenantry's records were dropped or changed while the run went on (${message}). What could not be written down was not done; what was reported as applied stays in the tenants. ` +
    'Restore the schema "tenantry" from a backup that is newer than the run. Where there is none, ' +
    "begin a new history: drop schema if exists tenantry cascade; then take the schemas into it as they are: tenantry baseline --to VERSION"
  );
}

/** Undefined table, column and function, invalid schema name. */
const missing = new Set(["42P01", "42703", "42883", "3F000"]);
