import { type Database, DatabaseError } from "../db/database";
import type { Settings } from "../model/settings";
import { EngineError } from "./errors";
import type { Failure } from "./events";
import { type AppliedMigration, historyOf, identityOf, type SchemaHistory } from "./history";
import { installedVersion, newerMessage, versionOf } from "./installation";
import { deniedMessage } from "./recordRights";
import { stateQuery } from "./stateQuery";
import { checkTenantsQuery, checkType, type InvalidTenant, judgeNames, type TenantSource } from "./tenants";

/** Where every schema stands, as one query saw it. */
export interface FleetState {
  readonly database: { readonly id: number; readonly name: string; readonly label: string };
  /** The version of the schema `tenantry`, or 0 where there is none yet. */
  readonly installed: number;
  /** Whether the server takes no writes: a replica, or a setting. */
  readonly readOnly: boolean;
  /** The role that is connected. */
  readonly role: string;
  /** What it lacks to keep the records: the tables that it may not write, or the right to make them. */
  readonly unwritable: readonly string[] | "not installed" | null;
  /** The database whose history this one holds, where it is a copy of it; its own history begins when it is taken over. */
  readonly copiedFrom: number | null;
  /** The schemas of the connection's own search path. */
  readonly searchPath: readonly string[];
  /** How many locks the server has room for. */
  readonly lockCapacity: number;
  /** The newest schema that there was when a public version was applied, by `identityOf` it: schemas with a higher OID were made later. */
  readonly newestSchemaBefore: ReadonlyMap<string, number>;
  readonly public: SchemaState | null;
  readonly prototype: SchemaState | null;
  /** Where the tenants' names come from; null where the configuration doesn't say. */
  readonly source: TenantSource | null;
  /** The tenants whose schema exists, in their order. */
  readonly tenants: readonly SchemaState[];
  /** The tenants that are listed and have no schema. */
  readonly pendingCreation: readonly string[];
  /** Those of them whose schema was dropped. */
  readonly dropped: ReadonlySet<string>;
  /** The tenants that are left out until that is taken back, by name. */
  readonly skips: ReadonlyMap<string, Skip>;
  /** Schemas that have a history, and that nothing lists as a tenant. */
  readonly unlisted: readonly UnlistedSchema[];
  readonly invalid: readonly InvalidTenant[];
}

/** Why a tenant is left out, who decided it, and when. */
export interface Skip {
  readonly reason: string;
  readonly user: string;
  readonly at: string;
}

export interface UnlistedSchema {
  readonly name: string;
  /** The name under which its last migration was applied, where it is another one. */
  readonly former: string | null;
}

/** One schema: the public one, the prototype, or a tenant's. */
export interface SchemaState {
  readonly name: string;
  /** Its OID. */
  readonly id: number;
  readonly history: SchemaHistory;
  /** The name under which its last migration was applied, where it is another one. */
  readonly formerName: string | null;
  /** Whether another schema of this name has a history, and this one has none. */
  readonly recreated: boolean;
  /** Whether it has no history, and holds something nevertheless. */
  readonly occupied: boolean;
  /** How the last run failed here, as long as nothing was applied since. */
  readonly failure: Failure | null;
}

/**
 * Reads the state of every tenant.
 * @throws TenantsError where the tenants can't be listed
 * @throws EngineError where the records can't be read
 * @throws DatabaseError
 */
export async function readState(
  database: Database,
  settings: Settings,
  source: TenantSource | null,
): Promise<FleetState> {
  const answer = await ask(database, settings, source);
  if (answer.installed > installedVersion) throw new EngineError(newerMessage(answer.installed));
  // The one table that is not read here: what is gone is told before anything is done.
  if (answer.installed > 0 && !answer.hasClaims) await database.session(versionOf);
  if (answer.type !== null) checkType(answer.type);
  const cohorts = answer.cohorts.map(({ rows }) =>
    historyOf(rows.map(([kind, key, checksum]) => ({ kind, key, checksum }))),
  );
  const schemaOf = (name: string, id: number | null, cohort: number | null, rare: Rare): SchemaState | null =>
    id === null
      ? null
      : {
          name,
          id,
          history: cohorts[(cohort ?? 0) - 1] ?? nothing,
          formerName: rare.former,
          recreated: rare.lost,
          occupied: rare.occupied,
          failure: rare.failure,
        };
  const shared = (name: string, { id, cohort, ...rare }: SchemaRow) => schemaOf(name, id, cohort, rare);
  const { names, ids, cohorts: numbers, special } = answer.tenants;
  const { valid, invalid } = judgeNames(names, settings);
  const ofPlace = new Map(special.map((one) => [one.place, one]));
  const tenants: SchemaState[] = [];
  const pendingCreation: string[] = [];
  const dropped = new Set<string>();
  const skips = new Map<string, Skip>();
  for (const place of valid) {
    const name = names[place] ?? "";
    const rare = ofPlace.get(place + 1) ?? usual;
    const schema = schemaOf(name, ids[place] ?? null, numbers[place] ?? null, rare);
    if (schema !== null) tenants.push(schema);
    else pendingCreation.push(name);
    if (schema === null && rare.lost) dropped.add(name);
    if (rare.skip !== null) skips.set(name, rare.skip);
  }
  return {
    database: { id: answer.database.id, name: answer.database.name, label: database.label },
    installed: answer.installed,
    readOnly: answer.readOnly,
    role: answer.role,
    unwritable: unwritableOf(answer),
    copiedFrom: answer.copiedFrom,
    searchPath: answer.searchPath,
    lockCapacity: answer.lockCapacity,
    newestSchemaBefore: new Map(answer.newestSchemas.map(([key, id]) => [identityOf({ kind: "versioned", key }), id])),
    source,
    public: shared(settings.publicSchema, answer.shared.public),
    prototype: shared(settings.prototypeSchema, answer.shared.prototype),
    tenants,
    pendingCreation,
    dropped,
    skips,
    unlisted: answer.unlisted,
    invalid,
  };
}

function unwritableOf({ installed, mayInstall, unwritable }: StateAnswer): FleetState["unwritable"] {
  if (unwritable.length > 0) return unwritable;
  return installed === 0 && !mayInstall ? "not installed" : null;
}

const nothing = historyOf([]);

/** What the query gives, as the JSON of one row. */
interface StateAnswer {
  readonly installed: number;
  readonly hasClaims: boolean;
  readonly database: { readonly id: number; readonly name: string };
  readonly readOnly: boolean;
  readonly role: string;
  readonly mayInstall: boolean;
  readonly unwritable: readonly string[];
  readonly copiedFrom: number | null;
  readonly searchPath: readonly string[];
  readonly lockCapacity: number;
  readonly newestSchemas: readonly (readonly [string, number])[];
  /** The type of the column that the tenants' names came from; null where there are no tenants. */
  readonly type: string | null;
  readonly shared: { readonly public: SchemaRow; readonly prototype: SchemaRow };
  readonly tenants: TenantColumns;
  readonly unlisted: readonly UnlistedSchema[];
  /** The histories that differ; a schema names its own by its place, from 1. */
  readonly cohorts: readonly {
    readonly rows: readonly (readonly [AppliedMigration["kind"], string, string])[];
  }[];
}

interface SchemaRow extends Rare {
  readonly id: number | null;
  readonly cohort: number | null;
}

/** What hardly any schema has. */
interface Rare {
  readonly former: string | null;
  /** Whether a schema of this name had a history and is gone. */
  readonly lost: boolean;
  readonly occupied: boolean;
  readonly failure: Failure | null;
}

/** What each tenant has by its place in the list, and what only some of them have: written out for each, that would take the server longer than all else. */
interface TenantColumns {
  readonly names: readonly (string | null)[];
  readonly ids: readonly (number | null)[];
  readonly cohorts: readonly (number | null)[];
  readonly special: readonly SpecialTenant[];
}

interface SpecialTenant extends Rare {
  /** From 1. */
  readonly place: number;
  readonly skip: Skip | null;
}

const usual = { former: null, lost: false, occupied: false, failure: null, skip: null };

async function ask(database: Database, settings: Settings, source: TenantSource | null): Promise<StateAnswer> {
  try {
    return await fetchAnswer(database, stateQuery(settings, source, installedVersion));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await checkTenantsQuery(database, source);
    if (error.code === "42501") throw new EngineError(await deniedMessage(database, error), { cause: error });
    if (!missingTable.has(error.code) || !error.message.includes("tenantry")) throw error;
  }
  const installed = await database.session(versionOf);
  if (installed > installedVersion) throw new EngineError(newerMessage(installed));
  return fetchAnswer(database, stateQuery(settings, source, installed));
}

/** Undefined table, undefined column, invalid schema name: the records are older than this program, or not there. */
const missingTable = new Set(["42P01", "42703", "3F000"]);

async function fetchAnswer(database: Database, sql: string): Promise<StateAnswer> {
  const [row] = await database.session((session) => session.query<{ state: string }>(sql));
  if (row === undefined) throw new EngineError("The database gave no answer to the question for its state; try again.");
  return JSON.parse(row.state) as StateAnswer;
}
