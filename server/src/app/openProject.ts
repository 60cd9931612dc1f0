import { dirname, resolve } from "node:path";
import type { Cache } from "../project/cache";
import { findRoot, loadProject, type Project } from "../project/load";
import type { Problem } from "../project/problem";
import { UsageError } from "./usageError";

export interface ProjectOptions {
  readonly trusted: boolean;
  readonly cache?: Cache | undefined;
  /** Is given the project before its migrations are read. */
  readonly onSettings?: ((project: Project) => void) | undefined;
}

/**
 * The project of a folder: the one whose `tenantry.json` stands there or above it, the one of `config`, or without any the
 * folder itself with the defaults.
 * @throws UsageError where the configuration can't be read or has mistakes; nothing runs on half a configuration.
 */
export async function openProject(
  folder: string,
  config: string | undefined,
  { trusted, cache, onSettings }: ProjectOptions,
): Promise<Project> {
  const configPath = config === undefined ? undefined : resolve(folder, config);
  const root = configPath === undefined ? ((await findRoot(folder)) ?? folder) : dirname(configPath);
  const { project, problems } = await loadProject(root, {
    ruleIds: async () => (await import("../rules/all")).rules.map(({ id }) => id),
    trusted,
    ...(configPath === undefined ? {} : { configPath }),
    ...(cache && { cache }),
    ...(onSettings && { onSettings }),
  });
  if (project !== null) {
    return project;
  }
  const [first, ...others] = problems.filter((problem) => problem.severity === "error");
  throw new UsageError(
    [first?.message ?? "The configuration can't be read.", ...others.map(lineOf)].join("\n"),
    first === undefined ? null : { file: resolve(root, first.path), line: first.line, column: first.column },
  );
}

function lineOf(problem: Problem): string {
  return `${[problem.path, problem.line, problem.column].filter((part) => part !== null).join(":")}: ${problem.message}`;
}
