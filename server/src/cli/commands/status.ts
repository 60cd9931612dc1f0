import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { noteProblems, withDatabase } from "../opening";
import { statusText } from "../report/status";
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
      const { status } = await import("../../app/status");
      const selection = flags.tenants === undefined ? {} : { tenants: flags.tenants };
      // What can't be read isn't counted as pending.
      noteProblems(target.project, "error", terminal);
      const report = await unlessAborted(interrupt.stop, status(target, selection));
      if (flags.format === "json") {
        terminal.line(JSON.stringify(report));
      } else {
        terminal.line(`${terminal.style.bold(target.connection.label)}\n`);
        terminal.line(statusText(report, terminal.style));
      }
      return exitCodes.done;
    });
  },
};
