import { resolve } from "node:path";
import { createMigration } from "../../project/create";
import { initProject } from "../../project/initialise";
import type { Answer, Scope } from "../../protocol";
import { answer } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import { configuredProject, folderPath, problemOf } from "../target";

/** `tenantry/newMigration`. */
export async function newMigration(
  context: Context,
  { folder, name, scope }: { folder: string; name: string; scope: Scope },
): Promise<Answer<{ uri: string }>> {
  const project = await configuredProject(context, folder);
  if (!project.ok) return project;
  try {
    const { path } = await createMigration(project.value, { name, scope });
    const file = resolve(project.value.root, path);
    context.workspace.forget(file);
    return answer({ uri: toUri(file) });
  } catch (fault) {
    return problemOf(fault);
  }
}

/** `tenantry/init`. */
export async function init(
  context: Context,
  { folder }: { folder: string },
): Promise<Answer<{ configuration: string; written: string[] }>> {
  const root = folderPath(folder);
  if (!root.ok) return root;
  try {
    const { written } = await initProject(root.value);
    context.workspace.forgetAll();
    return answer({ configuration: toUri(resolve(root.value, "tenantry.json")), written: [...written] });
  } catch (fault) {
    return problemOf(fault);
  }
}
