import type { CodeLens, CodeLensParams } from "vscode-languageserver/node";
import type { CodeLensCommand, MigrationArgument } from "../../protocol";
import type { Context } from "../context";
import { toPath, toProjectPath, toUri } from "../convert";

/** *Run on all tenants*, *Preview* and how many have it, over the first line of a migration. */
export async function codeLenses(context: Context, { textDocument: { uri } }: CodeLensParams): Promise<CodeLens[]> {
  const path = toPath(uri);
  if (path === null || context.client.codeLensCommands.size === 0) return [];
  const { root, project } = await context.workspace.projectOf(path);
  const own = toProjectPath(root, path);
  const migration = project?.migrations.find((candidate) => candidate.path === own);
  if (!migration) return [];
  const folder = toUri(root);
  const argument: MigrationArgument = { folder, uri, version: migration.version };
  const applied = context.lastRead.get(root)?.applied.get(migration.path);
  const titles: [CodeLensCommand, string][] = [
    ["tenantry.runOnAllTenants", migration.scope === "tenant" ? "Run on all tenants" : "Run"],
  ];
  if (migration.scope === "tenant") titles.push(["tenantry.previewSql", "Preview"]);
  if (applied) titles.push(["tenantry.showTenants", `${applied.count} of ${applied.of} applied`]);
  return titles
    .filter(([command]) => context.client.codeLensCommands.has(command))
    .map(([command, title]) => ({
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      command: { command, title, arguments: [argument] },
    }));
}
