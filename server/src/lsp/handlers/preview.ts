import { renderMigration } from "../../app/render";
import { UsageError } from "../../app/usageError";
import { readText } from "../../project/sqlText";
import type { Answer, Preview } from "../../protocol";
import { answer, refuse } from "../answer";
import type { Context } from "../context";
import { toPath, toProjectPath, toUri } from "../convert";
import { configuredProject } from "../target";

/** `tenantry/preview`. */
export async function preview(
  context: Context,
  { uri, tenant }: { uri: string; tenant: string },
): Promise<Answer<Preview>> {
  const path = toPath(uri);
  const document = context.documents.get(uri);
  if (path === null) return refuse("refused", "Save the file first: only a file can be a migration.");
  const { root } = await context.workspace.projectOf(path);
  const found = await configuredProject(context, toUri(root));
  if (!found.ok) return found;
  const inProject = toProjectPath(root, path);
  const project = found.value;
  const text =
    document?.text.toString() ?? project.migrations.find((migration) => migration.path === inProject)?.text ?? null;
  if (text === null || inProject === null) return refuse("refused", "This file is no migration of its folder.");
  try {
    const { sql, problems } = await renderMigration(project, readText(project, inProject, text), tenant);
    if (sql === null) return refuse("refused", problems.map(({ message }) => message).join("\n"));
    return answer({ sql, problems: problems.map(({ message, start, end }) => ({ message, start, end })) });
  } catch (fault) {
    if (fault instanceof UsageError) return refuse("refused", fault.message);
    throw fault;
  }
}
