import { relative, resolve, sep } from "node:path";
import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { projectOf } from "../opening";
import { placeText } from "../shownPath";
import type { Verb } from "../verb";

export const render: Verb = {
  usage: "render <file>",
  group: "Look:",
  summary: "print the SQL of a migration as it is sent for one tenant",
  description: "No database is asked. A migration that can't be rendered with certainty is refused, with the place.",
  arguments: { file: "a migration" },
  flags: [flags.tenant, flags.config],
  examples: [["tenantry render migrations/tenant/0007_orders.sql --tenant acme", "for the tenant acme"]],
  async run({ arguments: [file = ""], flags, terminal }) {
    const { renderMigration } = await import("../../app/render");
    const { readSource } = await import("../../project/files");
    const { readText } = await import("../../project/sqlText");
    const text = await readSource(resolve(file));
    const project = await projectOf(flags);
    const path = relative(project.root, resolve(file)).split(sep).join("/");
    const { sql, problems } = await renderMigration(project, readText(project, path, text), flags.tenant ?? "");
    for (const { message, line, column } of problems) {
      terminal.note(`${placeText("", { file, line, column })}: ${message}`);
    }
    if (sql !== null) {
      terminal.line(sql.trimEnd());
    }
    return problems.length > 0 ? exitCodes.problems : exitCodes.done;
  },
};
