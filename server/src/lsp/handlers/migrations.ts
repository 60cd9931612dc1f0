import { resolve } from "node:path";
import type { Answer, ConnectionParams, MigrationRow } from "../../protocol";
import { answer } from "../answer";
import type { Context } from "../context";
import { toUri } from "../convert";
import { configuredProject } from "../target";

/** `tenantry/migrations`. */
export async function migrations(context: Context, params: ConnectionParams): Promise<Answer<MigrationRow[]>> {
  const found = await configuredProject(context, params.folder);
  if (!found.ok) return found;
  const { root, migrations: all } = found.value;
  const applied = context.lastRead.get(root)?.applied;
  return answer(
    all.map(({ path, version, name, scope }) => ({
      uri: toUri(resolve(root, path)),
      version,
      name,
      scope,
      applied: applied?.get(path) ?? null,
    })),
  );
}
