import { describe, expect, it } from "vitest";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { readText, withText } from "../../server/src/project/sqlText";
import { folder } from "./folder";

describe("readText", () => {
  it.each([
    ["migrations/tenant/2_b.sql", "select 1", "history", "tenant", "2"],
    ["migrations/public/3_c.sql", "select 1", "history", "public", "3"],
    ["migrations/public/3_c.sql", "-- tenantry: scope tenant", "history", "tenant", "3"],
    ["migrations/tenant/seed.sql", "select 1", "guest", "tenant", null],
    ["migrations/tenant/2_b.down.sql", "drop table x", "unrelated", "tenant", null],
    ["queries/report.sql", "select 1", "unrelated", "tenant", null],
    ["queries/0007_report.sql", "-- tenantry: scope public\nselect 1", "guest", "public", null],
    ["../beside/1_x.sql", "select 1", "unrelated", "tenant", null],
  ])("%s with %j is %s", async (path, text, place, scope, version) => {
    const project = await open({ "tenantry.json": "{}" });
    expect(readText(project, path, text)).toMatchObject({ place, migration: { path, scope, version, text } });
  });

  it("leaves a byte order mark out", async () => {
    const project = await open({ "tenantry.json": "{}" });
    expect(readText(project, "migrations/tenant/2_b.sql", "\uFEFFselect 1").migration.text).toBe("select 1");
  });

  it("checks any SQL where there is no tenantry.json", async () => {
    const project = await open({});
    expect(readText(project, "queries/report.sql", "select 1").place).toBe("guest");
    expect(readText(project, "migrations/tenant/1_a.down.sql", "select 1").place).toBe("unrelated");
  });
});

describe("withText", () => {
  it("puts an edited text in the saved one's place", async () => {
    const project = await open({ "migrations/tenant/1_a.sql": "saved", "migrations/tenant/2_b.sql": "" });
    expect(texts(withText(project, "migrations/tenant/1_a.sql", "edited"))).toEqual(["edited", ""]);
    expect(texts(project)).toEqual(["saved", ""]);
  });

  it("adds a new file at its place, and takes a removed one away", async () => {
    const project = await open({ "migrations/tenant/1_a.sql": "a", "migrations/tenant/3_c.sql": "c" });
    expect(texts(withText(project, "migrations/tenant/2_b.sql", "b"))).toEqual(["a", "b", "c"]);
    expect(texts(withText(project, "migrations/tenant/1_a.sql", null))).toEqual(["c"]);
    expect(withText(project, "elsewhere.sql", "x")).toBe(project);
  });

  it("moves a file whose scope is edited", async () => {
    const project = await open({
      "tenantry.json": '{ "order": "public-first" }',
      "migrations/tenant/1_a.sql": "a",
      "migrations/tenant/2_b.sql": "b",
    });
    expect(texts(withText(project, "migrations/tenant/2_b.sql", "-- tenantry: scope public"))).toEqual([
      "-- tenantry: scope public",
      "a",
    ]);
  });
});

function texts(project: Project): string[] {
  return project.migrations.map(({ text }) => text);
}

async function open(files: Readonly<Record<string, string>>): Promise<Project> {
  const { project } = await loadProject(await folder(files), { trusted: true });
  if (project === null) throw new Error("The configuration is wrong.");
  return project;
}
