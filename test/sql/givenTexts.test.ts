import { expect, test } from "vitest";
import { analyse, editAnalysis } from "../../server/src/sql/analyse";
import { told } from "./actionsSupport";
import { prepare } from "./renderSupport";

const script = `DECLARE @sql nvarchar(max) = N'SELECT * FROM prototype.orders';
SELECT 1 FROM prototype.lines;
EXEC (@sql);
`;

async function opaqueParts(text: string): Promise<string[]> {
  const { statements } = await analyse(text, "sqlserver");
  return statements.flatMap(({ start, facts }) =>
    facts.opaque.map((part) => text.slice(start + part.start, start + part.end)),
  );
}

test("an edit elsewhere takes a variable's text from what is known, and gives it back", async () => {
  const before = await analyse(script, "sqlserver");
  const grown = `${script}SET @sql += @other;\n`;
  const edited = editAnalysis(before, grown);
  expect(edited.statements).toEqual((await analyse(grown, "sqlserver")).statements);
  expect(edited.statements.flatMap(({ facts }) => facts.opaque)).toHaveLength(1);
  const back = editAnalysis(edited, `${script}-- as before\n`);
  expect(back.statements).toEqual(before.statements);
  const again = editAnalysis(back, `${script}-- as before, too\n`);
  expect(again.statements.map(({ facts }, n) => facts === back.statements[n]?.facts)).toEqual([true, true, true]);
});

test("a text that nobody runs, or that grows by what nobody knows, is refused", async () => {
  const reasons = async (sql: string) => (await prepare(sql, "sqlserver")).refusals.map(({ reason }) => reason);
  expect(await reasons(script.replace("EXEC (@sql)", "PRINT @sql"))).toHaveLength(1);
  expect(await reasons(script.replace("EXEC", "SET @sql += @other; EXEC"))).toHaveLength(1);
  expect(await reasons(script.replace("EXEC", "SET @sql += N' JOIN prototype.kinds k ON 1 = 1'; EXEC"))).toEqual([]);
});

test("what a variable's text does is told of the statement that gives it", async () => {
  const doing = await told("DECLARE @sql nvarchar(max) = N'DROP TABLE app.orders'; EXEC (@sql)", "sqlserver");
  expect(doing).toEqual(await told("EXEC (N'DROP TABLE app.orders')", "sqlserver"));
});

test.each([
  "SET @sql.modify('x')",
  "SELECT @sql = name FROM app.kinds",
  "SELECT @n = 1, @sql = N'a' + @b",
  "UPDATE app.kinds SET @sql = name",
  "EXEC @sql = app.p",
  "EXEC app.p @a = @sql OUTPUT",
  "WAITFOR (RECEIVE TOP (1) @sql = body FROM app.queue)",
])("after %s a variable may hold any text", async (change) => {
  expect(await opaqueParts(`DECLARE @sql nvarchar(max) = N'SELECT 1'; ${change}; EXEC (@sql)`)).toContain("(@sql)");
});
