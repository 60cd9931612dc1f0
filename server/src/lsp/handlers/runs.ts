import { chooseConnection } from "../../app/target";
import { shownUrl } from "../../project/connections";
import type { Answer, RunInfo, StartRunParams } from "../../protocol";
import { answer, refuse } from "../answer";
import type { Context } from "../context";
import { configuredProject, problemOf } from "../target";

/** `tenantry/startRun`. */
export async function startRun(context: Context, params: StartRunParams): Promise<Answer<{ run: string }>> {
  const project = await configuredProject(context, params.folder);
  if (!project.ok) return project;
  if (!context.workspace.trusted) return refuse("untrusted", "This workspace isn't trusted, so nothing is run here.");
  try {
    const { root, configurationPath } = project.value;
    const connection = await chooseConnection(project.value, params.connection ?? undefined, "editor");
    const run = await context.runs.start({
      folder: params.folder,
      connection: connection.name ?? connection.label,
      command: params.selection.retry === true ? "retry" : "run",
      arguments: runArguments(params, configurationPath),
      workingDirectory: root,
      password: context.passwords.get(shownUrl(connection.url)) ?? null,
    });
    return answer({ run });
  } catch (fault) {
    return problemOf(fault);
  }
}

/** `tenantry/cancelRun`. */
export async function cancelRun(context: Context, { run }: { run: string }): Promise<Answer<null>> {
  const asked = context.runs.cancel(run) || (await context.otherRuns.cancel(context, run));
  return asked ? answer(null) : refuse("refused", "That run has already ended.");
}

/** `tenantry/runs`. */
export async function listRuns(
  { runs, otherRuns }: Context,
  { folder }: { folder: string },
): Promise<Answer<RunInfo[]>> {
  const all = [...(await runs.list(folder)), ...otherRuns.list(folder)];
  return answer(all.sort((a, b) => b.startedAt.localeCompare(a.startedAt)));
}

function runArguments(
  { connection, selection, digest, confirm }: StartRunParams,
  configurationPath: string | null,
): string[] {
  const given = {
    connection,
    config: configurationPath,
    digest,
    confirm,
    to: selection.to ?? null,
  };
  const flags = Object.entries(given).flatMap(([flag, value]) => (value === null ? [] : [`--${flag}=${value}`]));
  for (const tenant of selection.tenants ?? []) flags.push(`--tenants=${tenant}`);
  return selection.skipInvalidTenants ? [...flags, "--skip-invalid-tenants"] : flags;
}
