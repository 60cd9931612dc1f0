import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isChecked } from "../../server/src/app/checked";
import { type LintedFile, lintFiles, lintPaths } from "../../server/src/app/lint";
import { readInThread } from "../../server/src/app/threads";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { folder } from "../project/folder";
import { toldOf } from "./editedFolder";

it("what a thread finds in a folder of many files is what is found without it, also after an edit", async () => {
  const root = await folder(files);
  const project = await loaded(root, { threads: true });
  const first = told(await lintPaths(project, []));
  expect(first).toEqual(told(await lintPaths(await loaded(root), [])));
  expect(project.migrations.every((migration) => isChecked(project, migration))).toBe(true);
  await appendFile(join(root, pathOf(3)), "alter table prototype.t3 rename to t3_gone;\nselect * from t7;\n");
  const edited = await loaded(root, { threads: true, before: project });
  expect(edited.migrations.filter((migration) => !project.migrations.includes(migration))).toHaveLength(1);
  const anew = told(await lintPaths(await loaded(root), []));
  expect(told(await lintPaths(edited, []))).toEqual(anew);
  expect(anew).not.toEqual(first);
});

it("two that ask at once, and one that gives up, get what each would get alone", async () => {
  const root = await folder(files);
  const project = await loaded(root, { threads: true });
  for await (const _ of lintFiles(project, [])) break;
  const [one, other] = await Promise.all([lintPaths(project, []), lintPaths(project, [])]);
  const anew = told(await lintPaths(await loaded(root), []));
  expect([told(one), told(other)]).toEqual([anew, anew]);
});

it("one long file is read where it is, as nobody can wait for a part of it", async () => {
  const long = "select 1 from prototype.orders;\n".repeat(20_000);
  const root = await folder({
    "tenantry.json": "{}",
    "migrations/tenant/1_a.sql": long,
    "migrations/tenant/2_b.sql": "",
  });
  const project = await loaded(root, { threads: true });
  expect(readInThread(project, project.migrations)).toBe(null);
});

it("where no thread can be started, the same is found without", async () => {
  const root = await folder(files);
  const project = await loaded(root, { threads: true });
  // Nothing that holds a function can be sent to a thread.
  const configuration = { ...project.configuration, unsendable: () => {} };
  const broken = { ...project, configuration };
  expect(told(await lintPaths(broken, []))).toEqual(told(await lintPaths(await loaded(root), [])));
  expect(broken.migrations.some((migration) => isChecked(broken, migration))).toBe(false);
});

/** More than is read without a thread; some of it rests on other files, also on later ones, and one file is of no history. */
const files: Readonly<Record<string, string>> = {
  "tenantry.json": JSON.stringify({
    preset: "strict",
    overrides: [{ files: ["migrations/tenant/0002*"], preset: "off" }],
  }),
  "seed.sql": "-- tenantry: scope tenant\ninsert into t5 (id) select id from public.t4;\n",
  ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [pathOf(n), textOf(n)])),
};

function pathOf(n: number): string {
  return `migrations/${n % 6 === 4 ? "public" : "tenant"}/${String(n).padStart(4, "0")}_t${n}.sql`;
}

function textOf(n: number): string {
  const schema = n % 6 === 4 ? "public" : "prototype";
  return [
    `-- ${"x".repeat(6000)}`,
    `create table ${schema}.t${n} (id bigint primary key, other bigint references t${n - 1}, note text);`,
    `alter table ${schema}.t${n - 2} add column more int default 1, alter column note type varchar(9);`,
    `create index on t${n} (id);`,
    `insert into t${n + 12} (id) values (1);`,
    ...(n % 5 === 0 ? [`alter table t${n - 1} rename to t${n}_old;`, `drop table t${n - 3} cascade;`] : []),
  ].join("\n");
}

async function loaded(root: string, options: { threads?: true; before?: Project } = {}): Promise<Project> {
  const { project, problems } = await loadProject(root, { trusted: true, ...options });
  if (project === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return project;
}

function told(linted: readonly LintedFile[]): unknown {
  return linted.map(({ path, diagnostics }) => ({ path, diagnostics: toldOf(diagnostics) }));
}
