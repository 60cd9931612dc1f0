import type { FleetState } from "../engine/state";
import { fewNames } from "../engine/text";
import type { Dialect } from "../sql/dialect";
import { isTooLong, lengthText } from "../sql/identifierLength";
import { UsageError } from "./usageError";

/** Every schema name that `--tenants` may mean. */
export function knownNames({ tenants, pendingCreation, prototype }: FleetState): readonly string[] {
  return [...tenants.map(({ name }) => name), ...pendingCreation, ...(prototype === null ? [] : [prototype.name])];
}

/** @throws UsageError where the server keeps less of a name than it has */
export function refuseTooLong(names: readonly string[], dialect: Dialect): void {
  const tooLong = names.filter((name) => isTooLong(name, dialect));
  if (tooLong.length > 0)
    throw new UsageError(`A schema's name has at most ${lengthText(dialect)}: ${fewNames(tooLong)}.`);
}

/**
 * Takes lists of names apart at their commas; a value that is a name as it stands may hold commas of its own, and so may a part
 * in double quotes, in which a quote is written twice.
 */
export function splitNames(values: readonly string[], known: readonly string[]): readonly string[] {
  const names = new Set(known);
  return values.flatMap((value) => (names.has(value) ? [value] : partsOf(value)));
}

function partsOf(list: string): string[] {
  return Array.from(list.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)/gsu), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "").trim() : quoted.replaceAll('""', '"'),
  ).filter((name) => name !== "");
}
