import { defaultConfiguration } from "../../project/configuration";
import { isEmbedded, resolveConnection, shownUrl } from "../../project/connections";
import type { Project } from "../../project/project";
import type { Answer, ConnectionInfo, FolderInfo } from "../../protocol";
import { answer } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import { folderNames } from "../folderNames";
import type { OpenProject } from "../heldProject";
import { configurationProblem } from "../target";

/** `tenantry/folders`. */
export async function folders({ workspace }: Context): Promise<Answer<FolderInfo[]>> {
  const roots = await workspace.roots();
  const names = folderNames(roots);
  return answer(
    await Promise.all(roots.map(async (root) => folderInfo(await workspace.project(root), names.get(root) ?? root))),
  );
}

async function folderInfo(loaded: OpenProject, name: string): Promise<FolderInfo> {
  const { root, project } = loaded;
  const problem = configurationProblem(loaded);
  const { dialect, publicSchema, prototypeSchema } = project?.configuration ?? defaultConfiguration();
  return {
    folder: toUri(root),
    name,
    configuration:
      project === null ? (problem?.place?.uri ?? null) : project.configurationPath && toUri(project.configurationPath),
    problem,
    dialect,
    publicSchema,
    prototypeSchema,
    migrations: project?.migrations.length ?? 0,
    connections: project === null ? [] : await connectionsOf(project),
  };
}

function connectionsOf(project: Project): Promise<ConnectionInfo[]> {
  const { connections, defaultConnection } = project.configuration;
  return Promise.all(
    Object.entries(connections).map(async ([name, { url: written, protected: guarded }]) => {
      const url = written.includes("${") ? await filledUrl(project, name) : written;
      return {
        name,
        label: url === null ? null : shownUrl(url),
        protected: guarded,
        default: name === defaultConnection,
        embedded: isEmbedded(url ?? written),
      };
    }),
  );
}

/** Where a connection leads whose URL names variables; null where they may not be read, or aren't set. */
async function filledUrl(project: Project, connection: string): Promise<string | null> {
  const resolved = await resolveConnection(project, { connection, from: "editor" });
  return "connection" in resolved ? resolved.connection.url : null;
}
