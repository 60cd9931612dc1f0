import type { Migration } from "../model/migration";
import type { Selection } from "./selection";
import type { FleetState } from "./state";
import { missingBySchema, targetsOf, withinSelection } from "./targets";

/**
 * The paths of the migrations that any of the selected schemas, or the public one, still needs. Only these need to be analysed
 * and prepared; none means that there is nothing to do.
 */
export function neededPaths(
  state: FleetState,
  migrations: readonly Migration[],
  selection: Selection,
): ReadonlySet<string> {
  const reached = withinSelection(state, migrations, selection);
  const missing = missingBySchema(reached, "tenant");
  const lists = new Set([missingBySchema(reached, "public")(state.public)]);
  for (const schema of targetsOf(state, selection).schemas) lists.add(missing(schema));
  return new Set([...lists].flatMap((list) => list.map(({ path }) => path)));
}
