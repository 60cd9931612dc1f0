import { type Database, DatabaseError } from "../db/database";
import type { Settings } from "../model/settings";
import { EngineError } from "./errors";
import type { Failure } from "./events";
import { identityOf, type SchemaHistory } from "./history";
import { installedVersion, newerMessage, versionOf } from "./installation";
import { deniedMessage } from "./recordRights";
import { type StateAnswer, schemasOf } from "./stateAnswer";
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
  /** Whether the schemas have the OIDs of the history: in a restored copy, and on an upgraded server, they have others. */
  readonly keepsNumbers: boolean;
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
 * @param unrecorded is told, before the answer is there, where there are no records yet
 * @throws TenantsError where the tenants can't be listed
 * @throws EngineError where the records can't be read
 * @throws DatabaseError
 */
export async function readState(
  database: Database,
  settings: Settings,
  source: TenantSource | null,
  unrecorded = () => {},
): Promise<FleetState> {
  const answer = await ask(database, settings, source, unrecorded);
  if (answer.installed > installedVersion) throw new EngineError(newerMessage(answer.installed));
  // The one table that is not read here: what is gone is told before anything is done.
  if (answer.installed > 0 && !answer.hasClaims) await database.session(versionOf);
  if (answer.type !== null) checkType(answer.type);
  const schemas = schemasOf(answer);
  const { valid, invalid } = judgeNames(answer.listed, settings);
  const apart = new Set([...invalid.map(({ name }) => name), settings.publicSchema, settings.prototypeSchema]);
  const tenants: SchemaState[] = [];
  const pendingCreation: string[] = [];
  for (const name of valid) {
    const schema = schemas.named(name);
    if (schema !== null) tenants.push(schema);
    else pendingCreation.push(name);
  }
  return {
    database: { id: answer.database.id, name: answer.database.name, label: database.label },
    installed: answer.installed,
    readOnly: answer.readOnly,
    role: answer.role,
    unwritable: unwritableOf(answer),
    copiedFrom: answer.copiedFrom,
    keepsNumbers: answer.keepsNumbers,
    searchPath: answer.searchPath,
    lockCapacity: answer.lockCapacity,
    newestSchemaBefore: new Map(answer.newestSchemas.map(([key, id]) => [identityOf({ kind: "versioned", key }), id])),
    source,
    public: schemas.named(settings.publicSchema),
    prototype: prototypeOf(schemas.named(settings.prototypeSchema)),
    tenants,
    pendingCreation,
    dropped: new Set(pendingCreation.filter((name) => schemas.isLost(name))),
    skips: new Map(answer.skips.filter(([name]) => valid.has(name))),
    unlisted: schemas.unlisted((name) => valid.has(name) || apart.has(name)),
    invalid,
  };
}

/** One with nothing in it is new, whatever had its name before: no tenant can be copied to it, so that the migrations are to be run on it. */
function prototypeOf(schema: SchemaState | null): SchemaState | null {
  return schema?.recreated && !schema.occupied ? { ...schema, recreated: false } : schema;
}

function unwritableOf({ installed, mayInstall, unwritable }: StateAnswer): FleetState["unwritable"] {
  if (unwritable.length > 0) return unwritable;
  return installed === 0 && !mayInstall ? "not installed" : null;
}

async function ask(
  database: Database,
  settings: Settings,
  source: TenantSource | null,
  unrecorded: () => void,
): Promise<StateAnswer> {
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
  const answer = fetchAnswer(database, stateQuery(settings, source, installed));
  if (installed === 0) unrecorded();
  return answer;
}

/** Undefined table, undefined column, invalid schema name: the records are older than this program, or not there. */
const missingTable = new Set(["42P01", "42703", "3F000"]);

async function fetchAnswer(database: Database, sql: string): Promise<StateAnswer> {
  const [row] = await database.session((session) => session.script<{ state: string }>(sql)).catch(toldOfServer);
  if (row === undefined) throw new EngineError("The database gave no answer to the question for its state; try again.");
  return JSON.parse(row.state) as StateAnswer;
}

/** What the query needs, and servers before PostgreSQL 14 lack: a function, or even a setting. */
function toldOfServer(error: unknown): never {
  const lacks = error instanceof DatabaseError && lacking.get(error.code);
  if (!lacks || !error.message.includes(lacks)) throw error;
  throw new EngineError("Tenantry runs migrations on PostgreSQL 14 or newer, and this server is older: upgrade it.", {
    cause: error,
  });
}

const lacking: ReadonlyMap<string, string> = new Map([
  ["42883", "bit_xor"],
  ["42704", '"jit"'],
]);
