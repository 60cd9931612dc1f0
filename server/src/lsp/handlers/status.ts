import { type CancellationToken, CodeLensRefreshRequest } from "vscode-languageserver/node";
import { fleetStatus } from "../../app/status";
import type { Answer, ConnectionParams, FolderStatus } from "../../protocol";
import { answer } from "../answer";
import { inBackground } from "../background";
import type { Context } from "../context";
import { withTarget } from "../target";

/** `tenantry/status`. */
export async function status(
  context: Context,
  params: ConnectionParams,
  token: CancellationToken,
): Promise<Answer<FolderStatus>> {
  return withTarget(context, params, token, async (target, connection) => {
    const { report, applied, last } = await fleetStatus(target);
    await context.otherRuns.notice(context, params, connection.name, target);
    context.lastRead.set(target.project.root, { connection: connection.name, applied });
    if (context.client.refreshesCodeLenses) inBackground(context.connection.sendRequest(CodeLensRefreshRequest.type));
    const existing = report.tenants.filter(({ state }) => state !== "pending-creation");
    const names = existing.map(({ tenant }) => tenant);
    if (context.workspace.tenantsTold(target.project.root, names)) context.refreshDiagnostics();
    const tenants = report.tenants.map((tenant) => {
      const ended = last.get(tenant.tenant);
      return ended ? { ...tenant, last: ended } : tenant;
    });
    return answer({ ...report, tenants, connection });
  });
}
