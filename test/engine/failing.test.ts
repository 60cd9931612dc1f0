import { describe, expect, it } from "vitest";
import { onEach } from "./databases";
import { type Fleet, type Kind, makeSchemas, plan, run, status } from "./fleet";

const kinds: Kind[] = ["PostgreSQL", "embedded"];

/** The 13th tenant has a row that the check refuses. */
const first = { "tenant/V1__orders.sql": "create table prototype.orders (id int primary key, amount int);" };
const files = {
  ...first,
  "tenant/V2__notes.sql": "alter table prototype.orders add column note text;",
  "tenant/V3__check.sql":
    "-- No order is negative.\nselect 1;\nalter table prototype.orders\n  add constraint positive check (amount > 0);",
};

async function withBadThirteenth(fleet: Fleet): Promise<void> {
  await makeSchemas(fleet, 25);
  await run(fleet, { files: first });
  await fleet.sql("insert into t13.orders values (1, -5);");
}

async function columnsOf(fleet: Fleet, schema: string): Promise<string[]> {
  const rows = await fleet.sql<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = '${schema}.orders'::regclass and attnum > 0 order by attnum`,
  );
  return rows.map(({ name }) => name);
}

describe.each(kinds)("a tenant that fails on %s", (kind) => {
  it("is rolled back wholly, is told with its place, and harms nobody; the next run does what is missing", async () => {
    await onEach(kind, async (fleet) => {
      await withBadThirteenth(fleet);
      const { summary, events } = await run(fleet, { files, options: { maxFailures: "none" } });
      expect(summary.counts).toMatchObject({ applied: 25, failed: 1, skipped: 0 });
      expect(summary.failures).toMatchObject([
        { code: "23514", file: "tenant/V3__check.sql", line: 3, column: 1, tenants: ["t13"] },
      ]);
      expect(events.filter((event) => event.event === "tenant" && event.outcome === "failed")).toHaveLength(1);
      expect(await columnsOf(fleet, "t13")).toEqual(["id", "amount"]);
      expect(await columnsOf(fleet, "t14")).toEqual(["id", "amount", "note"]);
      const report = await status(fleet, { files });
      expect(report.tenants.filter(({ state }) => state !== "current")).toEqual([
        { tenant: "t13", version: "1", pending: 2, state: "failed" },
      ]);

      await fleet.sql("update t13.orders set amount = 5;");
      const again = await plan(fleet, { files });
      expect(again.report.stages).toMatchObject([{ versions: ["2", "3"], tenants: ["t13"] }]);
      const second = await run(fleet, { files });
      expect(second.summary.counts).toMatchObject({ applied: 1, unchanged: 25 });
      expect(await columnsOf(fleet, "t13")).toEqual(["id", "amount", "note"]);
    });
  });

  it("is told with the place in the file as it is written, whatever the tenant is called", async () => {
    await onEach(kind, async (fleet) => {
      await fleet.sql(`create schema "t with a much longer name"; create table "t with a much longer name".a (id int);
        insert into "t with a much longer name".a values (1);`);
      const before = "alter table prototype.a add column b int; alter table prototype.a add column c int;\n";
      const cases: [string, number, number | null][] = [
        // Names that were replaced before it, and on its own line.
        [`${before}alter table prototype.a add column d prototype.nothing;`, 2, 38],
        // No position from the server: the statement, by how many were done before.
        [`${before}select 1;\nalter table prototype.a\n  add column d int not null;`, 3, 1],
        ["insert into prototype.a\n  select count(*) from prototype.a having 1 / (count(*) - 1) > 0;", 1, 1],
        // Inside of functions that run at once.
        [`${before}do $$\nbegin\n  perform 1;\n  update prototype.a set nothing = 1;\nend $$;`, 5, 3],
        ["create function prototype.f() returns int language sql as $$\n  select nothing from prototype.a\n$$;", 2, 10],
        [
          "create function prototype.f() returns int language plpgsql as $$ begin\nreturn 1 / 0;\nend $$;\nselect prototype.f();",
          4,
          1,
        ],
      ];
      for (const [text, line, column] of cases) {
        const { summary } = await run(fleet, { files: { "tenant/V1__x.sql": text } });
        expect(summary.failures, text).toMatchObject([{ file: "tenant/V1__x.sql", line, column }]);
      }
    });
  });

  it("has what the server said recorded, as every outcome has", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const text =
        "do $$ begin raise notice 'hello'; raise warning 'careful'; end $$;\ndrop table if exists prototype.nothing;";
      await run(fleet, { files: { "tenant/V1__x.sql": text } });
      const rows = await fleet.sql(
        "select schema_name, notices, milliseconds >= 0 as timed from tenantry.outcomes order by 1",
      );
      const notices = 'NOTICE: hello\nWARNING: careful\nNOTICE: table "nothing" does not exist, skipping';
      expect(rows).toEqual(["prototype", "t01", "t02"].map((schema_name) => ({ schema_name, notices, timed: true })));
    });
  });

  it("stops the run where one failure is the most that may be", async () => {
    await onEach(kind, async (fleet) => {
      await withBadThirteenth(fleet);
      const { summary } = await run(fleet, { files, options: { concurrency: 1 } });
      expect(summary).toMatchObject({ counts: { applied: 13, failed: 1, skipped: 12 }, stopped: "failures" });
      expect((await status(fleet, { files })).tenants.filter(({ state }) => state === "pending")).toHaveLength(12);
    });
  });

  it("stops the run at once where it is the prototype", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 3);
      const broken = { "tenant/V1__x.sql": "create table prototype.a ();\ncreate table prototype.a ();" };
      const { summary } = await run(fleet, { files: broken, options: { maxFailures: "none" } });
      expect(summary).toMatchObject({ counts: { failed: 1, skipped: 3 }, stopped: "failures" });
      expect(summary.failures).toMatchObject([{ code: "42P07", line: 2, tenants: ["prototype"] }]);
      expect(await fleet.sql("select to_regclass('prototype.a') as a")).toEqual([{ a: null }]);
    });
  });

  it("keeps later stages from beginning", async () => {
    await onEach(kind, async (fleet) => {
      await withBadThirteenth(fleet);
      const { summary } = await run(fleet, {
        files: { ...files, "public/V4__x.sql": "create table public.x ();" },
        options: { maxFailures: { percent: 50 } },
      });
      expect(summary).toMatchObject({ counts: { applied: 25, failed: 1, skipped: 1 }, stopped: "failures" });
      expect(await fleet.sql("select to_regclass('public.x') as x")).toEqual([{ x: null }]);
    });
  });

  it("keeps what it had before where each migration is committed alone", async () => {
    await onEach(kind, async (fleet) => {
      await withBadThirteenth(fleet);
      const { summary } = await run(fleet, { files, options: { maxFailures: "none", transaction: "migration" } });
      expect(summary.counts).toMatchObject({ applied: 25, failed: 1 });
      expect(await status(fleet, { files })).toMatchObject({
        tenants: expect.arrayContaining([{ tenant: "t13", version: "2", pending: 1, state: "failed" }]),
      });
    });
  });
});
