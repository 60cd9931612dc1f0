import { exitCodes } from "../exitCodes";
import { flags } from "../flags";
import { projectOf } from "../opening";
import { shownPath } from "../shownPath";
import type { Verb } from "../verb";

export const newMigration: Verb = {
  usage: "new <name>",
  group: "Write migrations:",
  summary: "create the next migration file",
  description:
    "The file gets the next version, in the way that the folder's other files are named. Its path is printed.",
  arguments: { name: "what it does, in a few words: add_orders" },
  flags: [flags.scope, flags.config],
  examples: [
    ["tenantry new add_orders", "for every tenant schema"],
    ["tenantry new add_plans --scope public", "for the public schema, once"],
  ],
  async run({ arguments: [name = ""], flags, terminal }) {
    const { createMigration } = await import("../../project/create");
    const project = await projectOf(flags);
    const { path } = await createMigration(project, { name, scope: flags.scope ?? "tenant" });
    terminal.line(shownPath(project.root, path));
    return exitCodes.done;
  },
};
