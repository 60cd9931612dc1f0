import type { MigrationArgument } from "../../../server/src/protocol";
import { chooseFolder } from "../choose";
import type { Command } from "./command";
import { migrationOf } from "./migrationOf";
import { runPending } from "./runPending";

/** Runs what is pending on all tenants; called on a migration, what is pending up to it. */
export const runOnAllTenants: Command = async (state, argument) => {
  const view = await chooseFolder(state, argument);
  if (!view) return;
  const migration: MigrationArgument | null = migrationOf(argument);
  await runPending(state, view, migration?.version ? { to: migration.version } : {});
};
