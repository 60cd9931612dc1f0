import { describe, expect, it } from "vitest";
import { compareVersions, findDuplicates, type Ordered, orderMigrations } from "../../server/src/model/history";
import { nextVersion } from "../../server/src/model/nextVersion";

describe("compareVersions", () => {
  it.each([
    ["2", "10"],
    ["0007", "8"],
    ["1.2", "1.10"],
    ["1", "1.0.1"],
    ["9", "20261123101500"],
    ["99999999999999999999", "100000000000000000000"],
  ])("puts %s before %s", (lower, higher) => {
    expect(compareVersions(lower, higher)).toBeLessThan(0);
    expect(compareVersions(higher, lower)).toBeGreaterThan(0);
  });

  it.each([
    ["7", "0007"],
    ["1", "1.0"],
    ["0", "000"],
  ])("holds %s and %s for the same", (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });
});

describe("orderMigrations", () => {
  const files = [
    migration("tenant", "10", "b"),
    migration("tenant", null, "views"),
    migration("public", "9", "a"),
    migration("public", null, "reports"),
    migration("public", "11", "c"),
    migration("tenant", "2", "first"),
  ];

  it("is one history over both scopes, repeatable ones last", () => {
    expect(orderMigrations(files, "interleaved").map(({ name }) => name)).toEqual([
      "first",
      "a",
      "b",
      "c",
      "reports",
      "views",
    ]);
  });

  it("puts all public ones first where the folders number on their own", () => {
    expect(orderMigrations(files, "public-first").map(({ name }) => name)).toEqual([
      "a",
      "c",
      "first",
      "b",
      "reports",
      "views",
    ]);
  });
});

describe("findDuplicates", () => {
  const ordered = [
    migration("public", "7", "a"),
    migration("tenant", "007", "b"),
    migration("tenant", "7.0", "c"),
    migration("tenant", "8", "d"),
  ];

  it("finds every file that claims a version, however it is written", () => {
    expect(findDuplicates(ordered, "interleaved")).toEqual([
      { version: "7", paths: ["public/a.sql", "tenant/b.sql", "tenant/c.sql"] },
    ]);
  });

  it("lets two folders that number on their own use one version each", () => {
    expect(findDuplicates(ordered, "public-first")).toEqual([
      { version: "007", paths: ["tenant/b.sql", "tenant/c.sql"] },
    ]);
  });

  it("finds repeatable migrations of one name", () => {
    const first = { ...migration("tenant", null, "views"), path: "tenant/one/R__views.sql" };
    const second = { ...migration("tenant", null, "views"), path: "tenant/two/R__views.sql" };
    const other = migration("public", null, "views");
    expect(findDuplicates([other, first, second], "interleaved")).toEqual([
      { version: null, paths: [first.path, second.path] },
    ]);
  });
});

describe("nextVersion", () => {
  const now = new Date("2026-11-23T10:15:30.456Z");

  it.each([
    [[], "20261123101530"],
    [["0007", "0002"], "0008"],
    [["9", "10"], "11"],
    [["099"], "100"],
    [["1.2", "1.10"], "1.11"],
    [["20250101000000"], "20261123101530"],
    [["20250101"], "20261123"],
    [["202501010000"], "202611231015"],
    [["1700000000"], "1795428930"],
    [["2025.01.31.101500"], "2026.11.23.101530"],
    [["20991231235959"], "20991231235960"],
    [["20261123101530"], "20261123101531"],
  ])("after %j is %s", (versions, next) => {
    expect(nextVersion(versions, now)).toBe(next);
  });
});

function migration(scope: Ordered["scope"], version: string | null, name: string): Ordered {
  return { path: `${scope}/${name}.sql`, scope, version, name };
}
