import type { Migration } from "../model/migration";
import { readTextFile } from "../project/files";
import { findSqlPaths, pathIn } from "../project/folders";
import { type Problem, problemWith } from "../project/problem";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import { readText } from "../project/sqlText";
import { UsageError } from "./usageError";

/**
 * What a check is to look at, and what keeps files that were asked for from being read. @param paths absolute, of files and folders; none given, the whole folder
 * @throws UsageError for a path where there is no SQL file
 */
export async function chosenMigrations(
  project: Project,
  paths: readonly string[],
): Promise<{ chosen: Migration[]; unread: Problem[] }> {
  const found = await Promise.all((paths.length > 0 ? paths : [project.root]).map(findSqlPaths));
  const missing = paths.find((_, index) => found[index]?.length === 0);
  if (missing !== undefined) throw new UsageError(`There is no SQL file at ${missing}.`);
  const files = new Set(found.flat());
  // Whoever names all files of a commit names this one, too; what is wrong with it is known.
  if (project.configurationPath !== null) files.delete(project.configurationPath);
  const known = new Map(project.migrations.map((migration) => [migration.path, migration]));
  const slices = openSlices();
  const pathOf = pathIn(project.root);
  const chosen: (Migration | null)[] = [];
  const unread: Problem[] = [];
  const told = new Set(project.problems.map((problem) => problem.path));
  const reading: Promise<void>[] = [];
  const walked = new Set<string>();
  for (const file of files) {
    const pause = slices.rest();
    if (pause !== null) await pause;
    const path = pathOf(file);
    walked.add(path);
    const place = chosen.push(known.get(path) ?? null) - 1;
    if (known.has(path)) continue;
    const read = otherMigration(project, path, file, paths.length > 0);
    reading.push(
      read.then((migration) => {
        if (migration === null || !("code" in migration)) chosen[place] = migration;
        else if (!told.has(path)) unread.push(migration);
      }),
    );
  }
  await Promise.all(reading);
  // The folders of the configuration may lie beside it, or have hidden names.
  if (paths.length === 0) chosen.push(...project.migrations.filter(({ path }) => !walked.has(path)));
  return { chosen: chosen.filter((migration) => migration !== null), unread };
}

/** A file that isn't in the history, or what keeps it from being read; null where nobody has it checked. */
async function otherMigration(
  project: Project,
  path: string,
  file: string,
  isNamed: boolean,
): Promise<Migration | Problem | null> {
  const source = await readTextFile(file);
  if ("problem" in source) return isNamed ? problemWith(path, "error", "invalid-migration", source.problem) : null;
  const { migration, place } = readText(project, path, source.text);
  return isNamed || place === "guest" ? migration : null;
}
