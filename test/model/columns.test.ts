import { describe, expect, it } from "vitest";
import { folded } from "./folded";

describe("what is known of a column", () => {
  it("is its type at that point of the history", async () => {
    const catalog = await folded(
      "create table prototype.orders (id bigint primary key, code varchar(10))",
      "alter table prototype.orders alter code type text; alter table prototype.orders add note int",
    );
    expect(catalog.column("prototype", "orders", "id")).toMatchObject({ type: { name: "bigint" }, notNull: true });
    expect(catalog.column("prototype", "orders", "code")).toMatchObject({ type: { name: "text" }, notNull: false });
    expect(catalog.column("prototype", "orders", "note")).toMatchObject({ type: { name: "integer" } });
    expect(catalog.column("prototype", "orders", "absent")).toBeNull();
    expect(catalog.column("public", "orders", "id")).toBeNull();
  });

  it("follows the table and the column through their names", async () => {
    const catalog = await folded(
      "create table prototype.orders (id bigint not null)",
      "alter table prototype.orders rename to sales; alter table prototype.sales rename column id to sale_id",
      "alter table prototype.sales set schema archive",
    );
    expect(catalog.column("archive", "sales", "sale_id")).toMatchObject({ type: { name: "bigint" }, notNull: true });
    expect(catalog.column("prototype", "orders", "id")).toBeNull();
  });

  it("is told of views by what their queries give, and of no view alone", async () => {
    const catalog = await folded(
      "create table prototype.orders (id bigint, note text); create table public.plans (title text)",
      "create view prototype.v as select *, 1 as one from orders, plans; create view prototype.w as select v.* from prototype.v",
      "alter table prototype.orders add late int; drop view prototype.v cascade",
    );
    expect(catalog.columns("prototype", "w").map(({ name }) => name)).toEqual(["id", "note", "title", "one"]);
    expect(catalog.columns("prototype", "v")).toEqual([]);
    expect(catalog.column("prototype", "w", "id")).toBeNull();
  });

  it("is told with the table's others in their order, by the names that they have then", async () => {
    const catalog = await folded(
      "create table prototype.orders (id bigint not null, code text, old int, note text)",
      "alter table prototype.orders rename code to label; alter table prototype.orders drop old",
    );
    expect(catalog.columns("prototype", "orders").map(({ name, notNull }) => [name, notNull])).toEqual([
      ["id", true],
      ["label", false],
      ["note", false],
    ]);
    expect(catalog.columns("public", "orders")).toEqual([]);
  });

  it("counts a check that all rows were held to as NOT NULL", async () => {
    const table = "create table prototype.orders (id bigint)";
    const check = "alter table prototype.orders add constraint c check (id is not null) not valid";
    const validated = "alter table prototype.orders validate constraint c";
    const notNull = async (...texts: string[]) => (await folded(...texts)).column("prototype", "orders", "id")?.notNull;
    expect(await notNull(table)).toBe(false);
    expect(await notNull(table, check)).toBe(false);
    expect(await notNull(table, check, validated)).toBe(true);
    expect(await notNull(table, check, validated, "alter table prototype.orders drop constraint c")).toBe(false);
    expect(await notNull(table, "alter table prototype.orders add check (id > 0 or id is not null)")).toBe(false);
    expect(await notNull(table, "alter table prototype.orders alter id set not null")).toBe(true);
  });
});
