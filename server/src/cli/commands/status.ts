import type { FleetStatus } from "../../app/status";
import type { Project } from "../../project/project";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { askState, noteProblems, withDatabase } from "../opening";
import { absentText, firstTenantText } from "../report/absent";
import { statusText, type Told } from "../report/status";
import { waysOut } from "../report/waysOut";
import { visible } from "../text";
import type { Verb } from "../verb";

export const status: Verb = {
  usage: "status",
  group: "Look:",
  summary: "show where every tenant stands",
  description: "First how many tenants stand at which version, then those that differ from the rest.",
  flags: [flags.connection, flags.tenants, flags.format, flags.config],
  examples: [
    ["tenantry status", "all tenants of the default connection"],
    ["tenantry status --tenants 'shop_*'", "some of them"],
    ["tenantry status --format json", "for scripts"],
  ],
  async run(call) {
    const { flags, terminal, interrupt } = call;
    return withDatabase(call, { command: "status", purpose: "read" }, async (target) => {
      const reading = await askState(target);
      const { fleetStatus } = await import("../../app/status");
      const { invalidMessage } = await import("../../engine/tenants");
      const selection = flags.tenants === undefined ? {} : { tenants: flags.tenants };
      // What can't be read isn't counted as pending.
      noteProblems(target.project, "error", terminal);
      const fleet = await unlessAborted(interrupt.stop, fleetStatus(target, selection, reading.state));
      if (fleet.state.invalid.length > 0) {
        terminal.note(`warning: ${visible(invalidMessage("listed tenants", fleet.state.invalid))}`);
      }
      if (flags.format === "json") {
        terminal.line(JSON.stringify(fleet.report));
      } else {
        terminal.line(`${terminal.style.bold(target.connection.label)}\n`);
        terminal.line(statusText(fleet.report, toldOf(fleet, target.project), terminal.style));
      }
      return exitCodes.done;
    });
  },
};

function toldOf(fleet: FleetStatus, project: Project): Told {
  const { state, details, shared } = fleet;
  const absent = absentText(state);
  const first = absent === null ? null : firstTenantText(state, project);
  return {
    details,
    shared,
    absent: first === null ? absent : `${absent}\n${first}`,
    waysOut: waysOut(fleet),
  };
}
