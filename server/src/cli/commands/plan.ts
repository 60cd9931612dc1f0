import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { askState, withDatabase } from "../opening";
import { compileForOneUse } from "../readOnce";
import { refusedCode, selectionOf } from "../selection";
import type { Verb } from "../verb";

export const plan: Verb = {
  usage: "plan",
  group: "Run migrations:",
  summary: "show what run would do: what, in which order, to whom, under which locks",
  description: "Nothing is changed. A plan that would be refused says why, and exits with 1 (or 2 for wrong use).",
  flags: [
    flags.connection,
    flags.tenants,
    flags.to,
    flags.skipInvalidTenants,
    flags.takeOver,
    flags.format,
    flags.config,
  ],
  examples: [
    ["tenantry plan", "everything that is missing, everywhere"],
    ["tenantry plan --tenants acme --to 0018", "one tenant, no further than 0018"],
    ["tenantry plan --connection production", "on another connection"],
  ],
  async run(call) {
    compileForOneUse();
    const { flags, terminal, interrupt } = call;
    return withDatabase(call, { command: "plan", purpose: "read" }, async (target) => {
      const reading = await askState(target);
      const { plan } = await import("../../app/plan");
      const { planText } = await import("../report/plan");
      const planned = await unlessAborted(interrupt.stop, plan(target, selectionOf(flags), reading.state));
      if (flags.format === "json") {
        const { digest, stages, refusals } = planned.report;
        terminal.line(JSON.stringify({ digest, stages, refusals }));
      } else {
        terminal.line(planText(planned, target, terminal.style));
      }
      return planned.report.refusals.length === 0 ? exitCodes.done : refusedCode(planned.report.refusals);
    });
  },
};
