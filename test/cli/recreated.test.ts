import { expect, it } from "vitest";
import { runLines } from "./contract";
import { names, summaryOf, withFleet } from "./fleet";

it("a tenant whose schema was made again is left out by name, and holds up only what can't go on without it", async () => {
  await withFleet(
    async ({ run, write, database }) => {
      expect((await run("run")).code).toBe(0);
      await database.sql("drop schema shop_02 cascade; create schema shop_02;");
      write("migrations/tenant/0003_note.sql", "ALTER TABLE prototype.orders ADD COLUMN note text;\n");

      const plan = await run("plan");
      expect(plan.code).toBe(0);
      expect(plan.out).toContain('Left out: Schema "shop_02" was created again');
      const only = await run("run", "--tenants", "shop_01,shop_02");
      expect([only.code, only.err]).toEqual([
        1,
        expect.stringContaining("Not done: shop_02, left out as nobody knows what is in it."),
      ]);
      const first = await run("run", "--format", "json");
      expect(first.code).toBe(1);
      const lines = runLines(first.out);
      expect(lines.filter((line) => line.event === "tenant" && line.outcome === "skipped")).toMatchObject([
        {
          tenant: "shop_02",
          versions: ["0002", "0003"],
          error: { code: "recreated-tenant", message: /tenantry baseline --to VERSION --tenants shop_02/ },
        },
      ]);
      expect(summaryOf(lines)).toMatchObject({
        counts: { applied: 3, unchanged: 1, skipped: 1, failed: 0 },
        stopped: null,
      });
      const second = await run("run");
      expect(second.code).toBe(1);
      expect(second.err).toContain("tenantry skip shop_02");

      const alone = await run("run", "--tenants", "shop_02");
      expect(alone.code).toBe(1);
      expect(alone.err).toContain("was created again");
      write("migrations/public/0004_more.sql", "CREATE TABLE public.more (id int);\n");
      const refused = runLines((await run("run", "--format", "json")).out);
      expect(refused).toMatchObject([{ event: "plan", refusals: [{ code: "recreated-tenant" }] }]);
      expect(await database.sql("select to_regclass('public.more') as more")).toEqual([{ more: null }]);

      await database.sql("drop schema shop_02");
      expect((await run("provision", "shop_02")).code).toBe(0);
      expect((await run("run")).code).toBe(0);
    },
    { tenants: names.slice(0, 4) },
  );
});

it("a prototype that was lost is adopted as it is, or begun anew empty", async () => {
  await withFleet(
    async ({ run, database }) => {
      expect((await run("run")).code).toBe(0);
      await database.sql("drop schema prototype cascade; create schema prototype; create table prototype.orders ();");
      const refused = await run("run");
      expect([refused.code, refused.err]).toEqual([
        1,
        expect.stringMatching(
          /tenantry baseline --to VERSION --tenants prototype; or drop it.*tenantry run --tenants prototype/,
        ),
      ]);
      expect(refused.err).not.toMatch(/tenantry (?:skip|provision)/);

      await database.sql("drop schema prototype cascade; create schema prototype;");
      expect((await run("run", "--tenants", "prototype")).code).toBe(0);
      expect((await run("provision", "another")).code).toBe(0);
    },
    { tenants: names.slice(0, 2) },
  );
});
