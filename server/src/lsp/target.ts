import type { CancellationToken } from "vscode-languageserver/node";
import { chooseConnection, openTarget, type Target } from "../app/target";
import { UsageError } from "../app/usageError";
import { DatabaseError, type FaultKind } from "../db/database";
import { EngineError } from "../engine/errors";
import { type Connection, shownUrl } from "../project/connections";
import type { Project } from "../project/project";
import { ProjectError } from "../project/projectError";
import type { Answer, ConnectionInfo, ConnectionParams, Problem, ProblemKind } from "../protocol";
import { answer, refuse } from "./answer";
import type { Context } from "./context";
import { toFolder, toUri } from "./convert";
import type { OpenProject } from "./heldProject";

/** The project of a folder that a client names; a problem where its configuration is missing or wrong. */
export async function configuredProject(context: Context, folder: string): Promise<Answer<Project>> {
  const path = folderPath(folder);
  if (!path.ok) return path;
  const loaded = await context.workspace.project(path.value);
  if (loaded.project !== null) return answer(loaded.project);
  return {
    ok: false,
    problem: configurationProblem(loaded) ?? { kind: "failed", message: "The configuration can't be read." },
  };
}

/** The path of a folder that a client names. */
export function folderPath(folder: string): Answer<string> {
  // Nothing checks what another editor's plugin sends.
  if (!folder)
    return refuse("refused", "The request names no folder: it has to be a file's URI, such as file:///home/me/shop.");
  const path = toFolder(folder);
  return path === null
    ? refuse("refused", `Tenantry works on folders of the file system; ${folder} is none.`)
    : answer(path);
}

/** The first error of a project's `tenantry.json`, or null. */
export function configurationProblem({ root, project, problems }: OpenProject): Problem | null {
  if (project !== null) return null;
  const [first, ...others] = problems.filter(({ severity }) => severity === "error");
  if (!first) return null;
  const more = others.length > 0 ? ` (and ${others.length} more: see Problems)` : "";
  const place = {
    uri: toUri(`${root}/${first.path}`),
    line: (first.line ?? 1) - 1,
    character: (first.column ?? 1) - 1,
  };
  return { kind: "invalid-configuration", message: `${first.path}: ${first.message}${more}`, place };
}

/** Opens the database that a request names, asking for a password where one is wanted, and closes it again. */
export async function withTarget<T>(
  context: Context,
  params: ConnectionParams,
  token: CancellationToken,
  use: (target: Target, info: ConnectionInfo) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const project = await configuredProject(context, params.folder);
  if (!project.ok) return project;
  if (!context.workspace.trusted)
    return refuse("untrusted", "This workspace isn't trusted, so Tenantry connects to nothing here.");
  try {
    const connection = await chooseConnection(project.value, params.connection ?? undefined, "editor");
    const target = await openTarget(project.value, connection, {
      command: "the editor",
      password: ({ retry }) => askPassword(context, params.folder, connection, retry),
    });
    try {
      // The answer to a request that was cancelled meanwhile is of use to nobody.
      if (token.isCancellationRequested) return refuse("cancelled", "Cancelled.");
      return await use(target, connectionInfo(project.value, connection));
    } finally {
      await target.database.close();
    }
  } catch (fault) {
    return problemOf(fault);
  }
}

/** What a fault means to a person; a fault that is nobody's but ours is thrown on. */
export function problemOf(fault: unknown): { ok: false; problem: Problem } {
  if (fault instanceof UsageError) {
    const { place } = fault;
    const at = place && { uri: toUri(place.file), line: (place.line ?? 1) - 1, character: (place.column ?? 1) - 1 };
    return refuse(at ? "invalid-configuration" : "no-connection", fault.message, at ?? undefined);
  }
  if (fault instanceof ProjectError) return refuse("refused", fault.message);
  if (fault instanceof EngineError) return refuse("failed", fault.message);
  if (fault instanceof DatabaseError) return refuse(kinds[fault.kind] ?? "failed", fault.message);
  throw fault;
}

const kinds: Partial<Record<FaultKind, ProblemKind>> = {
  address: "no-connection",
  connection: "cannot-connect",
  authentication: "authentication",
  held: "held",
  cancelled: "cancelled",
};

function connectionInfo(project: Project, connection: Connection): ConnectionInfo {
  const { connections, defaultConnection } = project.configuration;
  const name = connection.name ?? connection.label;
  return {
    name,
    label: shownUrl(connection.url),
    protected: connection.protected,
    default: connection.name !== null && connection.name === (defaultConnection ?? Object.keys(connections)[0]),
    embedded: connection.url.startsWith("embedded:"),
  };
}

async function askPassword(
  context: Context,
  folder: string,
  connection: Connection,
  retry: boolean,
): Promise<string | null> {
  const label = shownUrl(connection.url);
  const known = retry ? undefined : context.passwords.get(label);
  if (known !== undefined) return known;
  context.passwords.delete(label);
  const { password } = await context.askCredential({ folder, connection: connection.name ?? label, label, retry });
  if (password !== null) context.passwords.set(label, password);
  return password;
}
