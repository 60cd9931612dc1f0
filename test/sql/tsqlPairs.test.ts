import { expect, test } from "vitest";
import { inspect } from "../../server/src/app/inspect";
import { lex } from "../../server/src/sql/lexer";

/** Each begins and ends in a way of its own; nothing need part one from another. */
const statements = [
  "SELECT * FROM dbo.A a JOIN B ON B.id = a.id",
  "SELECT CASE WHEN 1 = 1 THEN 1 ELSE 2 END FROM dbo.A WITH (NOLOCK)",
  "SELECT * FROM dbo.A ORDER BY a OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
  "SELECT * FROM dbo.A UNION ALL (SELECT * FROM B) OPTION (RECOMPILE)",
  "SELECT * INTO #t FROM dbo.A FOR XML PATH ('')",
  "INSERT dbo.A DEFAULT VALUES",
  "INSERT INTO dbo.A (a) VALUES ((SELECT 1 FROM B)), (2)",
  "INSERT dbo.A EXEC dbo.p @a = 1",
  "INSERT INTO dbo.A EXEC ('SELECT 1 FROM dbo.B')",
  "UPDATE dbo.A SET a = 1 FROM dbo.A x, B WHERE 1 = 1",
  "UPDATE dbo.A SET @a = a = CASE a WHEN 1 THEN 2 END",
  "DELETE TOP (1) a OUTPUT deleted.id INTO dbo.B FROM dbo.A a",
  "MERGE dbo.A USING B ON A.id = B.id WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1);",
  "TRUNCATE TABLE dbo.A",
  "CREATE TABLE dbo.A (a int REFERENCES B, b datetime2 GENERATED ALWAYS AS ROW END) ON [PRIMARY]",
  "CREATE TABLE #t (a int)",
  "ALTER TABLE dbo.A ADD a int CONSTRAINT f REFERENCES B ON DELETE SET NULL",
  "ALTER TABLE dbo.A ADD b datetime2 GENERATED ALWAYS AS ROW END",
  "ALTER TABLE dbo.A SET (LOCK_ESCALATION = AUTO)",
  "ALTER TABLE dbo.A ENABLE TRIGGER ALL",
  "ALTER TABLE dbo.A DROP COLUMN IF EXISTS a, b",
  "ALTER TABLE dbo.A NOCHECK CONSTRAINT ALL",
  "ALTER AUTHORIZATION ON OBJECT::dbo.A TO joe",
  "ALTER DATABASE CURRENT SET RECOVERY SIMPLE",
  "ALTER INDEX ALL ON dbo.A REBUILD",
  "ALTER SCHEMA s TRANSFER dbo.A",
  "CREATE INDEX i ON dbo.A (a) WHERE a > 1 WITH (ONLINE = ON)",
  "CREATE STATISTICS s ON dbo.A (a)",
  "CREATE SYNONYM dbo.s FOR dbo.A",
  "CREATE SEQUENCE dbo.s AS int",
  "ALTER SECURITY POLICY dbo.p DROP FILTER PREDICATE ON dbo.A, ADD BLOCK PREDICATE dbo.f(a) ON B",
  "CREATE USER joe WITHOUT LOGIN",
  "DROP TABLE IF EXISTS dbo.A, B",
  "DROP INDEX i ON dbo.A",
  "DROP PROCEDURE dbo.p",
  "DISABLE TRIGGER tr ON dbo.A",
  "ENABLE TRIGGER ALL ON dbo.A",
  "ADD SENSITIVITY CLASSIFICATION TO dbo.A.a WITH (LABEL = 'a')",
  "GRANT SELECT ON dbo.A TO joe WITH GRANT OPTION",
  "DENY VIEW CHANGE TRACKING ON dbo.A TO joe",
  "REVOKE EXECUTE ON dbo.p FROM joe",
  "DECLARE @a int = (SELECT 1 FROM dbo.A), @b int",
  "DECLARE @t TABLE (a int)",
  "DECLARE c CURSOR FOR SELECT a FROM dbo.A FOR UPDATE OF a",
  "SET @a = (SELECT 1 FROM dbo.A)",
  "SET @c = CURSOR FOR SELECT a FROM dbo.A",
  "SET IDENTITY_INSERT dbo.A ON",
  "SET NOCOUNT ON",
  "OPEN c",
  "FETCH NEXT FROM c INTO @a",
  "CLOSE c",
  "IF EXISTS (SELECT 1 FROM dbo.A) SELECT 1 FROM B ELSE DELETE C",
  "IF @a = CASE WHEN 1 = 1 THEN 2 END BEGIN DELETE dbo.A END",
  "WHILE (SELECT 1 FROM dbo.A) = 1 BREAK",
  "BEGIN TRY DELETE dbo.A END TRY BEGIN CATCH THROW END CATCH",
  "BEGIN TRAN",
  "COMMIT",
  "ROLLBACK TRANSACTION t",
  "SAVE TRAN t",
  "EXEC dbo.p @a, @b OUTPUT",
  "EXEC ('DELETE dbo.A')",
  "EXEC sp_executesql N'DELETE dbo.A WHERE a = @a', N'@a int', @a = 1",
  "EXEC @r = sp_executesql N'DELETE dbo.A'",
  "EXEC sp_rename 'dbo.A', 'B'",
  "EXECUTE AS USER = 'joe'",
  "REVERT",
  "PRINT 'a' + (SELECT b FROM dbo.A)",
  "RAISERROR ('a', 16, 1) WITH NOWAIT",
  "THROW 50000, 'a', 1",
  "RETURN",
  "WAITFOR DELAY '0:0:1'",
  "GOTO done",
  "done:",
  "USE other",
  "UPDATE STATISTICS dbo.A",
  "BULK INSERT dbo.A FROM 'a.csv' WITH (TABLOCK)",
  "DBCC CHECKIDENT ('dbo.A')",
  "BACKUP DATABASE d TO DISK = 'a'",
  "READTEXT dbo.A.a @p 0 1",
  "SELECT * FROM Receive JOIN dbo.Version v ON 1 = 1",
];

test("two statements with nothing between them name what each names alone", async () => {
  const alone = await Promise.all(statements.map(named));
  const wrong: string[] = [];
  for (const [first, one] of statements.entries()) {
    for (const [second, other] of statements.entries()) {
      const found = (await named(`${one}\n${other}`)).sort();
      const expected = [...(alone[first] ?? []), ...(alone[second] ?? [])].sort();
      if (found.join() !== expected.join()) wrong.push(`${one} | ${other}: ${found.join()}`);
    }
  }
  expect(wrong).toEqual([]);
});

const before = "UPDATE app.Before SET a = 1 FROM app.Before b JOIN app.Other o ON o.id = b.id";

const followers = [
  "UPDATE app.After SET a = 1 WHERE b IN (SELECT c FROM app.Last)",
  "SELECT * FROM app.After JOIN app.Last ON 1 = 1",
  "INSERT INTO app.After (a) SELECT a FROM app.Last",
  "CREATE TABLE app.After (a int REFERENCES app.Last)",
  "ALTER TABLE app.After ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES app.Last (a)",
  "DECLARE @a int = (SELECT 1 FROM app.After), @b int = (SELECT 2 FROM app.Last)",
  "IF EXISTS (SELECT 1 FROM app.After) DELETE FROM app.Last",
];

test.each(["\n", ";\n"])(
  "a statement that lacks a word costs those around it nothing, parted by %j",
  async (between) => {
    const around = new Map(await Promise.all(followers.map(async (next) => [next, await named(next)] as const)));
    const own = await named(before);
    const wrong: string[] = [];
    let count = 0;
    for (const statement of statements) {
      for (const { kind, start, end } of lex(statement, "sqlserver")) {
        if (kind === "space") continue;
        const damaged = statement.slice(0, start) + statement.slice(end);
        const next = followers[count++ % followers.length] ?? "";
        const found = (await named(before + between + damaged + between + next)).filter((name) =>
          name.includes("app."),
        );
        if (found.sort().join() !== [...own, ...(around.get(next) ?? [])].sort().join())
          wrong.push(`${damaged} | ${next}`);
      }
    }
    expect(count).toBeGreaterThan(700);
    expect(wrong).toEqual([]);
  },
);

async function named(text: string): Promise<string[]> {
  const { statements: found } = await inspect(text, "sqlserver");
  return found.flatMap(({ tables, foreignKeys }) => [
    ...tables.map(({ use, schema, name }) => `${use} ${schema}.${name}`),
    ...foreignKeys.map(({ from, to }) => `${from.schema}.${from.name}>${to.schema}.${to.name}`),
  ]);
}
