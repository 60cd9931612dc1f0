import { resolve } from "node:path";
import { createMigration } from "../../project/create";
import { initProject } from "../../project/initialise";
import { ProjectError } from "../../project/projectError";
import type { Answer, Scope } from "../../protocol";
import { answer, refuse } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import { configuredProject, folderPath } from "../target";

/** `tenantry/newMigration`. */
export async function newMigration(
  context: Context,
  { folder, name, scope }: { folder: string; name: string; scope: Scope },
): Promise<Answer<{ uri: string }>> {
  const project = await configuredProject(context, folder);
  if (!project.ok) return project;
  return answeringProjectErrors(async () => {
    const { path } = await createMigration(project.value, { name, scope });
    const file = resolve(project.value.root, path);
    context.workspace.forget(file);
    return { uri: toUri(file) };
  });
}

/** `tenantry/init`. */
export async function init(
  context: Context,
  { folder }: { folder: string },
): Promise<Answer<{ configuration: string; written: string[] }>> {
  const root = folderPath(folder);
  if (!root.ok) return root;
  return answeringProjectErrors(async () => {
    const { written } = await initProject(root.value);
    context.workspace.forgetAll();
    return { configuration: toUri(resolve(root.value, "tenantry.json")), written: [...written] };
  });
}

async function answeringProjectErrors<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return answer(await work());
  } catch (fault) {
    if (fault instanceof ProjectError) return refuse("refused", fault.message);
    throw fault;
  }
}
