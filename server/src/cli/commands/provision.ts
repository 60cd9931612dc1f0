import type { Provisioned } from "../../engine/provision/provision";
import { agreed } from "../agreed";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { withDatabase } from "../opening";
import { progressOf } from "../progress";
import { provisionedText } from "../report/provision";
import { count, few, nameText, visible } from "../text";
import type { Verb } from "../verb";

export const provision: Verb = {
  usage: "provision <tenants...>",
  group: "Run migrations:",
  summary: "make new tenants from the prototype",
  description: [
    "The prototype's structure is copied, without its rows, and the copy is proved equal to it before it is committed: tables, keys,",
    "indexes, sequences, views, functions, triggers, policies, types, owners, privileges and comments. The new tenant's history is the",
    "prototype's. Sign-up code does the same by itself: select tenantry.provision('acme').",
  ].join("\n"),
  arguments: { tenants: "the names of the new schemas, each as it is" },
  flags: [flags.connection, flags.yes, flags.confirm, flags.format, flags.config],
  examples: [
    ["tenantry provision acme", "one new tenant"],
    ["tenantry provision acme globex --yes", "two, without a question"],
    ["tenantry provision acme --format json", "for scripts"],
  ],
  async run(call) {
    const { flags, terminal, interrupt } = call;
    const tenants = call.arguments;
    return withDatabase(call, { command: "provision", purpose: "change" }, async (target) => {
      const useCase = await import("../../app/provision");
      const planned = await unlessAborted(interrupt.stop, useCase.planProvision(target, tenants));
      const json = flags.format === "json";
      const whom = tenants.length === 1 ? nameText(tenants[0] ?? "") : count(tenants.length, "tenant");
      if (!json) {
        const at = planned.version === null ? "" : ` at ${planned.version}`;
        terminal.line(`${whom} from ${nameText(planned.prototype.name)}${at}, in ${target.connection.label}`);
        await agreed(`Make ${tenants.length === 1 ? "it" : "them"}?`, call);
      }
      const results: Provisioned[] = [];
      const progress = json || tenants.length < 20 ? null : progressOf(terminal, tenants.length);
      const settle = (result: Provisioned) => {
        results.push(result);
        if (result.outcome !== "cancelled") progress?.step(result.outcome === "failed");
      };
      try {
        await useCase.provision(target, planned, { settle, stop: interrupt.stop });
      } finally {
        progress?.end();
        if (json) terminal.line(JSON.stringify({ tenants: results }));
        else if (results.length > 0) terminal.line(provisionedText(results, terminal.style));
      }
      const made = new Set(results.filter(({ outcome }) => outcome === "applied").map(({ tenant }) => tenant));
      const unlisted = planned.unlisted.filter((tenant) => made.has(tenant));
      if (unlisted.length > 0) {
        const them = unlisted.length === 1 ? "it" : "them";
        const names = visible(few(unlisted.map(nameText), 5));
        terminal.note(`warning: tenantry.json lists no tenant ${names}; list ${them}, or runs leave ${them} out.`);
      }
      if (results.some(({ outcome }) => outcome === "cancelled")) return exitCodes.cancelled;
      return results.some(({ outcome }) => outcome === "failed") ? exitCodes.problems : exitCodes.done;
    });
  },
};
