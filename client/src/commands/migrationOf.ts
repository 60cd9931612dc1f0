import { Uri, window } from "vscode";
import type { MigrationArgument } from "../../../server/src/protocol";

/** The migration that a command was called on: a code lens's argument, or a row's. Null from anywhere else. */
export function migrationOf(argument: unknown): MigrationArgument | null {
  if (typeof argument !== "object" || argument === null) return null;
  if ("migration" in argument) return migrationOf(argument.migration);
  if (!("folder" in argument && "uri" in argument && "version" in argument)) return null;
  const { folder, uri, version } = argument;
  if (typeof folder !== "string" || typeof uri !== "string") return null;
  return { folder, uri, version: typeof version === "string" ? version : null };
}

/** The SQL file that a command is about: its migration, the file it was called on, or the active editor's. */
export function fileOf(argument: unknown): string | undefined {
  const migration = migrationOf(argument);
  if (migration) return migration.uri;
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" && uri.path.toLowerCase().endsWith(".sql") ? uri.toString() : undefined;
}

/** The tenant that a command was called on, where it was called on one's row. */
export function tenantOf(argument: unknown): string | undefined {
  if (typeof argument !== "object" || argument === null || !("tenant" in argument)) return undefined;
  return typeof argument.tenant === "string" ? argument.tenant : undefined;
}
