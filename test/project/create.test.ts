import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createMigration, nextMigration } from "../../server/src/project/create";
import { initProject } from "../../server/src/project/initialise";
import { loadProject } from "../../server/src/project/load";
import type { Project } from "../../server/src/project/project";
import { readText } from "../../server/src/project/sqlText";
import { folder } from "./folder";

const now = new Date("2026-11-23T10:15:30Z");

describe("nextMigration", () => {
  it.each<[string, Record<string, string>, string]>([
    ["an empty folder", {}, "migrations/tenant/20261123101530_add_orders.sql"],
    [
      "numbers",
      { "migrations/tenant/0007_a.sql": "", "migrations/public/0008_b.sql": "" },
      "migrations/tenant/0009_add_orders.sql",
    ],
    ["dates", { "migrations/tenant/2026-11-20_a.sql": "" }, "migrations/tenant/2026-11-23_add_orders.sql"],
    [
      "dates and times",
      { "migrations/tenant/2026_11_20_1200-a.sql": "" },
      "migrations/tenant/2026_11_23_1015-add_orders.sql",
    ],
    ["Flyway's underscores", { "migrations/tenant/V1_2__a.sql": "" }, "migrations/tenant/V1_3__add_orders.sql"],
    ["Flyway's dots", { "migrations/tenant/V1.2__a.sql": "" }, "migrations/tenant/V1.3__add_orders.sql"],
    ["dashes", { "migrations/tenant/007-a.sql": "" }, "migrations/tenant/008-add_orders.sql"],
    ["only the other folder", { "migrations/public/0008_b.sql": "" }, "migrations/tenant/0009_add_orders.sql"],
    [
      "two numberings",
      {
        "tenantry.json": '{"order":"public-first"}',
        "migrations/tenant/7_a.sql": "",
        "migrations/public/80_b.sql": "",
      },
      "migrations/tenant/8_add_orders.sql",
    ],
    [
      "Flyway",
      { "migrations/tenant/V1.2__a.sql": "", "migrations/tenant/R__v.sql": "" },
      "migrations/tenant/V1.3__add_orders.sql",
    ],
    [
      "golang-migrate",
      { "migrations/tenant/000001_a.up.sql": "", "migrations/tenant/000001_a.down.sql": "" },
      "migrations/tenant/000002_add_orders.up.sql",
    ],
    [
      "Prisma",
      { "prisma/migrations/20250101000000_a/migration.sql": "" },
      "prisma/migrations/20261123101530_add_orders/migration.sql",
    ],
    ["Supabase", { "supabase/migrations/20250101000000_a.sql": "" }, "migrations/tenant/20261123101530_add_orders.sql"],
    [
      "a format that is set",
      { "tenantry.json": '{"migrations":{"format":"flyway"}}' },
      "migrations/tenant/V20261123101530__add_orders.sql",
    ],
    [
      "a glob",
      { "tenantry.json": '{"migrations":{"tenant":"apps/*/sql"}}', "apps/a/sql/1_a.sql": "" },
      "apps/a/sql/2_add_orders.sql",
    ],
  ])("follows %s", async (_, files, path) => {
    const project = await open(files);
    const next = nextMigration(project, { name: "Add orders!", scope: "tenant", now });
    expect(next.path).toBe(path);
    expect(readText(project, next.path, next.text)).toMatchObject({
      place: "history",
      migration: { scope: "tenant" },
      problems: [],
    });
  });

  it.each([
    ["-- migrate:up\nselect 1;\n-- migrate:down\n", /^-- migrate:up\n(.|\n)*\n-- migrate:down\n/],
    ["-- +goose Up\nselect 1;\n-- +goose Down\n", /^-- \+goose Up\n(.|\n)*\n-- \+goose Down\n/],
  ])("divides the file as those before it: %j", async (text, expected) => {
    const project = await open({ "migrations/tenant/1_a.sql": text });
    expect(nextMigration(project, { name: "b", scope: "tenant", now }).text).toMatch(expected);
  });

  it("says the scope in the file where the folder doesn't", async () => {
    const project = await open({ "tenantry.json": '{"migrations":{"tenant":"sql","public":"sql"}}' });
    for (const scope of ["public", "tenant"] as const) {
      const { path, text } = nextMigration(project, { name: "x", scope, now });
      expect(readText(project, path, text)).toMatchObject({ migration: { scope }, problems: [] });
    }
  });

  it("needs a name", async () => {
    const project = await open({});
    expect(() => nextMigration(project, { name: " ?! ", scope: "tenant" })).toThrow(
      "A migration needs a name that says what it does, such as `add orders`.",
    );
    expect(nextMigration(project, { name: "../../Größe", scope: "tenant", now }).path).toBe(
      "migrations/tenant/20261123101530_größe.sql",
    );
  });
});

describe("createMigration", () => {
  it("writes the file, and never over another", async () => {
    const project = await open({ "tenantry.json": "{}" });
    const { path } = await createMigration(project, { name: "a", scope: "public", now });
    expect(await readFile(join(project.root, path), "utf8")).toContain("Runs once");
    await expect(createMigration(project, { name: "a", scope: "public", now })).rejects.toThrow(
      `${join(project.root, path)} can't be written: there is already a file of that name.`,
    );
  });
});

describe("initProject", () => {
  it("makes an empty folder a project", async () => {
    const root = await folder();
    const { written, found } = await initProject(root);
    expect(written).toEqual(["tenantry.json", "migrations/public/", "migrations/tenant/", ".tenantry/.gitignore"]);
    expect(found).toEqual({ public: null, tenant: null, format: "plain", migrations: 0 });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(problems).toEqual([]);
    expect(project?.configuration).toMatchObject({ tenants: { pattern: "tenant_*" }, defaultConnection: "sandbox" });
  });

  it("names the folders that it finds", async () => {
    const root = await folder({ "db/migrations/tenants/V1__a.sql": "select 1;" });
    const { written, found } = await initProject(root);
    expect(found).toEqual({ public: null, tenant: "db/migrations/tenants", format: "flyway", migrations: 1 });
    expect(written).toContain("migrations/public/");
    const { project } = await loadProject(root, { trusted: true });
    expect(project?.configuration.migrations.tenant).toBe("db/migrations/tenants");
    expect(project?.migrations.length).toBe(1);
  });

  it("takes Supabase's folder for the schema public, which its files name throughout", async () => {
    const root = await folder({ "supabase/migrations/20240101000000_init.sql": "create table public.users (id int);" });
    expect((await initProject(root)).found).toMatchObject({ public: "supabase/migrations", tenant: null });
    const { project } = await loadProject(root, { trusted: true });
    expect(project?.migrations).toMatchObject([{ scope: "public", version: "20240101000000" }]);
  });

  it("takes the only folder with numbered files, wherever it is, and tells of those that it doesn't read", async () => {
    const one = await initProject(await folder({ "sql/0001_a.sql": "select 1;", "queries/report.sql": "select 1;" }));
    expect(one.found).toEqual({ public: null, tenant: "sql", format: "plain", migrations: 1 });
    expect(one.unread).toEqual([]);
    const two = await initProject(
      await folder({
        "migrations/0001_a.sql": "select 1;",
        "old/0001_a.sql": "select 1;",
        "old/0002_b.sql": "select 1;",
      }),
    );
    expect(two.found).toMatchObject({ tenant: "migrations", migrations: 1 });
    expect(two.unread).toEqual([{ folder: "old", files: 2 }]);
  });

  it("overwrites nothing, not even what is wrong", async () => {
    for (const text of ["{}", "nonsense"]) {
      const root = await folder({ "tenantry.json": text });
      await expect(initProject(root)).rejects.toThrow(
        "tenantry.json is already there. Edit it, or remove it to begin anew.",
      );
      expect(await readFile(join(root, "tenantry.json"), "utf8")).toBe(text);
    }
  });
});

async function open(files: Readonly<Record<string, string>>): Promise<Project> {
  const { project, problems } = await loadProject(await folder(files), { trusted: true });
  if (project === null) throw new Error(JSON.stringify(problems));
  return project;
}
