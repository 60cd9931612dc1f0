import { resolve } from "node:path";
import { type EditedFile, editedAnywhere } from "../engine/editedFiles";
import { EngineError } from "../engine/errors";
import { copiedRefusal } from "../engine/refusals";
import { type Appliance, acceptEdits, appliancesOf } from "../engine/repair";
import type { FleetState } from "../engine/state";
import { compareVersions } from "../model/history";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { fleetStateOf } from "./fleetState";
import { requireRecords } from "./records";
import type { Target } from "./target";
import { UsageError } from "./usageError";

/** What a repair would accept, each with who applied it as it was. */
export interface PreparedRepair {
  readonly state: FleetState;
  readonly edits: readonly (EditedFile & { readonly appliances: readonly Appliance[] })[];
  /** Files that were named and are as they were applied. */
  readonly unchanged: readonly Migration[];
}

/**
 * Finds the applied files that were changed: those that are named by path or version, or all of them.
 * @param folder what paths are relative to
 * @throws UsageError for what is no migration; EngineError, DatabaseError
 */
export async function planRepair(target: Target, named: readonly string[], folder: string): Promise<PreparedRepair> {
  const { project, database } = target;
  const wanted = named.map((name) => migrationNamed(project, name, folder));
  const state = await fleetStateOf(target);
  const [copied] = copiedRefusal(state, {});
  if (copied !== undefined) throw new EngineError(copied.message);
  const all = editedAnywhere(state, project.migrations);
  const chosen = wanted.length === 0 ? all : all.filter(({ migration }) => wanted.includes(migration));
  const edits = [];
  for (const edit of chosen) edits.push({ ...edit, appliances: await appliancesOf(database, state, edit) });
  return { state, edits, unchanged: wanted.filter((migration) => !all.some((edit) => edit.migration === migration)) };
}

/** Accepts what `planRepair` found. @throws EngineError, DatabaseError */
export async function repair({ database }: Target, { state, edits }: PreparedRepair, reason: string): Promise<void> {
  requireRecords(state);
  await acceptEdits(database, state, edits, reason);
}

function migrationNamed({ root, migrations }: Project, name: string, folder: string): Migration {
  const path = resolve(folder, name);
  const found = migrations.find(
    (migration) =>
      resolve(root, migration.path) === path ||
      migration.path === name ||
      (migration.version !== null && /^\d+(\.\d+)*$/.test(name) && compareVersions(migration.version, name) === 0),
  );
  if (found === undefined) throw new UsageError(`${name} is neither a migration's file nor its version.`);
  if (found.version === null)
    throw new UsageError(`${found.path} is repeatable: a changed one is run again, and needs no repair.`);
  return found;
}
