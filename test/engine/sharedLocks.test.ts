import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { SharedReferences } from "../../server/src/engine/sharedLocks";
import { analyse } from "../../server/src/sql/analyse";
import { heldLocks } from "../model/heldLocks";
import { withDatabase } from "../support/database";
import { migrationsOf, settings } from "./fleet";

const key = "create table prototype.orders (id int, plan int constraint of_plan references public.plans, total int);";

/** The locks that each of the files takes, one after the other. */
async function locksOf(...texts: string[]): Promise<string[]> {
  const references = new SharedReferences(settings);
  const files = Object.fromEntries(texts.map((text, index) => [`tenant/V${index + 1}__x.sql`, text]));
  const locks: string[] = [];
  for (const migration of migrationsOf(files)) {
    const { statements } = await analyse(migration.text, settings.dialect);
    locks.push(
      references
        .follow(migration, statements)
        .map(({ table, mode }) => `${table} ${mode}`)
        .join(", "),
    );
  }
  return locks;
}

/** What the server locks of the shared table. */
async function locksTaken(before: string, change: string): Promise<string> {
  return await withDatabase(async ({ sql, url }) => {
    await sql(`create table plans (id int primary key); create schema prototype; ${before}`);
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ oid: number }>("select 'plans'::regclass::oid as oid");
      await client.query(`begin; ${change}`);
      const held = await heldLocks(client, new Map(rows.map(({ oid }) => [oid, "plans"])));
      return held.map(([table, mode]) => `${table} ${mode}`).join(", ");
    } finally {
      await client.end();
    }
  });
}

describe("the shared tables that a tenant migration locks", () => {
  it("are also those of other schemas that all tenants share", async () => {
    const texts = [
      "create table prototype.a (u int references auth.users); alter table prototype.a add foreign key (u) references public.users;",
      "alter table prototype.a drop column u;",
      "create table pg_temp.b (u int); create index on pg_temp.b (u);",
    ];
    const locks = [];
    const references = new SharedReferences(settings);
    for (const migration of migrationsOf(
      Object.fromEntries(texts.map((text, index) => [`tenant/V${index + 1}__x.sql`, text])),
    ))
      locks.push(references.follow(migration, (await analyse(migration.text, settings.dialect)).statements));
    const both = (mode: string) => [
      { table: "users", mode },
      { schema: "auth", table: "users", mode },
    ];
    expect(locks).toEqual([both("SHARE ROW EXCLUSIVE"), both("ACCESS EXCLUSIVE"), []]);
  });

  it("are those that a repeatable one locks when it is run again", async () => {
    const references = new SharedReferences(settings);
    const [repeatable] = migrationsOf({
      "tenant/R__keys.sql": `create table if not exists prototype.orders (plan int);
        alter table prototype.orders drop constraint if exists of_plan;
        alter table prototype.orders add constraint of_plan foreign key (plan) references public.plans;`,
    });
    if (repeatable === undefined) throw new Error("There is no migration.");
    const { statements } = await analyse(repeatable.text, settings.dialect);
    expect(references.follow(repeatable, statements)).toEqual([{ table: "plans", mode: "ACCESS EXCLUSIVE" }]);
  });

  it("are those that its keys point at", async () => {
    expect(
      await locksOf(key, "alter table prototype.orders add foreign key (total) references public.countries;"),
    ).toEqual(["plans SHARE ROW EXCLUSIVE", "countries SHARE ROW EXCLUSIVE"]);
    expect(await locksOf("create table prototype.a (b int references prototype.c);")).toEqual([""]);
  });

  it("are locked against everything where a key goes with its column, its name or its table, or gets another type", async () => {
    for (const change of [
      "alter table prototype.orders drop column plan",
      "alter table prototype.orders alter column plan type bigint",
      "alter table prototype.orders drop constraint of_plan",
      "drop table prototype.orders",
      "do $$ begin drop table if exists prototype.orders; end $$",
    ])
      expect(await locksOf(key, change)).toEqual(["plans SHARE ROW EXCLUSIVE", "plans ACCESS EXCLUSIVE"]);
  });

  it("are left alone by what only names the key's column", async () => {
    for (const change of [
      "alter table prototype.orders alter column plan drop not null",
      "alter table prototype.orders drop column total, alter column plan set default 1",
      "alter table prototype.orders alter column total type bigint using total + plan",
      "comment on column prototype.orders.plan is 'drop me'",
    ])
      expect(await locksOf(key, change)).toEqual(["plans SHARE ROW EXCLUSIVE", ""]);
  });

  it("are found through renamed tables and columns, and not any more when the key is gone", async () => {
    expect(
      await locksOf(
        key,
        "alter table prototype.orders rename to purchases; alter table prototype.purchases rename column plan to tariff;",
        "alter table prototype.purchases drop column tariff;",
        "drop table prototype.purchases;",
      ),
    ).toEqual(["plans SHARE ROW EXCLUSIVE", "", "plans ACCESS EXCLUSIVE", ""]);
  });

  describe("where its table is partitioned", () => {
    const visits = `create table prototype.visits (at int, plan int references public.plans) partition by range (at);
      create table prototype.loose (at int, plan int); create table prototype.keyed (at int, plan int references public.plans);
      create table prototype.visits_1 partition of prototype.visits for values from (0) to (1);`;
    const values = "for values from (1) to (2)";

    it.each([
      [`create table prototype.visits_2 partition of prototype.visits ${values}`, "plans SHARE ROW EXCLUSIVE"],
      [`alter table prototype.visits attach partition prototype.loose ${values}`, "plans SHARE ROW EXCLUSIVE"],
      [`alter table prototype.visits attach partition prototype.keyed ${values}`, "plans ACCESS EXCLUSIVE"],
      ["alter table prototype.visits detach partition prototype.visits_1", "plans SHARE ROW EXCLUSIVE"],
      ["drop table prototype.visits_1", ""],
      ["drop table prototype.visits", "plans ACCESS EXCLUSIVE"],
    ])("%s", async (change, locks) => {
      expect(await locksOf(visits, change)).toEqual(["plans SHARE ROW EXCLUSIVE", locks]);
      expect(await locksTaken(visits, change)).toBe(locks);
    });

    it("has its partitions' keys followed, whatever they are called and whose they are", async () => {
      const changes = [
        "alter table prototype.visits rename to calls; alter table prototype.visits_1 rename to calls_1;",
        "alter table prototype.calls detach partition prototype.calls_1;",
        "drop table prototype.calls_1;",
        "create table prototype.calls_2 partition of prototype.calls for values from (2) to (9) partition by range (at);",
        "create table prototype.calls_3 partition of prototype.calls_2 for values from (3) to (4);",
        "alter table prototype.calls drop constraint visits_plan_fkey;",
        "create table prototype.calls_4 partition of prototype.calls_2 for values from (4) to (5);",
      ];
      const locks = ["", "SHARE ROW", "ACCESS", "SHARE ROW", "SHARE ROW", "ACCESS", ""];
      const expected = locks.map((mode) => (mode === "" ? "" : `plans ${mode} EXCLUSIVE`));
      expect((await locksOf(visits, ...changes)).slice(1)).toEqual(expected);
      for (const [index, change] of changes.entries())
        expect(await locksTaken(visits + changes.slice(0, index).join(""), change)).toBe(expected[index]);
    });
  });

  it("are found where a table is said to be a partition of itself, which no server takes", async () => {
    const change = "alter table prototype.orders attach partition prototype.orders default;";
    expect(await locksOf(key, change, "drop table prototype.orders;")).toHaveLength(3);
  });

  it("are locked in one order, each as strongly as any of the statements needs it", async () => {
    const text = `${key} alter table prototype.orders add foreign key (total) references public.countries; drop table prototype.orders;`;
    expect(await locksOf(text)).toEqual(["countries ACCESS EXCLUSIVE, plans ACCESS EXCLUSIVE"]);
  });
});
