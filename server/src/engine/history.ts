import { createHash } from "node:crypto";
import type { Migration } from "../model/migration";
import type { Unit } from "./units";

/** What a schema's history says of one migration. */
export interface AppliedMigration {
  readonly kind: "versioned" | "repeatable";
  /** The version as its file wrote it, or a repeatable migration's name. */
  readonly key: string;
  readonly checksum: string;
}

/** All that was applied in one schema; schemas with equal histories share one object. */
export interface SchemaHistory {
  readonly applied: readonly AppliedMigration[];
  /** SHA-256 in hex over the rows in their order, the same in SQL (`fingerprintSql`) and here. */
  readonly fingerprint: string;
}

/** The row that a migration leaves in the history. */
export function rowOf(migration: Migration): AppliedMigration {
  return migration.version === null
    ? { kind: "repeatable", key: migration.name, checksum: migration.checksum }
    : { kind: "versioned", key: migration.version, checksum: migration.checksum };
}

/** Tells rows of the same migration from others: 7, 007 and 7.0 are one version. */
export function identityOf({ kind, key }: Pick<AppliedMigration, "kind" | "key">): string {
  if (kind === "repeatable") return `R ${key}`;
  const parts = key.split(".").map((part) => part.replace(/^0+(?=.)/, ""));
  while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
  return `V ${parts.join(".")}`;
}

/** The condition that two keys, given as SQL, are of one migration, as `identityOf` tells it. */
export function sameKeySql(one: string, other: string): string {
  const plain = (key: string) =>
    `regexp_replace(regexp_replace(${key}, '(^|\\.)0+(?=[0-9])', '\\1', 'g'), '(\\.0)+$', '')`;
  return `${plain(one)} = ${plain(other)}`;
}

export function historyOf(applied: readonly AppliedMigration[]): SchemaHistory {
  const rows = [...applied].sort((a, b) => compareBytes(a.kind, b.kind) || compareBytes(a.key, b.key));
  const lines = rows.map((row) => `${row.kind} ${row.key} ${row.checksum}`).join("\n");
  return { applied, fingerprint: createHash("sha256").update(lines).digest("hex") };
}

/** The history after a unit was applied; the same object for the same arguments, as thousands of schemas ask for it. */
export function extendHistory(history: SchemaHistory, unit: Unit): SchemaHistory {
  const byUnit = extensions.get(history) ?? new WeakMap<Unit, SchemaHistory>();
  const known = byUnit.get(unit);
  if (known !== undefined) return known;
  const rows = unit.migrations.map(({ migration }) => rowOf(migration));
  const added = new Set(rows.map(identityOf));
  const extended = historyOf([...history.applied.filter((row) => !added.has(identityOf(row))), ...rows]);
  byUnit.set(unit, extended);
  extensions.set(history, byUnit);
  return extended;
}

const extensions = new WeakMap<SchemaHistory, WeakMap<Unit, SchemaHistory>>();

/** The aggregate over a schema's rows of `tenantry.history` that equals `SchemaHistory.fingerprint`. */
export function fingerprintSql(rows: string): string {
  const lines = `string_agg(${rows}.kind || ' ' || ${rows}.key || ' ' || ${rows}.checksum, chr(10) order by ${rows}.kind, ${rows}.key)`;
  return `encode(sha256(convert_to(coalesce(${lines}, ''), 'UTF8')), 'hex')`;
}

/** The migrations of the list that the history lacks, and the repeatable ones that were changed since they ran. */
export function missingFrom(history: SchemaHistory, migrations: readonly Migration[]): Migration[] {
  const applied = new Map(history.applied.map((row) => [identityOf(row), row.checksum]));
  return migrations.filter((migration) => {
    const checksum = applied.get(identityOf(rowOf(migration)));
    return checksum === undefined || (migration.version === null && checksum !== migration.checksum);
  });
}

/** The order of the columns' "C" collation in a database that is encoded in UTF-8. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
