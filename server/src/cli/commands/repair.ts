import { UsageError } from "../../app/usageError";
import { agreed } from "../agreed";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { unlessAborted } from "../interrupt";
import { withDatabase } from "../opening";
import { repairText } from "../report/repair";
import { count } from "../text";
import type { Verb } from "../verb";

export const repair: Verb = {
  usage: "repair [files...]",
  group: "Put right:",
  summary: "accept files that were changed after they had been applied",
  description: [
    "Nothing is run: from now on the history says that the files were applied as they are now. The schemas must be as the",
    "changed files say, so that a comment or a layout can change, and little else. Who accepted it and why is recorded.",
  ].join("\n"),
  arguments: { files: "paths or versions of the changed files (default: all that were changed)" },
  flags: [flags.reason, flags.connection, flags.yes, flags.confirm, flags.format, flags.config],
  examples: [
    ["tenantry repair --reason 'comments corrected'", "all changed files"],
    ["tenantry repair migrations/tenant/0007_orders.sql --reason 'typo'", "one of them"],
    ["tenantry repair 0007 --reason 'typo' --format json", "for scripts"],
  ],
  async run(call) {
    const { flags, terminal, interrupt } = call;
    const { reason } = flags;
    if (reason === undefined)
      throw new UsageError("Say why the files were changed, for those who will wonder: --reason TEXT.");
    return withDatabase(call, { command: "repair", purpose: "change" }, async (target) => {
      const useCase = await import("../../app/repair");
      const planned = await unlessAborted(interrupt.stop, useCase.planRepair(target, call.arguments, process.cwd()));
      const json = flags.format === "json";
      if (!json) terminal.line(`${repairText(planned, target.project.root, terminal.style)}`);
      const { edits } = planned;
      if (edits.length > 0) {
        if (!json) await agreed(`Accept ${count(edits.length, "change")}?`, call);
        await useCase.repair(target, planned, reason);
        if (!json)
          terminal.line(
            `\nAccepted. The history says now that ${edits.length === 1 ? "it was" : "they were"} applied as ${edits.length === 1 ? "it stands" : "they stand"}.`,
          );
      }
      if (json) {
        const repaired = edits.map(({ migration, row, schemas }) => ({
          file: migration.path,
          version: row.key,
          from: row.checksum,
          to: migration.checksum,
          tenants: schemas.map(({ name }) => name),
        }));
        terminal.line(JSON.stringify({ repaired }));
      }
      return exitCodes.done;
    });
  },
};
