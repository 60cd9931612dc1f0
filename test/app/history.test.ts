import { expect, it } from "vitest";
import { analyseAll } from "../../server/src/app/analyseAll";
import { analysisOf } from "../../server/src/app/analyses";
import { historyOf } from "../../server/src/app/history";
import { type CatalogHistory, openCatalog } from "../../server/src/model/catalog";
import { defaultConfiguration } from "../../server/src/project/configuration";
import type { Project } from "../../server/src/project/project";
import { withText } from "../../server/src/project/sqlText";

const empty: Project = {
  root: "/shop",
  configurationPath: "/shop/tenantry.json",
  configuration: defaultConfiguration(),
  migrations: [],
  problems: [],
  trusted: false,
};

/** Tables that come, are given a name that went before, and go, over more files than are folded at once. */
const texts = Array.from({ length: 170 }, (_, n) =>
  [
    `create table prototype.t${n} (id int);`,
    ...(n % 3 === 2 ? [`alter table prototype.t${n - 1} rename to moved${n % 7};`] : []),
    ...(n % 5 === 4 ? [`drop table prototype.t${n - 2};`, `drop table if exists prototype.moved${n % 7};`] : []),
    ...(n === 120 ? ["drop schema prototype cascade;"] : []),
  ].join("\n"),
);

it("a long history that is folded in parts is that of all its files at once, also after an edit", async () => {
  let project = { ...empty, configuration: defaultConfiguration() };
  for (const [n, text] of texts.entries()) project = withText(project, pathOf(n), text);
  await analyseAll(project);
  await expectWhole(project);

  const edited = withText(project, pathOf(60), "create table prototype.new (id int);");
  await analyseAll(edited);
  await expectWhole(edited);
});

it("a history that is asked for while it is being folded is whole", async () => {
  let project = { ...empty, configuration: defaultConfiguration() };
  for (const [n, text] of texts.entries()) project = withText(project, pathOf(n), text);
  const folding = analyseAll(project);
  const edited = withText(project, pathOf(100), "create table prototype.new (id int);");
  await Promise.all([...project.migrations, ...edited.migrations].map((migration) => analysisOf(project, migration)));
  await expectWhole(edited);
  await folding;
  await expectWhole(project);
});

function pathOf(n: number): string {
  return `migrations/tenant/${String(n + 1).padStart(4, "0")}_m.sql`;
}

async function expectWhole(project: Project): Promise<void> {
  const whole = openCatalog(project.configuration).read(
    await Promise.all(
      project.migrations.map(async (migration) => ({
        path: migration.path,
        scope: migration.scope,
        up: migration.up,
        analysis: await analysisOf(project, migration),
      })),
    ),
  );
  for (const migration of project.migrations)
    expect(told(historyOf(project, migration), migration.path)).toEqual(told(whole, migration.path));
}

function told(history: CatalogHistory, path: string): string[] {
  return history
    .before(path)
    .tables()
    .map(({ schema, name, file, span }) => `${schema}.${name} ${file}:${span?.start}`)
    .sort();
}
