import { describe, expect, it } from "vitest";
import { runLines, statusJson } from "./contract";
import { names, summaryOf, withFleet } from "./fleet";

const note = { "migrations/tenant/0003_note.sql": "ALTER TABLE prototype.orders ADD COLUMN note text;\n" };

const stateOf = async (run: (...words: string[]) => Promise<{ out: string }>, tenant: string) =>
  statusJson
    .parse(JSON.parse((await run("status", "--format", "json")).out))
    .tenants.find((one) => one.tenant === tenant);

describe("a tenant that is skipped", () => {
  it("is left out by name and reason, holds no stage up, and gets what it missed once that is taken back", async () => {
    await withFleet(async ({ run, write, database }) => {
      expect((await run("skip", "shop_03", "--reason", "their data is being repaired")).code).toBe(0);
      expect((await run("plan")).out).toMatch(/shop_03: Left out by .+: their data is being repaired/);
      const first = runLines((await run("run", "--format", "json")).out);
      expect(first.filter((line) => line.event === "tenant" && line.outcome === "skipped")).toMatchObject([
        { tenant: "shop_03", versions: ["0002"], error: { code: "skipped", message: /their data is being repaired/ } },
      ]);
      expect(summaryOf(first)).toMatchObject({ counts: { applied: 21, skipped: 1, failed: 0 }, stopped: null });
      // A public migration begins a stage that the tenant isn't waited for.
      write("migrations/public/0004_more.sql", "CREATE TABLE public.more (id int);\n");
      expect((await run("run")).code).toBe(0);
      expect(await stateOf(run, "shop_03")).toEqual({ tenant: "shop_03", version: null, pending: 1, state: "skipped" });
      const text = await run("status");
      expect(text.out).toContain("20 tenants: 19 at 0002 · 1 left out");
      expect(text.out).toMatch(/shop_03 +– +Left out by .+ on .+: their data is being repaired/);
      expect(text.out).toContain("`tenantry skip TENANT --undo`");
      const [recorded] = await database.sql(
        "select outcome, code, message from tenantry.outcomes where schema_name = 'shop_03'",
      );
      expect(recorded).toMatchObject({ outcome: "skipped", code: "skipped" });

      expect((await run("skip", "shop_03", "--undo")).code).toBe(0);
      expect(await stateOf(run, "shop_03")).toMatchObject({ state: "pending" });
      const last = runLines((await run("run", "--format", "json")).out);
      expect(summaryOf(last).counts).toMatchObject({ applied: 1, skipped: 0, unchanged: 20 });
      const [decision] = await database.sql(
        "select kind, reason, user_name <> '' as by, undone_at > decided_at as undone from tenantry.decisions",
      );
      expect(decision).toEqual({ kind: "skip", reason: "their data is being repaired", by: true, undone: true });
    });
  });

  it("is told how to be taken back on the same connection", async () => {
    await withFleet(
      async ({ run }) => {
        const words = ["skip", "shop_01", "--reason", "one", "--connection", "other", "--confirm", "other"];
        const { code, out } = await run(...words);
        expect([code, out]).toEqual([
          0,
          expect.stringContaining("with: tenantry skip shop_01 --undo --connection other --confirm other"),
        ]);
      },
      {
        configuration: {
          connections: {
            server: { url: `\${env:TEST_DATABASE}` },
            other: { url: `\${env:TEST_DATABASE}`, protected: true },
          },
        },
      },
    );
  });

  it("stays left out when its schema gets another name, or is made again", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run")).code).toBe(0);
        await run("skip", "shop_01", "--reason", "one");
        await run("skip", "shop_02", "--reason", "two");
        await database.sql(`alter schema shop_01 rename to shop_99; update public.tenants set name = 'shop_99' where name = 'shop_01';
          drop schema shop_02 cascade; create schema shop_02;`);
        expect(await stateOf(run, "shop_99")).toMatchObject({ state: "skipped", version: "0003" });
        expect(await stateOf(run, "shop_02")).toMatchObject({ state: "skipped", version: null });
        // What is left out refuses no plan.
        expect((await run("plan")).code).toBe(0);
        expect((await run("skip", "shop_99", "--undo")).code).toBe(0);
        expect(await stateOf(run, "shop_99")).toMatchObject({ state: "renamed" });
      },
      { tenants: names.slice(0, 3), files: note },
    );
  });

  it("is asked for with a reason, by a tenant's name", async () => {
    await withFleet(
      async ({ run }) => {
        for (const words of [
          ["shop_01"],
          ["shop_01", "--reason", " "],
          ["shop_01", "--undo"],
          ["shop_01", "--undo", "--reason", "x"],
          ["nobody", "--reason", "x"],
          ["prototype", "--reason", "x"],
        ]) {
          expect([words, (await run("skip", ...words)).code]).toEqual([words, 2]);
        }
        const json = await run("skip", "shop_01", "--reason", "x", "--format", "json");
        expect(JSON.parse(json.out)).toEqual({ tenant: "shop_01", skipped: true, reason: "x" });
      },
      { tenants: names.slice(0, 2) },
    );
  });
});
