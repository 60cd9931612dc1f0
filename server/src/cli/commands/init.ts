import { exitCodes } from "../exitCodes";
import { count } from "../text";
import type { Verb } from "../verb";

export const init: Verb = {
  usage: "init",
  group: "Write migrations:",
  summary: "write tenantry.json and the migration folders, from what is found here",
  description: "What is already there is left as it is. The file is meant to be checked in; it holds no secrets.",
  flags: [],
  examples: [["tenantry init", "start in this folder"]],
  async run({ terminal }) {
    const { initProject } = await import("../../project/initialise");
    const { written, found } = await initProject(process.cwd());
    if (found.migrations > 0) {
      const folders = [found.public, found.tenant].filter((folder) => folder !== null);
      terminal.line(`found ${count(found.migrations, "migration")} (${found.format}) in ${folders.join(" and ")}`);
    }
    for (const path of written) {
      terminal.line(`wrote ${path}`);
    }
    terminal.line("\nNext: say in tenantry.json which schemas are tenants, then: tenantry new add_orders");
    return exitCodes.done;
  },
};
