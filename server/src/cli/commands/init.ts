import type { Initialised } from "../../project/initialise";
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
    const { written, found, unread } = await initProject(process.cwd());
    if (found.migrations > 0) {
      const folders = [found.public, found.tenant].filter((folder) => folder !== null);
      terminal.line(`found ${count(found.migrations, "migration")} (${found.format}) in ${folders.join(" and ")}`);
    }
    const scope = oneScope(found);
    if (scope !== null) {
      terminal.line(scope);
    }
    for (const { folder, files } of unread) {
      terminal.line(
        `not read: ${count(files, "file")} in ${folder} that ${files === 1 ? "is" : "are"} named like migrations; "migrations" in tenantry.json says which folders are`,
      );
    }
    for (const path of written) {
      terminal.line(`wrote ${path}`);
    }
    terminal.line("\nNext: say in tenantry.json which schemas are tenants, then: tenantry new add_orders");
    return exitCodes.done;
  },
};

type Found = Initialised["found"];

/** What it means that all migrations lie in one folder, and how to say otherwise; null where there are two, or none. */
function oneScope({ public: shared, tenant }: Found): string | null {
  if ((shared === null) === (tenant === null)) return null;
  const other = tenant === null ? "tenant" : "public";
  const meaning =
    tenant === null
      ? `${shared} is taken as public: each of its migrations runs once, for all tenants together.`
      : `${tenant} is taken as tenant: each of its migrations runs in every tenant's schema.`;
  return `${meaning}\n  A file that is for the other side says so in its head: -- tenantry: scope ${other}\n  If all are, exchange the two folders in "migrations" of tenantry.json.`;
}
