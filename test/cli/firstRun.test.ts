import { expect, it } from "vitest";
import { withDatabase } from "../support/database";
import { folderOf, tenantry } from "./command";
import { statusJson } from "./contract";

const files = {
  "migrations/public/0001_tenants.sql": "CREATE TABLE public.tenants (name text PRIMARY KEY);\n",
  "migrations/tenant/0002_orders.sql": "CREATE TABLE prototype.orders (id bigint PRIMARY KEY);\n",
  "migrations/public/0003_plans.sql": "CREATE TABLE public.plans (id int PRIMARY KEY);\n",
};

const configuration = (query: string) =>
  JSON.stringify({
    connections: { server: { url: `\${env:TEST_DATABASE}` } },
    defaultConnection: "server",
    tenants: { query },
  });

it("a first run makes the table that lists the tenants, and says what it would pass without a prototype", async () => {
  await withDatabase(async ({ url, sql }) => {
    const query = "select name from tenants order by name";
    const folder = folderOf({ ...files, "tenantry.json": configuration(query) });
    const run = (...words: string[]) => tenantry(words, { cwd: folder.path, env: { TEST_DATABASE: url } });
    try {
      const warned = await run("plan");
      expect([warned.code, warned.err]).toEqual([0, ""]);
      expect(warned.out).toContain(
        'Make the prototype first, then tenants can be made from it at any time: create schema "prototype";',
      );
      await sql("create schema prototype");
      expect((await run("plan")).out).not.toContain("Make the prototype first");
      const first = await run("run");
      expect([first.code, first.out]).toEqual([0, expect.stringContaining("2 applied in ")]);
      expect((await run("provision", "acme")).code).toBe(0);
      await sql("insert into tenants values ('acme')");
      const status = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      expect(status).toMatchObject({
        public: { version: "0003", pending: 0 },
        tenants: [{ tenant: "acme", state: "current" }],
      });
    } finally {
      folder.remove();
    }
  });
});

it("a query of a table that nothing makes is an error at its place, on a first run, too", async () => {
  await withDatabase(async ({ url }) => {
    const folder = folderOf({ ...files, "tenantry.json": configuration("select name from public.tenantss") });
    try {
      const plan = await tenantry(["plan"], { cwd: folder.path, env: { TEST_DATABASE: url } });
      expect([plan.code, plan.out]).toEqual([2, ""]);
      expect(plan.err).toMatch(/^tenantry: tenantry\.json:1:\d+: The tenants query fails: .*tenantss/);
    } finally {
      folder.remove();
    }
  });
});
