import { expect, it } from "vitest";
import { defaultConfiguration } from "../../server/src/project/configuration";
import { openEarlier } from "../../server/src/rules/earlier";
import { summaryOf } from "../../server/src/rules/summary";
import { analyse } from "../../server/src/sql/analyse";

it("of two tables that one statement locks the first stays the first, whatever is edited behind it", async () => {
  const summaries = async (text: string) =>
    (await analyse(text, "postgresql")).statements.map((statement) => summaryOf(text, statement, "postgresql"));
  const earlier = openEarlier({ settings: defaultConfiguration(), scope: "tenant", transactional: true });
  const end = await summaries("SELECT 1");
  earlier.replace(0, 0, [...(await summaries("TRUNCATE prototype.orders, prototype.items")), ...end, ...end]);
  expect(earlier.before(2).firstExclusive()).toBe("prototype.orders");
  earlier.replace(1, 1, await summaries("ALTER TABLE prototype.orders ADD COLUMN note text"));
  expect(earlier.before(2).firstExclusive()).toBe("prototype.orders");
  expect(earlier.before(2).exclusiveCount()).toBe(2);
});
