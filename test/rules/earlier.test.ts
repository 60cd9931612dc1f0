import { expect, it } from "vitest";
import { defaultConfiguration } from "../../server/src/project/configuration";
import { openEarlier } from "../../server/src/rules/earlier";
import { summaryOf } from "../../server/src/rules/summary";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";

const summaries = async (text: string, dialect: Dialect = "postgresql") =>
  (await analyse(text, dialect)).statements.map((statement) => summaryOf(text, statement, dialect));

it("of two tables that one statement locks the first stays the first, whatever is edited behind it", async () => {
  const earlier = openEarlier({ settings: defaultConfiguration(), scope: "tenant", transactional: true });
  const end = await summaries("SELECT 1");
  earlier.replace(0, 0, [...(await summaries("TRUNCATE prototype.orders, prototype.items")), ...end, ...end]);
  expect(earlier.before(2).firstExclusive()).toBe("prototype.orders");
  earlier.replace(1, 1, await summaries("ALTER TABLE prototype.orders ADD COLUMN note text"));
  expect(earlier.before(2).firstExclusive()).toBe("prototype.orders");
  expect(earlier.before(2).exclusiveCount()).toBe(2);
});

it("a table stays locked for the statements behind, whatever is given its name further on", async () => {
  const earlier = openEarlier({ settings: defaultConfiguration(), scope: "tenant", transactional: true });
  const text = `ALTER TABLE prototype.a ADD b int; SELECT 1; ALTER TABLE prototype.c ADD d int;
    ALTER TABLE prototype.c RENAME TO a;`;
  earlier.replace(0, 0, await summaries(text));
  expect(earlier.before(1).firstExclusive()).toBe("prototype.a");
});

it("a table is locked no more once the statements are gone that locked and renamed it, also beside another table", async () => {
  const settings = { ...defaultConfiguration(), dialect: "sqlserver" as const };
  const earlier = openEarlier({ settings, scope: "tenant", transactional: true });
  const text = `ALTER SCHEMA dbo TRANSFER prototype.orders;
    CREATE TABLE prototype.prices (id int)
    ALTER SCHEMA sales TRANSFER dbo.orders;`;
  const both = await summaries(text, "sqlserver");
  earlier.replace(0, 0, both);
  earlier.replace(0, both.length, await summaries("SELECT 1; SELECT 2", "sqlserver"));
  expect(earlier.before(1).firstExclusive()).toBe(null);
});
