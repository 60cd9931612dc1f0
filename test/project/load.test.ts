import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findProjects } from "../../server/src/project/folders";
import { findRoot, loadProject } from "../../server/src/project/load";
import { folder } from "./folder";

describe("loadProject", () => {
  it("reads both folders into one history", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/public/0001_plans.sql": "create table public.plans (id int);",
      "migrations/public/0003_countries.sql": "create table public.countries (id int);",
      "migrations/tenant/0002_orders.sql": "\uFEFFcreate table prototype.orders (id int);",
      "migrations/tenant/later/0010_items.sql": "select 1;",
      "migrations/tenant/R__views.sql": "select 2;",
      "elsewhere/0004_x.sql": "select 3;",
    });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(problems).toEqual([]);
    expect(project?.migrations.map(({ path, version, name, scope }) => [path, version, name, scope])).toEqual([
      ["migrations/public/0001_plans.sql", "0001", "plans", "public"],
      ["migrations/tenant/0002_orders.sql", "0002", "orders", "tenant"],
      ["migrations/public/0003_countries.sql", "0003", "countries", "public"],
      ["migrations/tenant/later/0010_items.sql", "0010", "items", "tenant"],
      ["migrations/tenant/R__views.sql", null, "views", "tenant"],
    ]);
    expect(project?.migrations[1]?.text).toBe("create table prototype.orders (id int);");
    expect(project?.configurationPath).toBe(join(root, "tenantry.json"));
  });

  it("warns of a password that stands in a connection's URL, at its place and without it", async () => {
    const root = await folder({
      "migrations/public/0001_a.sql": "select 1;",
      "migrations/tenant/0002_b.sql": "select 1;",
      "tenantry.json": `{
  "connections": {
    "a": { "url": "postgresql://me:s3cret@host/db" },
    "b": { "url": "Server=host;User Id=me;Password=s3cret" },
    "c": { "url": "postgresql://me:\${env:PASSWORD}@host/db" },
    "d": { "url": "\${env:DATABASE}" },
    "e": { "url": "postgresql://me@host:5432/db?application_name=a:b@c" },
    "f": { "url": "embedded:.tenantry/sandbox" }
  }
}`,
    });
    const { problems } = await loadProject(root, { trusted: true });
    expect(problems.map(({ severity, code, line, column }) => [severity, code, line, column])).toEqual([
      ["warning", "invalid-config", 3, 19],
      ["warning", "invalid-config", 4, 19],
    ]);
    expect(problems[0]?.message).toContain('The password of the connection "a" stands in the file');
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });

  it("is null where the configuration is wrong, which is told with line and column", async () => {
    const root = await folder({ "tenantry.json": '{\n  "order": "random"\n}' });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(project).toBeNull();
    expect(problems).toEqual([
      {
        path: "tenantry.json",
        severity: "error",
        code: "invalid-config",
        message: '`order` must be "interleaved" or "public-first", not "random".',
        span: { start: 13, end: 21 },
        line: 2,
        column: 12,
      },
    ]);
  });

  it("takes the configuration of another file, and what it names relative to that", async () => {
    const root = await folder({
      "config/other.json": '{ "migrations": { "tenant": "./sql/", "public": "sql/shared" } }',
      "config/sql/1_a.sql": "",
      "config/sql/shared/2_b.sql": "",
    });
    const configPath = join(root, "config/other.json");
    const { project, problems } = await loadProject(root, { trusted: true, configPath });
    expect(problems).toEqual([]);
    expect(project).toMatchObject({ root: join(root, "config"), configurationPath: configPath });
    expect(project?.migrations.map(({ path, scope }) => [path, scope])).toEqual([
      ["sql/1_a.sql", "tenant"],
      ["sql/shared/2_b.sql", "public"],
    ]);
    const missing = await loadProject(root, { trusted: true, configPath: join(root, "nothing.json") });
    expect(missing.problems).toMatchObject([
      { path: "nothing.json", message: "The file can't be read: there is no such file." },
    ]);
  });

  it("takes no tenantry.json for absent that is a link to nowhere", async () => {
    const root = await folder({ "deep/a.sql": "" });
    await symlink("gone.json", join(root, "tenantry.json"));
    expect(await findRoot(join(root, "deep"))).toBe(root);
    expect(await loadProject(root, { trusted: true })).toMatchObject({
      project: null,
      problems: [{ message: "The file can't be read: it is a symbolic link to gone.json, and there is no such file." }],
    });
  });

  it("prefers a configuration that is open in an editor, and takes migrations as they are saved", async () => {
    const root = await folder({ "tenantry.json": "nonsense", "migrations/tenant/1_a.sql": "saved" });
    const open = new Map([
      [join(root, "tenantry.json"), "{}"],
      [join(root, "migrations/tenant/1_a.sql"), "typed"],
    ]);
    const { project } = await loadProject(root, { trusted: true, readOpen: (path) => open.get(path) });
    expect(project?.migrations.map(({ text }) => text)).toEqual(["saved"]);
  });

  it.each([
    ["migrations/public", "migrations/tenant", "migrations"],
    ["db/migrations/shared", "db/migrations/tenants", "db/migrations"],
    ["migrations/public", "prisma/migrations", null],
  ])("finds %s and %s where there is no configuration", async (publicFolder, tenantFolder, parent) => {
    const files = { [`${tenantFolder}/20260101000000_a/migration.sql`]: "", [`${publicFolder}/2_b.sql`]: "" };
    const { project } = await loadProject(await folder(parent === null ? { [`${tenantFolder}/1_a.sql`]: "" } : files), {
      trusted: true,
    });
    expect(project).toMatchObject({ configurationPath: null });
    expect(project?.configuration.migrations).toMatchObject({ public: publicFolder, tenant: tenantFolder });
    expect(project?.migrations.length).toBe(parent === null ? 1 : 2);
  });

  it("works in an empty folder", async () => {
    expect(await loadProject(await folder(), { trusted: true })).toMatchObject({
      project: { migrations: [] },
      problems: [],
    });
  });

  it("reads globs, and leaves node_modules out", async () => {
    const root = await folder({
      "tenantry.json": '{ "migrations": { "tenant": "apps/*/sql", "public": "shared/**/*.sql" } }',
      "apps/a/sql/1_a.sql": "",
      "apps/b/sql/2_b.sql": "",
      "apps/b/other/3_c.sql": "",
      "shared/deep/4_d.SQL": "",
      "shared/deep/5_e.sql": "",
      "shared/node_modules/x/6_f.sql": "",
    });
    const { project } = await loadProject(root, { trusted: true });
    expect(project?.migrations.map(({ version }) => version)).toEqual(["1", "2", "5"]);
  });
});

describe("what is wrong with migrations", () => {
  it("is told all at once, and leaves the others to be worked with", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/public/0001_a.sql": "",
      "migrations/tenant/1_b.sql": "",
      "migrations/tenant/2_utf16.sql": Buffer.from("\uFEFFselect 1", "utf16le"),
      "migrations/tenant/3_latin.sql": Uint8Array.of(0x27, 0xe9, 0x27),
      "migrations/tenant/4_down.sql": "\n-- migrate:down\nselect 1;",
      "migrations/tenant/5_huge.sql": new Uint8Array(17 * 1024 * 1024).fill(0x20),
      "migrations/tenant/6_good.sql": "",
      "migrations/tenant/seed.sql": "",
    });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(
      problems.map(({ path, severity, code, message, line, column }) => [path, severity, code, message, line, column]),
    ).toEqual([
      [
        "migrations/public/0001_a.sql",
        "error",
        "duplicate-version",
        "Version 0001 is also that of migrations/tenant/1_b.sql. Rename the newer one, so that the order is certain.",
        null,
        null,
      ],
      [
        "migrations/tenant/1_b.sql",
        "error",
        "duplicate-version",
        "Version 0001 is also that of migrations/public/0001_a.sql. Rename the newer one, so that the order is certain.",
        null,
        null,
      ],
      [
        "migrations/tenant/2_utf16.sql",
        "error",
        "invalid-migration",
        "The file is encoded as UTF-16; save it as UTF-8.",
        null,
        null,
      ],
      [
        "migrations/tenant/3_latin.sql",
        "error",
        "invalid-migration",
        "The file isn't encoded as UTF-8; save it as UTF-8.",
        null,
        null,
      ],
      [
        "migrations/tenant/4_down.sql",
        "error",
        "invalid-migration",
        "The file has no `-- migrate:up` line, so there is nothing to run.",
        2,
        1,
      ],
      [
        "migrations/tenant/5_huge.sql",
        "error",
        "invalid-migration",
        "The file is larger than 16 MB; load such data by other means.",
        null,
        null,
      ],
      [
        "migrations/tenant/seed.sql",
        "warning",
        "invalid-migration",
        "The name holds no version, so the file is never run. Name it like 0007_add_orders.sql, or move it out of the folder.",
        null,
        null,
      ],
    ]);
    expect(project?.migrations.map(({ path }) => path)).toContain("migrations/tenant/6_good.sql");
  });

  it("is a folder that holds both scopes, until the file says its own", async () => {
    const root = await folder({
      "tenantry.json": '{ "migrations": { "public": "sql", "tenant": "sql" } }',
      "sql/1_a.sql": "select 1;",
      "sql/2_b.sql": "-- tenantry: scope public\nselect 1;",
    });
    const { project, problems } = await loadProject(root, { trusted: true });
    expect(problems).toMatchObject([{ path: "sql/1_a.sql", code: "invalid-migration", line: 1, column: 1 }]);
    expect(project?.migrations.map(({ scope }) => scope)).toEqual(["tenant", "public"]);
  });

  it("is an override that no file is found for", async () => {
    const root = await folder({
      "tenantry.json": `{ "overrides": [
        { "files": ["migrations/tenant/1*", "migrations/tenant/old"], "preset": "off" },
        { "files": ["scripts"], "preset": "off" }] }`,
      "migrations/public/1_a.sql": "",
      "migrations/tenant/1_a.sql": "",
      "scripts/fill.sql": "",
    });
    const { problems } = await loadProject(root, { trusted: true });
    expect(problems.filter(({ code }) => code === "invalid-config")).toMatchObject([
      {
        severity: "warning",
        line: 2,
        column: 45,
        message:
          'No SQL file lies in "migrations/tenant/old" or fits it, so this changes nothing. Correct it, or take it out.',
      },
    ]);
  });

  it("is a folder that isn't there", async () => {
    const misspelt = await folder({
      "tenantry.json": '{\n  "migrations": { "tenant": "migration/tenant" }\n}',
      "migrations/public/1_a.sql": "",
    });
    expect((await loadProject(misspelt, { trusted: true })).problems).toMatchObject([
      {
        path: "tenantry.json",
        severity: "warning",
        line: 2,
        column: 29,
        message:
          "The folder migration/tenant isn't there. Correct `migrations.tenant`, or make its first migration with `tenantry new NAME --scope tenant`.",
      },
    ]);
    const onlyTenant = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": "" });
    expect((await loadProject(onlyTenant, { trusted: true })).problems).toEqual([]);
  });
});

describe("findRoot", () => {
  it("looks upwards for the nearest configuration", async () => {
    const root = await folder({ "tenantry.json": "{}", "inner/tenantry.json": "{}" });
    await mkdir(join(root, "inner/deep"), { recursive: true });
    await mkdir(join(root, "other/deep"), { recursive: true });
    expect(await findRoot(join(root, "inner/deep"))).toBe(join(root, "inner"));
    expect(await findRoot(join(root, "other/deep"))).toBe(root);
    expect(await findRoot(await folder())).toBeNull();
  });
});

describe("findProjects", () => {
  it("finds every configuration beneath a folder", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "a/b/tenantry.json": "{}",
      "node_modules/x/tenantry.json": "{}",
      "c/other.json": "{}",
    });
    expect(await findProjects(root)).toEqual([root, join(root, "a/b")]);
    expect(await findProjects(join(root, "c"))).toEqual([]);
  });
});
