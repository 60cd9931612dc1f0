import { describe, expect, it } from "vitest";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, run } from "./fleet";

const first = { "tenant/V1__orders.sql": "create table prototype.orders (id int primary key, amount int);" };
/** Says where it is, and fails where a tenant has a row that the check refuses. */
const files = {
  ...first,
  "tenant/V2__check.sql":
    "do $$ begin raise notice 'in %', current_schema(); end $$;\nalter table prototype.orders add constraint positive check (amount > 0);",
};

async function withBad(fleet: Fleet, bad: (place: number) => boolean): Promise<string[]> {
  const names = await makeSchemas(fleet, 24);
  await run(fleet, { files: first });
  const failing = names.filter((_, index) => bad(index + 1));
  await fleet.sql(failing.map((name) => `insert into ${name}.orders values (1, -5);`).join("\n"));
  return failing;
}

describe("a tenant whose message is sent while the one before is at work", () => {
  it("is done nothing to where that fails and none may fail more", async () => {
    await onServer(async (fleet) => {
      await withBad(fleet, (place) => place === 9);
      const { summary, events } = await run(fleet, { files, options: { concurrency: 1 } });
      const applied = events.flatMap((event) =>
        event.event === "tenant" && event.outcome === "applied" ? [event.tenant] : [],
      );
      expect(summary).toMatchObject({ counts: { applied: applied.length, failed: 1 }, stopped: "failures" });
      expect(applied).toEqual(["prototype", "t01", "t02", "t03", "t04", "t05", "t06", "t07", "t08"]);
      expect(await fleet.sql("select count(*)::int as rows from tenantry.history where key = '2'")).toEqual([
        { rows: applied.length },
      ]);
    });
  });

  it("is done once and in one attempt where others before it fail, and what the server said of it is its own", async () => {
    await onServer(async (fleet) => {
      const failing = await withBad(fleet, (place) => place > 1 && place % 2 === 0);
      const { summary, events } = await run(fleet, { files, options: { concurrency: 2, maxFailures: "none" } });
      expect(summary.counts).toMatchObject({ applied: 25 - failing.length, failed: failing.length });
      const tenants = events.flatMap((event) => (event.event === "tenant" ? [event] : []));
      expect(tenants.map(({ attempts }) => attempts)).toEqual(tenants.map(() => 1));
      expect(
        await fleet.sql(
          `select count(*)::int as rows, bool_and(notices = 'NOTICE: in ' || schema_name) as own
           from tenantry.outcomes where run_id = (select id from tenantry.runs order by started_at desc limit 1)`,
        ),
      ).toEqual([{ rows: 25, own: true }]);
    });
  });

  it("is told to have taken what it took, also where its answer comes with another's", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 8);
      const slow = { "tenant/V1__slow.sql": "select pg_sleep(0.05);" };
      const { events } = await run(fleet, { files: slow, options: { concurrency: 1 } }, {}, (event) => {
        // Nothing is read until the server is through with what is underway.
        if (event.event === "tenant") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      });
      const times = events.flatMap((event) => (event.event === "tenant" ? [event.milliseconds] : []));
      expect(times).toHaveLength(9);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
    });
  });
});
