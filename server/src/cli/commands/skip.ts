import type { Target } from "../../app/target";
import { UsageError } from "../../app/usageError";
import { shellWord } from "../../engine/text";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { withDatabase } from "../opening";
import { nameText, visible } from "../text";
import type { Flags, Verb } from "../verb";

export const skip: Verb = {
  usage: "skip <tenant>",
  group: "Put right:",
  summary: "leave a tenant out of all runs, until that is taken back",
  description: [
    "Who left it out, when and why is recorded in the database; plan, run and status show it. The other tenants don't wait",
    "for it: a stage is complete without it. What it misses meanwhile is applied by the first run after --undo.",
  ].join("\n"),
  arguments: { tenant: "the tenant's name, exactly as the database has it" },
  flags: [flags.reason, flags.undo, flags.connection, flags.confirm, flags.format, flags.config],
  examples: [
    ["tenantry skip acme --reason 'their data is being repaired'", "leave acme out"],
    ["tenantry skip acme --undo", "take it back"],
  ],
  async run(call) {
    const { flags, terminal } = call;
    const [tenant = ""] = call.arguments;
    const { reason, undo } = flags;
    if (undo === true && reason !== undefined)
      throw new UsageError("--undo takes the leaving out back, and --reason is for leaving out: give one of the two.");
    if (undo !== true && reason === undefined)
      throw new UsageError("Say why the tenant is left out, for those who will wonder: --reason TEXT.");
    return withDatabase(call, { command: "skip", purpose: "change" }, async (target) => {
      const useCase = await import("../../app/skip");
      if (reason === undefined) await useCase.unskip(target, tenant);
      else await useCase.skip(target, tenant, reason);
      const skipped = reason !== undefined;
      if (flags.format === "json") {
        terminal.line(JSON.stringify({ tenant, skipped, reason: reason ?? null }));
      } else if (skipped) {
        terminal.line(`${nameText(tenant)} is left out of all runs: ${visible(reason)}`);
        terminal.line(`Take it back with: tenantry skip ${shellWord(tenant)} --undo${sameConnection(flags, target)}`);
      } else {
        terminal.line(`${nameText(tenant)} takes part again; \`tenantry run\` does what it missed.`);
      }
      return exitCodes.done;
    });
  },
};

/** The flags with which another command works on the same connection; a URL may hold a password, and isn't written again. */
function sameConnection({ connection }: Flags, { connection: { name, protected: isProtected } }: Target): string {
  if (name === null) return "";
  const chosen = connection === undefined ? "" : ` --connection ${shellWord(name)}`;
  return isProtected ? `${chosen} --confirm ${shellWord(name)}` : chosen;
}
