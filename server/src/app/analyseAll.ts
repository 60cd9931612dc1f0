import { deedsOf } from "../model/deeds";
import type { Migration } from "../model/migration";
import type { Project } from "../project/project";
import { openSlices } from "../project/slices";
import { analysisOf, isOutlined, outlineOf } from "./analyses";
import { foldAll } from "./history";
import { recallFiles } from "./keptFiles";
import { readInThread } from "./threads";

/** Finds out what all of a project's migrations do, folds them into its history, and lets other work in between. */
export function analyseAll(project: Project): Promise<void> {
  const { migrations } = project;
  const known = complete.get(migrations);
  if (known !== undefined) return known;
  const reading = readAll(project);
  complete.set(migrations, reading);
  return reading;
}

const complete = new WeakMap<readonly Migration[], Promise<void>>();

async function readAll(project: Project): Promise<void> {
  const slices = openSlices();
  const { dialect } = project.configuration;
  await recallFiles(project, project.migrations);
  await readInThread(project, project.migrations)?.outlined;
  for (const migration of project.migrations) {
    if (isOutlined(migration)) {
      outlineOf(migration);
      const pause = slices.rest();
      if (pause !== null) await pause;
      continue;
    }
    const { source, statements } = await analysisOf(project, migration);
    await slices.rest();
    for (const statement of statements) {
      deedsOf(source, statement, dialect);
      const pause = slices.rest();
      if (pause !== null) await pause;
    }
  }
  await foldAll(project, slices);
}
