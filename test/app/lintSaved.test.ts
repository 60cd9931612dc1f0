import { cpSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { analysisOf, isOutlined } from "../../server/src/app/analyses";
import { type LintedFile, lintBuffer, lintPaths, lintSaved } from "../../server/src/app/lint";
import { type Cache, cacheIn } from "../../server/src/project/cache";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { folder } from "../project/folder";
import { fixturesFolder, historyProjects, projectFixtures } from "../rules/fixtures";

const fixtures = [...historyProjects.map((name) => `projects/${name}`), ...projectFixtures];

it.each(fixtures)(
  "a saved file of %s is told of as one in an editor is, whatever is known of the folder",
  async (fixture) => {
    const root = await copyOf(fixture);
    const cache = cacheIn(join(await folder(), "cache"));
    const project = await loaded(root);
    if (project === null) return;
    const expected = await inEditors(project);
    expect(await saved(project)).toEqual(expected);
    const first = await keeping(root, cache);
    const [, meanwhile] = await Promise.all([lintPaths(first, []), saved(first)]);
    expect(meanwhile).toEqual(expected);
    expect(await saved(first)).toEqual(expected);
    expect(await saved(await keeping(root, cache))).toEqual(expected);
    const next = await keeping(root, cache);
    await lintPaths(next, []);
    expect(await saved(next)).toEqual(expected);
  },
);

it("a saved file is not read again where the folder is as it was when it was checked", async () => {
  const root = await folder({
    "tenantry.json": "{}",
    "migrations/tenant/1_a.sql": "create table a (id int);\n",
    "migrations/tenant/2_b.sql": "drop table a;\n",
  });
  const place = join(await folder(), "cache");
  const cache = cacheIn(place);
  await lintPaths(await keeping(root, cache), []);
  expect((await readdir(place)).length).toBeGreaterThan(0);
  const project = await keeping(root, cache);
  // The editor's own check of the folder has only begun.
  const [, files] = await Promise.all([lintPaths(project, []), saved(project)]);
  expect(files.map(({ diagnostics }) => diagnostics.length)).toEqual([1, 2]);
  expect(project.migrations.filter(isOutlined)).toEqual([]);
});

async function inEditors(project: Project): Promise<unknown> {
  const files: LintedFile[] = [];
  for (const migration of project.migrations) {
    const linted = await lintBuffer(project, migration.path, await analysisOf(project, migration));
    if (linted !== null) files.push(linted);
  }
  return told(files);
}

async function saved(project: Project) {
  return told(await Promise.all(project.migrations.map((migration) => lintSaved(project, migration))));
}

async function copyOf(fixture: string): Promise<string> {
  const root = await folder();
  cpSync(join(fixturesFolder, fixture), root, { recursive: true });
  return root;
}

async function loaded(root: string, cache?: Cache): Promise<Project | null> {
  return (await loadProject(root, { trusted: true, ...(cache && { cache }) })).project;
}

async function keeping(root: string, cache: Cache): Promise<Project> {
  const project = await loaded(root, cache);
  if (project === null) throw new Error(`${root} has no configuration that can be used.`);
  return project;
}

/** Without what a finding only asks for; problems of the file itself first or last. */
function told(files: readonly LintedFile[]) {
  return files.map(({ path, diagnostics }) => ({
    path,
    diagnostics: diagnostics
      .map(({ rule, severity, start, end, message, fixes, related = [] }) => ({
        ...{ rule, severity, start, end, message, fixes },
        related: related.map(({ file, start, end, message }) => ({ file, start, end, message })),
      }))
      .sort((a, b) => a.start - b.start || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }));
}
