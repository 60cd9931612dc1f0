import type { RunOptions } from "../model/runOptions";
import type { SharedLock } from "./events";
import type { PreparedMigration } from "./prepare";
import { mergeLocks } from "./sharedLocks";

/** What is committed together in one schema; a `no-transaction` file stands alone and is sent statement by statement. */
export interface Unit {
  readonly kind: "transaction" | "statements";
  readonly migrations: readonly PreparedMigration[];
  readonly locks: readonly SharedLock[];
}

/** Cuts migrations into units; the same object for the same list, which thousands of tenants share. */
export function unitsOf(
  migrations: readonly PreparedMigration[],
  transaction: RunOptions["transaction"],
): readonly Unit[] {
  const known = remembered.get(migrations);
  if (known?.transaction === transaction) return known.units;
  const units = cut(migrations, transaction);
  remembered.set(migrations, { transaction, units });
  return units;
}

const remembered = new WeakMap<
  readonly PreparedMigration[],
  { readonly transaction: RunOptions["transaction"]; readonly units: readonly Unit[] }
>();

function cut(migrations: readonly PreparedMigration[], transaction: RunOptions["transaction"]): Unit[] {
  const units: Unit[] = [];
  let together: PreparedMigration[] = [];
  const close = () => {
    if (together.length > 0) units.push(unit("transaction", together));
    together = [];
  };
  for (const migration of migrations) {
    if (!migration.migration.transactional) {
      close();
      units.push(unit("statements", [migration]));
      continue;
    }
    if (transaction === "migration" || usesNewValue(migration, together)) close();
    together.push(migration);
  }
  close();
  return units;
}

function unit(kind: Unit["kind"], migrations: readonly PreparedMigration[]): Unit {
  return { kind, migrations, locks: mergeLocks(migrations.flatMap(({ locks }) => locks)) };
}

/** A value that was added to an enum type can be used only after the transaction that added it. */
function usesNewValue({ migration }: PreparedMigration, before: readonly PreparedMigration[]): boolean {
  return before.some(({ enumValues }) => enumValues.some((value) => migration.text.includes(value)));
}
