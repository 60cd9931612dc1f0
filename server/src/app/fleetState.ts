import { DatabaseError } from "../db/database";
import { TenantsError } from "../engine/errors";
import { type FleetState, readState } from "../engine/state";
import { missingBySchema } from "../engine/targets";
import { settingPlace } from "../project/settingPlace";
import type { Target } from "./target";
import { UsageError } from "./usageError";

/**
 * Reads where every schema stands. Before the table that lists the tenants is made, which a public migration may do, there are none.
 * @param unrecorded is told meanwhile where there are no records yet
 * @throws UsageError where the tenants can't be listed, with the place in `tenantry.json`; EngineError, DatabaseError
 */
export async function fleetStateOf(target: Target, unrecorded = () => {}): Promise<FleetState> {
  const { project, database } = target;
  const { configuration } = project;
  try {
    return await readState(database, configuration, configuration.tenants, unrecorded);
  } catch (error) {
    if (!(error instanceof TenantsError)) throw error;
    const state = await beforeTheList(target, error);
    if (state !== null) return state;
    throw new UsageError(error.message, await settingPlace(project, ["tenants", "query"]), { cause: error });
  }
}

const undefinedTable = "42P01";

/** The state without tenants, where the query reads a table that a pending public migration makes; else null. */
async function beforeTheList({ project, database }: Target, { cause }: TenantsError): Promise<FleetState | null> {
  const { configuration, migrations } = project;
  const { tenants, dialect, publicSchema } = configuration;
  if (tenants === null || !("query" in tenants)) return null;
  if (!(cause instanceof DatabaseError) || cause.code !== undefinedTable) return null;
  const state = await readState(database, configuration, { list: [] });
  // Hardly ever needed, and not to be loaded before the question is asked.
  const { analyse } = await import("../sql/analyse");
  const { analysisOf } = await import("./analyses");
  const made = new Set<string>();
  const keyOf = (table: { schema: string | null; name: string }) => `${table.schema ?? publicSchema}.${table.name}`;
  for (const migration of missingBySchema(migrations, "public")(state.public)) {
    const { statements } = await analysisOf(project, migration);
    for (const table of statements.flatMap(({ facts }) => facts.tables))
      if (table.use === "create") made.add(keyOf(table));
  }
  const { statements } = await analyse(tenants.query, dialect);
  const isMade = statements.some(({ facts }) => facts.tables.some((table) => made.has(keyOf(table))));
  return isMade ? { ...state, source: tenants } : null;
}
