import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { applied } from "../../server/src/app/fixes";
import type { Finding } from "../../server/src/rules/finding";
import type { Fix } from "../../server/src/rules/rule";
import { analyse } from "../../server/src/sql/analyse";
import { withoutAnnotations } from "./annotations";
import { fileFixtures, fixturesFolder, lintFixture, projectOf } from "./fixtures";

/*
 * No SQL Server stands ready for the tests, so what a fix does to SQL is told by what is read of it: each fix of each fixture, applied alone,
 * leaves a text in which its finding is gone, nothing is reported that wasn't, the other statements are as they were, and the statement itself
 * names the same things.
 */

const fixtures = fileFixtures.filter((path) => projectOf(path).endsWith("tsql"));

it.each(fixtures)("each fix of %s changes what it is about and nothing else", async (fixture) => {
  await expectFixes(fixture, withoutAnnotations(readFileSync(join(fixturesFolder, fixture), "utf8")));
});

const shop = "unqualified-table/fires.shop-tsql.sql";

it.each([
  "SELECT orders.id FROM orders WITH (NOLOCK) JOIN [events] AS e ON e.id = orders.id, customers (INDEX (1)) c",
  "UPDATE orders SET orders.total = 1 FROM orders JOIN events ON events.id = orders.id DELETE o FROM [orders] o",
  'MERGE orders AS o USING "events" e ON e.id = o.id WHEN MATCHED THEN UPDATE SET total = 1; INSERT orders (total) OUTPUT inserted.id INTO events (id) VALUES (1)',
  "CREATE INDEX ix ON orders (total); DROP INDEX orders.ix; ALTER INDEX ix ON orders REBUILD; UPDATE STATISTICS orders; SET IDENTITY_INSERT orders ON",
  "DBCC CHECKIDENT ('orders', RESEED, 0); DBCC CHECKIDENT (orders); EXEC sp_rename N'[orders].total', N'sum', 'COLUMN'; SELECT IDENT_CURRENT('orders')",
  "IF OBJECT_ID(N'orders', N'U') IS NOT NULL EXEC (N'INSERT INTO orders (status) SELECT ''from events'' FROM events')",
  "DECLARE @sql nvarchar(max) = N'DELETE orders WHERE id IN (SELECT id FROM ' + N'events)'; EXEC sp_executesql @sql",
  "GRANT SELECT ON OBJECT::orders (id) TO a; ALTER AUTHORIZATION ON orders TO b; ENABLE TRIGGER t ON orders; SELECT * FROM CONTAINSTABLE(orders, *, 'x') k",
  "ALTER TABLE orders ADD a int REFERENCES customers (id), FOREIGN KEY (parent_id) REFERENCES [orders] (id), b int NULL FOREIGN KEY REFERENCES customers",
  "ALTER TABLE prototype.orders WITH CHECK ADD FOREIGN KEY (customer_id, parent_id) REFERENCES customers (x, y) ON DELETE SET DEFAULT NOT FOR REPLICATION",
  "ALTER TABLE prototype.orders ADD CHECK (total > 0) ALTER TABLE prototype.orders ADD CONSTRAINT [c k] CHECK (total > 0), CONSTRAINT d CHECK (total < 9)",
  "EXEC (N'ALTER TABLE prototype.orders ADD CONSTRAINT c CHECK (status <> ''x'')')",
  "CREATE TABLE parcels (id int PRIMARY KEY, o bigint DEFAULT ((0)) REFERENCES orders ON DELETE CASCADE, p AS (id * (2)) PERSISTED, q nvarchar(9) COLLATE Latin1_General_CI_AS REFERENCES events)",
  "CREATE TRIGGER t ON orders AFTER INSERT AS IF UPDATE (total) UPDATE orders SET total = 1 FROM inserted i JOIN orders ON orders.id = i.id",
])("each fix of %s changes what it is about and nothing else", async (text) => {
  const safety = await expectFixes("constraint-without-not-valid/fires.shop-tsql.sql", text);
  expect((await expectFixes(shop, text)) + safety).toBeGreaterThan(0);
});

/** @returns how many fixes there were */
async function expectFixes(fixture: string, text: string): Promise<number> {
  const findings = await lintFixture(fixture, text);
  const before = await readStatements(text);
  let count = 0;
  for (const finding of findings) {
    for (const fix of finding.fixes) {
      count++;
      const now = withFix(text, finding, fix);
      const left = (await lintFixture(fixture, now)).filter(({ rule }) => !boundary.has(rule));
      const others = findings.filter((one) => one !== finding && !boundary.has(one.rule));
      expect(left.map(({ rule }) => rule).sort(), `${fix.title} of ${finding.rule}`).toEqual(
        others.map(({ rule }) => rule).sort(),
      );
      const after = await readStatements(now);
      expect(after.map(({ names }) => names)).toEqual(before.map(({ names }) => names));
      const at = fix.edits[0]?.start ?? 0;
      const beside = (all: typeof before) => all.filter((_, n) => !holds(before[n], at)).map((one) => one.text);
      expect(beside(after)).toEqual(beside(before));
    }
  }
  return count;
}

function withFix(text: string, finding: Finding, { choice: _, ...fix }: Fix): string {
  const { rule, start, end } = finding;
  return applied(text, [{ rule, severity: "error", start, end, message: "", fixes: [fix] }]);
}

/** Once a name has its schema, it is known on which side of the boundary it is. */
const boundary: ReadonlySet<string> = new Set(["tenant-to-public-foreign-key", "public-change-in-tenant-migration"]);

interface Read {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly names: readonly string[];
}

function holds(statement: Read | undefined, at: number): boolean {
  return statement !== undefined && statement.start <= at && at <= statement.end;
}

/** The statements, each with what it names, schemas and constraints' names left out. */
async function readStatements(text: string): Promise<Read[]> {
  const { statements } = await analyse(text, "sqlserver");
  return statements.map(({ start, end, facts }) => ({
    ...{ start, end, text: text.slice(start, end) },
    names: [
      facts.kind,
      ...facts.tables.map(({ use, name }) => `${use} ${name}`),
      ...facts.objects.map(({ kind, use, name }) => `${kind} ${use} ${name}`),
      ...facts.foreignKeys.map(({ from, columns, to }) => `${from.name} (${columns}) > ${to.name}`),
      ...facts.opaque.map(({ reason }) => reason),
    ],
  }));
}
