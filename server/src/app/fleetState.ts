import { TenantsError } from "../engine/errors";
import { type FleetState, readState } from "../engine/state";
import { settingPlace } from "../project/settingPlace";
import type { Target } from "./target";
import { UsageError } from "./usageError";

/**
 * Reads where every schema stands.
 * @throws UsageError where the tenants can't be listed, with the place in `tenantry.json`; EngineError, DatabaseError
 */
export async function fleetStateOf({ project, database }: Target): Promise<FleetState> {
  const { configuration } = project;
  try {
    return await readState(database, configuration, configuration.tenants);
  } catch (error) {
    if (!(error instanceof TenantsError)) throw error;
    throw new UsageError(error.message, await settingPlace(project, ["tenants", "query"]), { cause: error });
  }
}
