import { UsageError } from "../../app/usageError";
import { agreed } from "../agreed";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { withDatabase } from "../opening";
import { baselineText } from "../report/baseline";
import { refusedCode } from "../selection";
import { count } from "../text";
import type { Verb } from "../verb";

export const baseline: Verb = {
  usage: "baseline",
  group: "Put right:",
  summary: "adopt schemas that already have the shape of a version, without running anything",
  description: [
    "Tenants without a history are compared with the prototype, which has to be at that version; those that are equal get the",
    "history of all versions up to it. The public schema and the prototype are adopted with them where they have no history.",
    "Repeatable migrations aren't: the next run does them.",
  ].join("\n"),
  flags: [
    flags.baselineTo,
    flags.tenants,
    flags.reason,
    flags.connection,
    flags.yes,
    flags.confirm,
    flags.format,
    flags.config,
  ],
  examples: [
    ["tenantry baseline --to 0212", "everything that has no history yet"],
    ["tenantry baseline --to 0212 --tenants acme,globex", "two tenants, such as restored ones"],
    ["tenantry baseline --to 0212 --tenants public", "only what the tenants share"],
  ],
  async run(call) {
    const { flags, terminal, interrupt } = call;
    const { to, tenants } = flags;
    if (to === undefined) throw new UsageError("Say which version the schemas are at: --to VERSION.");
    return withDatabase(call, { command: "baseline", purpose: "change" }, async (target) => {
      const useCase = await import("../../app/baseline");
      const wish = { to, ...(tenants === undefined ? {} : { tenants }) };
      const planned = await unlessAborted(interrupt.stop, useCase.planBaseline(target, wish));
      const { adoption, refusals } = planned;
      const schemas = [adoption.public, adoption.prototype, ...adoption.tenants].filter((schema) => schema !== null);
      const refused = refusals.length > 0;
      const adopted = refused ? [] : schemas;
      const json = flags.format === "json";
      if (!json && refused) terminal.note(baselineText(planned, target.project.root, terminal.noteStyle));
      else if (!json) terminal.line(baselineText(planned, target.project.root, terminal.style));
      if (adopted.length > 0) {
        if (!json) await agreed(`Adopt ${count(adopted.length, "schema")} at ${to}?`, call);
        await useCase.baseline(target, planned, flags.reason ?? null);
        if (!json) terminal.line(`\nAdopted ${count(adopted.length, "schema")}.`);
      }
      if (json) {
        const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
        terminal.line(JSON.stringify({ to, adopted: names(adopted), left: names(adoption.left), refusals }));
      }
      return refused ? refusedCode(refusals) : exitCodes.done;
    });
  },
};
