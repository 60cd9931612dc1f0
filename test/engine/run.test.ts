import { describe, expect, it } from "vitest";
import { onEach } from "./databases";
import { type Kind, makeSchemas, plan, run, status } from "./fleet";

const shop = {
  "public/V1__plans.sql": "create table plans (id int primary key, name text);",
  "tenant/V2__orders.sql":
    "create table prototype.orders (id int primary key, plan int references public.plans);\ncreate index orders_plan on prototype.orders (plan);",
  "tenant/V3__notes.sql": "alter table prototype.orders add column note text",
  "public/V4__more.sql": "insert into public.plans values (1, 'free'); -- the end",
  "tenant/V5__rows.sql": "insert into prototype.orders values (1, 1, 'first');",
};

const kinds: Kind[] = ["PostgreSQL", "embedded"];

describe.each(kinds)("a run on %s", (kind) => {
  it("brings 25 tenants through interleaved stages, and then has nothing to do", async () => {
    await onEach(kind, async (fleet) => {
      const names = await makeSchemas(fleet, 25);
      const { summary, events } = await run(fleet, { files: shop });
      expect(summary.counts).toEqual({ applied: 27, unchanged: 0, failed: 0, cancelled: 0, skipped: 0 });
      expect(summary.stopped).toBeNull();
      expect(events[0]).toMatchObject({ event: "plan" });
      expect(events.filter(({ event }) => event === "stage")).toHaveLength(4);
      for (const name of ["prototype", ...names]) {
        expect(await fleet.sql(`select * from "${name}".orders`)).toEqual([{ id: 1, plan: 1, note: "first" }]);
      }
      const report = await status(fleet, { files: shop });
      expect(report.tenants.every(({ state, version }) => state === "current" && version === "5")).toBe(true);
      expect(report.public).toEqual({ version: "4", pending: 0 });
      expect(report.prototype).toEqual({ version: "5", pending: 0 });
      const again = await run(fleet, { files: shop });
      expect(again.summary.counts).toEqual({ applied: 0, unchanged: 26, failed: 0, cancelled: 0, skipped: 0 });
      expect((await plan(fleet, { files: shop })).report).toMatchObject({ stages: [], refusals: [] });
    });
  });
});

describe("canaries", () => {
  const files = {
    "tenant/V1__a.sql":
      "create table prototype.a as select 1 / (current_schema() <> all (array['t01', 't03']))::int as x;",
  };

  it("are the first tenants of all: one that has what the stage brings needs no successor", async () => {
    await onEach("PostgreSQL", async (fleet) => {
      await makeSchemas(fleet, 5);
      const wish = { files, options: { maxFailures: "none" as const, concurrency: 1 } };
      const stopped = await run(fleet, wish);
      expect(stopped.summary.counts).toMatchObject({ applied: 1, failed: 1, skipped: 4 });
      const others = await run(fleet, { ...wish, selection: { tenants: ["t02", "t03"] } });
      expect(others.summary.counts).toMatchObject({ applied: 1, failed: 1, skipped: 0 });
      const rest = await run(fleet, { ...wish, selection: { tenants: ["t02", "t03", "t04", "t05"] } });
      expect(rest.summary.counts).toMatchObject({ applied: 2, unchanged: 1, failed: 1, skipped: 0 });
      expect(rest.events.filter(({ event }) => event === "tenant")).toMatchObject([
        { tenant: "t03", outcome: "failed" },
        { tenant: "t04", outcome: "applied" },
        { tenant: "t05", outcome: "applied" },
      ]);
    });
  });
});
