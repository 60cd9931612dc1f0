import { basename } from "node:path";
import { defaultConfiguration } from "../../project/configuration";
import { isEmbedded, shownUrl } from "../../project/connections";
import type { Answer, ConnectionInfo, FolderInfo } from "../../protocol";
import { answer } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import type { OpenProject } from "../heldProject";
import { configurationProblem } from "../target";

/** `tenantry/folders`. */
export async function folders({ workspace }: Context): Promise<Answer<FolderInfo[]>> {
  const roots = await workspace.roots();
  return answer(await Promise.all(roots.map(async (root) => folderInfo(await workspace.project(root)))));
}

function folderInfo(loaded: OpenProject): FolderInfo {
  const { root, project } = loaded;
  const problem = configurationProblem(loaded);
  const { dialect, publicSchema, prototypeSchema } = project?.configuration ?? defaultConfiguration();
  return {
    folder: toUri(root),
    name: basename(root),
    configuration:
      project === null ? (problem?.place?.uri ?? null) : project.configurationPath && toUri(project.configurationPath),
    problem,
    dialect,
    publicSchema,
    prototypeSchema,
    migrations: project?.migrations.length ?? 0,
    connections: project === null ? [] : connectionsOf(project.configuration),
  };
}

function connectionsOf(configuration: ReturnType<typeof defaultConfiguration>): ConnectionInfo[] {
  return Object.entries(configuration.connections).map(([name, { url, protected: guarded }]) => ({
    name,
    // Where a variable leads isn't known before it is read.
    label: url.includes("${") ? null : shownUrl(url),
    protected: guarded,
    default: name === configuration.defaultConnection,
    embedded: isEmbedded(url),
  }));
}
