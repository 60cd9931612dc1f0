import { expect, it } from "vitest";
import { exampleName, formats, readFileName } from "../../server/src/model/formats";

it.each([
  ["m/20261123101500_add_orders.sql", "20261123101500", "add_orders"],
  ["m/0007_orders.sql", "0007", "orders"],
  ["m/0007-orders.sql", "0007", "orders"],
  ["m/0007.sql", "0007", ""],
  ["m/1.2.10_orders.sql", "1.2.10", "orders"],
  ["m/V7__orders.sql", "7", "orders"],
  ["m/V1.2__x.sql", "1.2", "x"],
  ["m/V1_2__x_y.sql", "1.2", "x_y"],
  ["m/0007_orders.up.sql", "0007", "orders"],
  ["prisma/20261123101500_add/migration.sql", "20261123101500", "add"],
  ["m/2026_11_23_101500_add_orders.sql", "2026.11.23.101500", "add_orders"],
  ["m/2026-11-23-add-orders.sql", "2026.11.23", "add-orders"],
  ["m/0007_ORDERS.SQL", "0007", "ORDERS"],
])("%s is version %s", (path, version, name) => {
  expect(readFileName(path, "auto")).toEqual({ kind: "versioned", version, name });
});

it.each(["m/0007_orders.down.sql", "m/U7__orders.sql"])("%s is never run", (path) => {
  expect(readFileName(path, "auto")).toEqual({ kind: "undo" });
});

it("reads repeatable migrations", () => {
  expect(readFileName("m/R__views.sql", "auto")).toEqual({ kind: "repeatable", name: "views" });
});

it.each(["m/seed.sql", "m/migration.sql", "m/V7_orders.sql", "m/v7__orders.sql", "m/7x.sql", "m/0007_orders.txt"])(
  "%s is no migration's name",
  (path) => {
    expect(readFileName(path, "auto")).toBeNull();
  },
);

it("reads by the one convention that is set", () => {
  expect(readFileName("m/0007_orders.sql", "flyway")).toBeNull();
  expect(readFileName("m/0007_orders.sql", "golang-migrate")).toBeNull();
  expect(readFileName("m/V7__orders.sql", "plain")).toBeNull();
});

it.each(formats)("gives an example of %s that it reads itself", (format) => {
  expect(readFileName(`m/${exampleName[format]}`, format)).toMatchObject({ kind: "versioned", name: "add_orders" });
});
