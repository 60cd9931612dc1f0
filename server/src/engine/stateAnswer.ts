import type { Failure } from "./events";
import { type AppliedMigration, historyOf, type SchemaHistory } from "./history";
import type { SchemaState, Skip, UnlistedSchema } from "./state";

/** What the query for the state gives, as the JSON of one row. */
export interface StateAnswer {
  readonly installed: number;
  readonly hasClaims: boolean;
  readonly database: { readonly id: number; readonly name: string };
  readonly readOnly: boolean;
  readonly role: string;
  readonly mayInstall: boolean;
  readonly unwritable: readonly string[];
  readonly copiedFrom: number | null;
  readonly keepsNumbers: boolean;
  readonly searchPath: readonly string[];
  readonly lockCapacity: number;
  readonly newestSchemas: readonly (readonly [string, number])[];
  /** The type of the column that the tenants' names came from; null where there are no tenants. */
  readonly type: string | null;
  /** The tenants' names, in their order. */
  readonly listed: readonly (string | null)[];
  /** Every schema of the database: the names, and each one's OID. */
  readonly schemas: { readonly names: readonly string[]; readonly ids: readonly number[] };
  /** The histories that differ, each with the schemas that have it. */
  readonly cohorts: readonly {
    readonly schemas: readonly number[];
    readonly rows: readonly (readonly [AppliedMigration["kind"], string, string])[];
  }[];
  /** The schemas with a history whose name is another than in it, or that are gone: that name, and whether they are gone. */
  readonly moved: readonly (readonly [number, string, boolean])[];
  /** The schemas without a history that hold something nevertheless. */
  readonly occupied: readonly number[];
  /** How the last run failed in schemas in which nothing was applied since. */
  readonly failures: readonly (readonly [number, Failure])[];
  /** By the tenant's name. */
  readonly skips: readonly (readonly [string, Skip])[];
}

/** The database's schemas, each with what the answer says of it. */
export interface Schemas {
  /** Null where there is none. */
  named(name: string): SchemaState | null;
  /** Whether a schema of this name had a history and is gone. */
  isLost(name: string): boolean;
  /** Those with a history that aren't listed, in their order. */
  unlisted(isListed: (name: string) => boolean): UnlistedSchema[];
}

export function schemasOf(answer: StateAnswer): Schemas {
  const { names } = answer.schemas;
  const ids = new Map<string, number>();
  for (let at = 0; at < names.length; at++) ids.set(names[at] ?? "", answer.schemas.ids[at] ?? 0);
  const histories = historiesOf(answer);
  const formerNames = new Map(answer.moved.map(([id, name]) => [id, name]));
  const lost = new Set(answer.moved.flatMap(([, name, isGone]) => (isGone ? [name] : [])));
  const occupied = new Set(answer.occupied);
  const failures = new Map(answer.failures);
  return {
    named(name) {
      const id = ids.get(name);
      if (id === undefined) return null;
      const history = histories.get(id);
      return {
        name,
        id,
        history: history ?? nothing,
        formerName: formerNames.get(id) ?? null,
        recreated: history === undefined && lost.has(name),
        occupied: occupied.has(id),
        failure: failures.get(id) ?? null,
      };
    },
    isLost: (name) => lost.has(name),
    unlisted(isListed) {
      const found: UnlistedSchema[] = [];
      ids.forEach((id, name) => {
        if (histories.has(id) && !isListed(name)) found.push({ name, former: formerNames.get(id) ?? null });
      });
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

const nothing = historyOf([]);

function historiesOf({ cohorts }: StateAnswer): ReadonlyMap<number, SchemaHistory> {
  const histories = new Map<number, SchemaHistory>();
  for (const { schemas, rows } of cohorts) {
    const history = historyOf(rows.map(([kind, key, checksum]) => ({ kind, key, checksum })));
    for (const id of schemas) histories.set(id, history);
  }
  return histories;
}
