import { resolve } from "node:path";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { projectOf } from "../opening";
import { inspectionText } from "../report/inspection";
import type { Verb } from "../verb";

export const inspect: Verb = {
  usage: "inspect <file>",
  group: "Look:",
  summary: "show what the analysis sees in a file: statements, tables, foreign keys",
  arguments: { file: "an SQL file" },
  flags: [flags.format, flags.config],
  examples: [
    ["tenantry inspect migrations/tenant/0007_orders.sql", "as text"],
    ["tenantry inspect 0007_orders.sql --format json", "with offsets, for programs"],
  ],
  async run({ arguments: [file = ""], flags, terminal }) {
    const { inspect } = await import("../../app/inspect");
    const { readSource } = await import("../../project/files");
    const text = await readSource(resolve(file));
    const project = await projectOf(flags);
    const inspection = await inspect(text, project.configuration.dialect);
    if (flags.format === "json") {
      terminal.line(JSON.stringify(inspection));
    } else {
      terminal.line(inspectionText(inspection, file, text, terminal.style));
    }
    return exitCodes.done;
  },
};
