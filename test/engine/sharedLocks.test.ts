import { describe, expect, it } from "vitest";
import { SharedReferences } from "../../server/src/engine/sharedLocks";
import { analyse } from "../../server/src/sql/analyse";
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

describe("the shared tables that a tenant migration locks", () => {
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

  it("are locked in one order, each as strongly as any of the statements needs it", async () => {
    const text = `${key} alter table prototype.orders add foreign key (total) references public.countries; drop table prototype.orders;`;
    expect(await locksOf(text)).toEqual(["countries ACCESS EXCLUSIVE, plans ACCESS EXCLUSIVE"]);
  });
});
