import type { Refusal } from "./events";
import { labelOf } from "./label";
import type { PlanInput, Stage } from "./plan";
import { type Unit, unitsOf } from "./units";

/** Transactions that would need more locks than the server can be relied on to have. */
export function lockRefusals({ state, options }: PlanInput, stages: readonly Stage[]): Refusal[] {
  const most = Math.floor(state.lockCapacity / 2);
  return stages.flatMap((stage) =>
    unitsOf(stage.migrations, options.transaction)
      .filter((unit) => unit.kind === "transaction" && estimateLocks(unit) > most)
      .map((unit) => ({
        code: "too-many-locks",
        message: `One transaction of ${unit.migrations.map(({ migration }) => labelOf(migration)).join(", ")} needs about ${estimateLocks(unit)} locks, and the server has room for ${state.lockCapacity} in all. ${wayOut(unit)}, or raise max_locks_per_transaction.`,
      })),
  );
}

/** Committing after each file helps where there are several; one that holds too much has to become several first. */
function wayOut({ migrations }: Unit): string {
  const perFile = 'set "run": { "transaction": "migration" }';
  return migrations.length > 1 ? `S${perFile.slice(1)}` : `Divide the file into several, and ${perFile}`;
}

/** How many locks a transaction holds at its end: each table that it names with its indexes, and what it creates. */
export function estimateLocks(unit: Unit): number {
  const names = new Set<string>();
  for (const { parts } of unit.migrations) {
    for (const { facts } of parts.flatMap(({ statements }) => statements)) {
      for (const { schema, name } of [...facts.tables, ...facts.objects, ...facts.foreignKeys.map(({ to }) => to)]) {
        names.add(JSON.stringify([schema, name]));
      }
    }
  }
  return 10 + names.size * locksPerName;
}

/** A table, its primary key, its TOAST table with index, and an index or two. */
const locksPerName = 5;
