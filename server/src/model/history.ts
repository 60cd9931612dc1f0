import type { Migration, Scope } from "./migration";
import type { Settings } from "./settings";

/** Compares dotted digits as numbers, part by part; a part that is missing counts as 0. */
export function compareVersions(a: string, b: string): number {
  // Most are as long as the others, and one number each.
  if (a.length === b.length && !a.includes(".") && !b.includes(".")) return a < b ? -1 : a > b ? 1 : 0;
  const left = a.split(".");
  const right = b.split(".");
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = compareDigits(left[part] ?? "0", right[part] ?? "0");
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The one history: versioned migrations in the order in which they are run, then the repeatable ones. */
export function orderMigrations<M extends Ordered>(migrations: Iterable<M>, order: Settings["order"]): M[] {
  return [...migrations].sort((a, b) => compareMigrations(a, b, order));
}

/** Where a migration stands in the history, told against another; 0 only for one and the same path. */
export function compareMigrations(a: Ordered, b: Ordered, order: Settings["order"]): number {
  if (a.version === null || b.version === null) {
    if (a.version !== b.version) return a.version === null ? 1 : -1;
    return compareScopes(a.scope, b.scope) || compareText(a.name, b.name) || compareText(a.path, b.path);
  }
  const scopes = compareScopes(a.scope, b.scope);
  if (order === "public-first" && scopes !== 0) return scopes;
  return compareVersions(a.version, b.version) || scopes || compareText(a.path, b.path);
}

/** Migrations that stand at one and the same place of the history, or repeatable ones of one name. */
export interface Duplicates {
  /** The version as the first of them writes it, or null for repeatable migrations. */
  readonly version: string | null;
  readonly paths: readonly string[];
}

/** Finds the places of the history that several files claim. @param ordered as `orderMigrations` gives it. */
export function findDuplicates(ordered: readonly Ordered[], order: Settings["order"]): Duplicates[] {
  const found: { version: string | null; paths: string[] }[] = [];
  let first: Ordered | undefined;
  let group: (typeof found)[number] | undefined;
  for (const migration of ordered) {
    if (first !== undefined && claimsTheSame(first, migration, order)) {
      if (group === undefined) {
        group = { version: first.version, paths: [first.path] };
        found.push(group);
      }
      group.paths.push(migration.path);
    } else {
      first = migration;
      group = undefined;
    }
  }
  return found;
}

/** What of a migration decides about its place. */
export type Ordered = Pick<Migration, "path" | "version" | "name" | "scope">;

function claimsTheSame(a: Ordered, b: Ordered, order: Settings["order"]): boolean {
  if (a.version === null || b.version === null) {
    return a.version === b.version && a.scope === b.scope && a.name === b.name;
  }
  return (order === "interleaved" || a.scope === b.scope) && compareVersions(a.version, b.version) === 0;
}

function compareScopes(a: Scope, b: Scope): number {
  return a === b ? 0 : a === "public" ? -1 : 1;
}

/** Digits of any length, which may be more than a number holds exactly. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || compareText(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
