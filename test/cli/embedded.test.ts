import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shop, start, tenantry } from "./command";
import { planJson, runLines, statusJson } from "./contract";

describe("the shop on the embedded database", () => {
  let folder: ReturnType<typeof shop>;
  const command = (...words: string[]) => tenantry(words, { cwd: folder.path });
  beforeAll(async () => {
    folder = shop();
    expect((await command("sql", "seed.sql")).code).toBe(0);
  });
  afterAll(() => folder.remove());

  it("takes 25 tenants through its whole history", async () => {
    const before = statusJson.parse(JSON.parse((await command("status", "--format", "json")).out));
    expect(before.tenants).toHaveLength(25);
    expect(new Set(before.tenants.map(({ state }) => state))).toEqual(new Set(["pending"]));

    const most = await command("run", "--to", "0019");
    expect([most.code, most.out]).toEqual([0, expect.stringContaining("27 applied in ")]);
    expect((await command("status")).out).toContain("25 tenants: 25 at 0019 (1 pending)");

    const { stages, refusals } = planJson.parse(JSON.parse((await command("plan", "--format", "json")).out));
    expect(refusals).toEqual([]);
    expect(stages).toMatchObject([{ scope: "tenant", versions: ["0020"] }]);
    expect(stages[0]?.tenants).toHaveLength(26);

    const rest = await command("run", "--format", "json");
    expect(rest.code).toBe(0);
    expect(runLines(rest.out).at(-1)).toMatchObject({ event: "summary", counts: { applied: 26, failed: 0 } });
    expect((await command("status")).out).toContain("25 tenants: 25 at 0020");
  });

  it("shows what is in it", async () => {
    writeFileSync(join(folder.path, "count.sql"), "select count(*)::int as tenants from public.tenants;");
    const { code, out } = await command("sql", "count.sql");
    expect([code, out]).toEqual([0, "tenants\n25\n"]);
    const odd = `select date '2024-01-02' as day, timestamptz '2024-01-02 03:04:05Z' as moment, '{"a": [1]}'::jsonb as json;`;
    writeFileSync(join(folder.path, "odd.sql"), odd);
    const rows = (await command("sql", "odd.sql")).out.split("\n");
    expect(rows[1]).toBe('2024-01-02  2024-01-02T03:04:05.000Z  {"a":[1]}');
    writeFileSync(join(folder.path, "wrong.sql"), "select 1;\nselect *\nfrom no_such_table;");
    const wrong = await command("sql", "wrong.sql");
    expect([wrong.code, wrong.out]).toEqual([1, ""]);
    expect(wrong.err).toMatch(/^tenantry: wrong\.sql:3:6: .*no_such_table/);
  });

  it("refuses a new file whose version is applied, instead of passing it over", async () => {
    const twin = join(folder.path, "migrations/tenant/0020_twin.sql");
    writeFileSync(twin, "CREATE TABLE prototype.twins (id int);\n");
    const { code, out } = await command("plan");
    expect(code).toBe(1);
    expect(out).toContain("duplicate-version");
    rmSync(twin);
  });

  it("refuses an applied file that was edited", async () => {
    appendFileSync(join(folder.path, "migrations/tenant/0020_loyalty.sql"), "\nSELECT 1;\n");
    const { code, err } = await command("run");
    expect(code).toBe(1);
    expect(err).toContain("migrations/tenant/0020_loyalty.sql");
  });
});

describe("an embedded database that another process has open", () => {
  it("ends with 3 and names the holder", async () => {
    const folder = shop();
    writeFileSync(join(folder.path, "long.sql"), "select pg_sleep(60);");
    const holder = start(["sql", "long.sql"], { cwd: folder.path });
    try {
      const lock = join(folder.path, ".tenantry/sandbox/tenantry.lock");
      await expect.poll(() => existsSync(lock), { timeout: 20_000 }).toBe(true);
      const { code, out, err } = await tenantry(["status"], { cwd: folder.path });
      expect([code, out]).toEqual([3, ""]);
      expect(err).toContain(`process ${holder.process.pid} `);
    } finally {
      holder.process.kill("SIGKILL");
      await holder.ended;
    }
    writeFileSync(join(folder.path, "short.sql"), "select 1;");
    expect((await tenantry(["sql", "short.sql"], { cwd: folder.path })).code).toBe(0);
    folder.remove();
  });

  it("is given back when Ctrl-C ends who has it open", async () => {
    const folder = shop();
    writeFileSync(join(folder.path, "long.sql"), "select pg_sleep(60);");
    const holder = start(["sql", "long.sql"], { cwd: folder.path });
    const lock = join(folder.path, ".tenantry/sandbox/tenantry.lock");
    await expect.poll(() => existsSync(lock), { timeout: 20_000 }).toBe(true);
    holder.process.kill("SIGINT");
    expect((await holder.ended).code).toBe(130);
    writeFileSync(join(folder.path, "short.sql"), "select 1;");
    expect((await tenantry(["sql", "short.sql"], { cwd: folder.path })).code).toBe(0);
    folder.remove();
  });
});

it("a plan with no schema to run in doesn't say that everything is applied", async () => {
  const folder = shop();
  rmSync(join(folder.path, "migrations/public"), { recursive: true });
  mkdirSync(join(folder.path, "migrations/public"));
  const settings = { tenants: { pattern: "tenant_*" }, connections: { m: { url: "embedded:memory" } } };
  writeFileSync(join(folder.path, "tenantry.json"), JSON.stringify({ ...settings, defaultConnection: "m" }));
  const { code, out } = await tenantry(["plan"], { cwd: folder.path });
  expect(code).toBe(0);
  expect(out).toContain("neither a tenant's schema nor that of the prototype");
  const wayOut = /no prototype either\. Make it \(create schema "?prototype"?;.*tenantry provision NAME/;
  expect(out).toMatch(wayOut);
  expect((await tenantry(["status"], { cwd: folder.path })).out).toMatch(wayOut);
  expect(out).not.toContain("everything is applied");
  folder.remove();
});
