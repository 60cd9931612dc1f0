import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replaceText } from "../../server/src/project/files";
import { findSqlPaths } from "../../server/src/project/folders";
import { loadProject } from "../../server/src/project/load";
import { ProjectError } from "../../server/src/project/projectError";
import { settingPlace } from "../../server/src/project/settingPlace";
import { folder } from "./folder";

describe("replaceText", () => {
  it("keeps the byte order mark that the file had, and gives none to one that had none", async () => {
    const root = await folder({ "with.sql": "\uFEFFselect 1;\r\n", "without.sql": "select 1;" });
    for (const name of ["with.sql", "without.sql"]) await replaceText(join(root, name), "select 2;\r\n");
    expect(await readFile(join(root, "with.sql"), "utf8")).toBe("\uFEFFselect 2;\r\n");
    expect(await readFile(join(root, "without.sql"), "utf8")).toBe("select 2;\r\n");
  });

  it("says which file can't be written, and why", async () => {
    const root = await folder({ "a/b.sql": "" });
    await expect(replaceText(join(root, "a"), "")).rejects.toThrow(
      new ProjectError(`${join(root, "a")} can't be written: it is a folder, not a file.`),
    );
  });
});

describe("findSqlPaths", () => {
  it("is the file itself, or what lies in a folder and below it, in order", async () => {
    const root = await folder({
      "b.sql": "",
      "a/2.SQL": "",
      "a/b/1.sql": "",
      "a/x.txt": "",
      "node_modules/p/3.sql": "",
    });
    expect(await findSqlPaths(join(root, "b.sql"))).toEqual([join(root, "b.sql")]);
    expect(await findSqlPaths(root)).toEqual(["a/2.SQL", "a/b/1.sql", "b.sql"].map((path) => join(root, path)));
    expect(await findSqlPaths(join(root, "nothing.sql"))).toEqual([]);
  });
});

describe("a project's problems", () => {
  it("stay with it, so that a run can be refused for them", async () => {
    const root = await folder({
      "migrations/tenant/0001_a.sql": "select 1;",
      "migrations/tenant/0001_b.sql": "select 2;",
    });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(project?.problems).toEqual(problems);
    expect(problems.map(({ code, path }) => [code, path])).toEqual([
      ["duplicate-version", "migrations/tenant/0001_a.sql"],
      ["duplicate-version", "migrations/tenant/0001_b.sql"],
    ]);
  });
});

describe("settingPlace", () => {
  it("is where the value stands, and nothing where it doesn't", async () => {
    const text = '// A comment.\n{\n  "tenants": { "query": "select 1" }\n}\n';
    const root = await folder({ "tenantry.json": text });
    const { project } = await loadProject(root, { trusted: true });
    if (project === null) throw new Error("The configuration is right.");
    expect(await settingPlace(project, ["tenants", "query"])).toEqual({
      file: join(root, "tenantry.json"),
      line: 3,
      column: 25,
    });
    expect(await settingPlace(project, ["connections"])).toBeNull();
    expect(await settingPlace({ ...project, configurationPath: null }, ["tenants"])).toBeNull();
  });
});
