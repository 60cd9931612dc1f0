import { EngineError } from "../engine/errors";
import { readOnlyMessage } from "../engine/installation";
import { unwritableMessage } from "../engine/recordRights";
import type { FleetState } from "../engine/state";

/** @throws EngineError where the records can't be written, with the way out */
export function requireRecords(state: FleetState): void {
  if (state.readOnly) throw new EngineError(readOnlyMessage(state.database.label));
  const problem = unwritableMessage(state);
  if (problem !== null) throw new EngineError(problem);
}
