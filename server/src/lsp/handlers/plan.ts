import { resolve } from "node:path";
import type { CancellationToken } from "vscode-languageserver/node";
import { plan as planUseCase } from "../../app/plan";
import { whyNothing } from "../../app/whyNothing";
import { labelOf } from "../../engine/label";
import type { Answer, ConnectionParams, FolderPlan, Selection } from "../../protocol";
import { answer } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import { withTarget } from "../target";

/** `tenantry/plan`. */
export async function plan(
  context: Context,
  params: ConnectionParams & { selection: Selection },
  token: CancellationToken,
): Promise<Answer<FolderPlan>> {
  return withTarget(context, params, token, async (target, connection) => {
    const prepared = await planUseCase(target, params.selection);
    const { root, configuration } = target.project;
    const migrations = prepared.migrations.map((migration) => ({
      version: labelOf(migration),
      name: migration.name,
      scope: migration.scope,
      uri: toUri(resolve(root, migration.path)),
    }));
    const { stages, refusals } = prepared.report;
    return answer({
      ...prepared.report,
      connection,
      migrations,
      canary: configuration.run.canary,
      whyNothing: stages.length + refusals.length === 0 ? whyNothing(prepared.plan, target.project.migrations) : null,
    });
  });
}
