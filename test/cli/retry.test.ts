import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runLines } from "./contract";
import { names, summaryOf, withFleet } from "./fleet";

const files = {
  "migrations/tenant/0003_note.sql": "ALTER TABLE prototype.orders ADD COLUMN note text NOT NULL;\n",
  "migrations/public/0004_more.sql": "CREATE TABLE public.more (id int);\n",
  "migrations/tenant/0005_last.sql": "CREATE TABLE prototype.last (id int);\n",
};
const tenants = names.slice(0, 6);
const configuration = { run: { maxFailures: "none" } };

/** Two tenants have orders, which the third migration can't cope with. */
const spoilt = "insert into shop_03.orders values (1); insert into shop_05.orders values (1);";

const stagesOf = (out: string) => {
  const [first] = runLines(out);
  return first?.event === "plan" ? first.stages.map(({ versions, tenants: whom }) => [versions, whom]) : [];
};

describe("retry", () => {
  it("does what failed in the last run, and nothing else", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql(spoilt);
        const spoiled = await run("run");
        expect([spoiled.code, spoiled.out]).toEqual([
          1,
          expect.stringContaining("2 failed · 5 applied in part · 1 not begun"),
        ]);
        expect((await run("runs")).out).toContain("2 failed · 5 applied in part · 1 not begun");
        await database.sql("delete from shop_03.orders");
        const first = await run("retry", "--format", "json");
        expect([first.code, stagesOf(first.out)[0]]).toEqual([1, [["0003"], ["shop_03", "shop_05"]]]);
        expect(summaryOf(runLines(first.out)).counts).toMatchObject({ skipped: 2, failed: 1 });
        await database.sql("delete from shop_05.orders");
        const second = await run("retry", "--format", "json");
        // Everybody has 0003 now, so that what follows holds nobody up.
        expect([second.code, stagesOf(second.out)]).toEqual([
          0,
          [
            [["0003"], ["shop_05"]],
            [["0004"], ["public"]],
            [["0005"], ["shop_05"]],
          ],
        ]);
        const nothing = await run("retry");
        expect(nothing.code).toBe(0);
        expect(nothing.out).toMatch(/Nothing to retry: nothing failed in the last run \(by .+\)\./);
        expect(summaryOf(runLines((await run("run", "--format", "json")).out)).counts).toMatchObject({
          applied: 6,
          unchanged: 1,
        });
      },
      { tenants, files, configuration },
    );
  });

  it("goes on with the others where the first fails again, which is no canary by that", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql(spoilt);
        expect((await run("run")).code).toBe(1);
        await database.sql("delete from shop_05.orders");
        const { code, out } = await run("retry", "--to", "0003", "--format", "json");
        expect([code, summaryOf(runLines(out)).counts]).toEqual([
          1,
          { applied: 1, unchanged: 0, failed: 1, cancelled: 0, skipped: 0 },
        ]);
      },
      { tenants, files, configuration },
    );
  });

  it("goes no further than those allow that weren't begun", async () => {
    await withFleet(
      async ({ run, database }) => {
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql("insert into shop_01.orders values (1);");
        expect((await run("run")).code).toBe(1);
        await database.sql("delete from shop_01.orders");
        const { code, out } = await run("retry", "--format", "json");
        expect([code, stagesOf(out)]).toEqual([0, [[["0003"], ["shop_01"]]]]);
      },
      { tenants, files },
    );
  });

  it("goes on with what a retry before it set out for and didn't come to", async () => {
    await withFleet(
      async ({ run, database, path, write }) => {
        const fail = tenants.slice(2);
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql(fail.map((name) => `insert into ${name}.orders values (1);`).join("\n"));
        expect((await run("run", "--to", "0003")).code).toBe(1);
        const whole = JSON.parse(readFileSync(join(path, "tenantry.json"), "utf8"));
        write("tenantry.json", JSON.stringify({ ...whole, run: { maxFailures: 1, concurrency: 1 } }));
        const halted = await run("retry", "--to", "0003", "--format", "json");
        expect(summaryOf(runLines(halted.out)).counts).toMatchObject({ failed: 1, skipped: 3 });
        await database.sql(fail.map((name) => `delete from ${name}.orders;`).join("\n"));
        const { code, out } = await run("retry", "--to", "0003", "--format", "json");
        expect([code, stagesOf(out)]).toEqual([0, [[["0003"], fail]]]);
        expect((await run("retry", "--to", "0003")).out).toContain("nothing failed in the last run");
      },
      { tenants, files, configuration },
    );
  });

  it("takes a public migration up again that failed", async () => {
    await withFleet(
      async ({ run, database }) => {
        await database.sql("create table public.more (id int)");
        expect((await run("run")).code).toBe(1);
        await database.sql("drop table public.more");
        const { code, out } = await run("retry", "--format", "json");
        expect([code, stagesOf(out)]).toEqual([0, [[["0004"], ["public"]]]]);
      },
      { tenants, files },
    );
  });

  it("says what there isn't to retry, and who is gone", async () => {
    await withFleet(
      async ({ run, database }) => {
        const none = await run("retry");
        expect([none.code, none.out]).toEqual([0, expect.stringContaining("no run is recorded")]);
        expect((await run("run", "--to", "0002")).code).toBe(0);
        await database.sql(spoilt);
        expect((await run("run")).code).toBe(1);
        const other = await run("retry", "--tenants", "shop_01,shop_03");
        expect([other.code, other.err]).toEqual([2, expect.stringContaining('"shop_01" didn\'t fail in the last run')]);
        await database.sql(`delete from shop_05.orders; drop schema shop_03 cascade; delete from public.tenants where name = 'shop_03';
          alter schema shop_05 rename to shop_55; update public.tenants set name = 'shop_55' where name = 'shop_05';`);
        const { code, out } = await run("retry");
        expect(code).toBe(0);
        expect(out).toContain("Left out: shop_03 failed in the last run, and is no tenant any more.");
        expect(out).toContain("shop_55");
      },
      { tenants, files, configuration },
    );
  });
});
