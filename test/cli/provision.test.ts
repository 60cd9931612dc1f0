import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { statusJson } from "./contract";
import { withFleet } from "./fleet";

const few = { tenants: ["shop_01", "shop_02"] };
const note = "ALTER TABLE prototype.orders ADD COLUMN note text;\n";

describe("tenantry provision", () => {
  it("makes tenants from the prototype that runs take up as any other", async () => {
    const strange = 'a"; drop schema public cascade; --';
    await withFleet(async ({ run, write, database }) => {
      expect((await run("run")).code).toBe(0);
      const text = await run("provision", "shop_03");
      expect([text.code, text.out]).toEqual([0, expect.stringContaining("Made 1 tenant at 0002: shop_03")]);
      expect(text.out).toContain("shop_03 from prototype at 0002, in ");
      expect(text.err).toContain("warning: tenantry.json lists no tenant shop_03; list it, or runs leave it out.");
      await database.sql(`insert into public.tenants (name) values ('shop_03'), ('${strange}')`);
      const json = await run("provision", strange, "--format", "json");
      expect([json.code, json.err]).toEqual([0, ""]);
      expect(JSON.parse(json.out)).toEqual({ tenants: [{ tenant: strange, outcome: "applied", version: "0002" }] });
      write("migrations/tenant/0003_note.sql", note);
      expect((await run("run")).code).toBe(0);
      const status = statusJson.parse(JSON.parse((await run("status", "--format", "json")).out));
      expect(status.tenants.map(({ version, state }) => [version, state])).toEqual(
        Array.from({ length: 4 }, () => ["0003", "current"]),
      );
    }, few);
  });

  it("is the way out for a new tenant that would get migrations older than the shared tables", async () => {
    await withFleet(
      async ({ run, database, write }) => {
        expect((await run("run")).code).toBe(0);
        write("migrations/public/0004_more.sql", "CREATE TABLE public.more (id int);\n");
        expect((await run("run")).code).toBe(0);
        await database.sql("create schema shop_03; insert into public.tenants (name) values ('shop_03')");
        const refused = await run("plan");
        expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("tenantry provision shop_03")]);
        // While the new tenant refuses every run of all, the prototype alone can be brought to where a copy of it is complete.
        write("migrations/tenant/0005_note.sql", "ALTER TABLE prototype.orders ADD COLUMN remark text;\n");
        const behind = await run("provision", "shop_03");
        expect([behind.code, behind.err]).toEqual([
          1,
          expect.stringContaining("or on the prototype alone: tenantry run --tenants prototype"),
        ]);
        expect((await run("run", "--tenants", "prototype")).code).toBe(0);
        expect((await run("provision", "shop_03")).code).toBe(0);
        expect((await run("plan")).code).toBe(0);
      },
      { ...few, files: { "migrations/tenant/0003_note.sql": note } },
    );
  });

  it("says how tenants can be made where a file that came half through is gone", async () => {
    await withFleet(async ({ run, write, path, database }) => {
      write(
        "migrations/tenant/0003_half.sql",
        "-- tenantry: no-transaction\nVACUUM prototype.orders;\nSELECT 1 / 0;\n",
      );
      expect((await run("run")).code).toBe(1);
      rmSync(join(path, "migrations/tenant/0003_half.sql"));
      expect((await run("run")).code).toBe(0);
      const { code, out } = await run("provision", "shop_03", "--format", "json");
      expect(code).toBe(1);
      expect(out).toContain("in the middle of the migration 0003, which is no transaction");
      expect(out).toContain("delete its row from tenantry.claims");
      await database.sql("delete from tenantry.claims where key = '0003'");
      expect((await run("provision", "shop_03")).code).toBe(0);
    }, few);
  });

  it("makes the others where one fails, and says why", async () => {
    await withFleet(async ({ run }) => {
      expect((await run("run")).code).toBe(0);
      const { code, out } = await run("provision", "shop_03", "shop_01", "shop_04", "--format", "json");
      expect(code).toBe(1);
      const { tenants } = JSON.parse(out) as { tenants: { tenant: string }[] };
      expect(tenants.sort((a, b) => a.tenant.localeCompare(b.tenant))).toEqual([
        {
          tenant: "shop_01",
          outcome: "failed",
          version: null,
          error: { code: "TN010", message: expect.stringContaining('The schema "shop_01" is there already') },
        },
        { tenant: "shop_03", outcome: "applied", version: "0002" },
        { tenant: "shop_04", outcome: "applied", version: "0002" },
      ]);
      const again = await run("provision", "shop_03");
      expect([again.code, again.out]).toEqual([
        1,
        expect.stringContaining('Failed: shop_03: The schema "shop_03" is there already'),
      ]);
    }, few);
  });

  it("refuses what can't be, with the way out", async () => {
    await withFleet(async ({ run, write, database }) => {
      const early = await run("provision", "shop_03");
      expect([early.code, early.err]).toEqual([1, expect.stringContaining('The schema "prototype" has no history')]);
      expect((await run("run")).code).toBe(0);
      for (const [names, message] of [
        [["prototype"], '"prototype" (the prototype)'],
        [["pg_x"], '"pg_x" (a schema of PostgreSQL\'s own)'],
        [["a1", "a1"], '"a1" (more than once)'],
        [["x".repeat(64)], "at most 63 bytes"],
      ] as const) {
        const { code, err } = await run("provision", ...names);
        expect([code, err]).toEqual([2, expect.stringContaining(message)]);
      }
      expect((await run("provision")).code).toBe(2);
      write("migrations/tenant/0003_note.sql", note);
      const behind = await run("provision", "shop_03");
      expect([behind.code, behind.err]).toEqual([
        1,
        expect.stringContaining("The prototype lacks 0003. Run that first: tenantry run;"),
      ]);
      await database.sql("drop schema prototype cascade");
      const gone = await run("provision", "shop_03");
      expect([gone.code, gone.err]).toEqual([
        1,
        expect.stringContaining('There is no schema "prototype" to make tenants from.'),
      ]);
    }, few);
  });

  it("asks for a protected connection's name", async () => {
    await withFleet(
      async ({ run }) => {
        expect((await run("run", "--confirm", "server")).code).toBe(0);
        const { code, err } = await run("provision", "shop_03");
        expect([code, err]).toEqual([2, expect.stringContaining("--confirm server")]);
        expect((await run("provision", "shop_03", "--confirm", "server")).code).toBe(0);
      },
      {
        ...few,
        configuration: { connections: { server: { url: `\${env:TEST_DATABASE}`, protected: true } } },
      },
    );
  });
});
