import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspect } from "../../server/src/app/inspect";
import { lex } from "../../server/src/sql/lexer";

/** Each is read alone and after a statement that breaks off, with nothing between them. */
const followers = [
  "UPDATE dbo.Next SET a = 1 FROM dbo.Other n WHERE n.a = 1",
  "SELECT * FROM dbo.Next JOIN dbo.Other ON 1 = 1",
  "CREATE TABLE dbo.Next (a int REFERENCES dbo.Other)",
  "ALTER TABLE dbo.Next ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES dbo.Other (a)",
  "INSERT INTO dbo.Next (a) SELECT a FROM dbo.Other",
  "DELETE n FROM dbo.Next n JOIN dbo.Other m ON 1 = 1",
  "EXEC ('DELETE dbo.Next; DELETE dbo.Other')",
  "IF EXISTS (SELECT 1 FROM dbo.Next) DROP TABLE dbo.Other",
];

/** What may go on with the words that the next statement begins with: an open parenthesis, DROP VIEW, AFTER, and the permissions of a GRANT that lacks its ON. */
const goesOn = /\($|\b(?:WITH|FOR|AS|AFTER|VIEW|(?:GRANT|REVOKE|DENY)\b(?:(?!\bON\b).)*)$/;

test.each(["statements", "styles"])(
  "a statement of %s.sql that breaks off costs the next one nothing",
  async (file) => {
    const text = readFileSync(join(import.meta.dirname, `../fixtures/tsql/${file}.sql`), "utf8");
    const lost: string[] = [];
    let count = 0;
    for (const line of text.split("\n")) {
      const sql = line.replace(/ *--.*$/, "");
      for (const token of lex(sql, "sqlserver").filter(({ kind }) => kind !== "space")) {
        const cut = sql.slice(0, token.end);
        const next = followers[count++ % followers.length] ?? "";
        if (goesOn.test(cut)) continue;
        if ((await named(`${cut}\n${next}`, cut.length)) !== (await named(next, -1))) lost.push(`${cut} | ${next}`);
      }
    }
    expect(count).toBeGreaterThan(500);
    expect(lost).toEqual([]);
  },
);

async function named(text: string, after: number): Promise<string> {
  const { statements } = await inspect(text, "sqlserver");
  const tables = statements.flatMap((statement) => statement.tables).filter(({ start }) => start > after);
  const keys = statements.flatMap(({ foreignKeys }) => foreignKeys).filter(({ start }) => start > after);
  return [
    ...tables.map(({ use, schema, name }) => `${use} ${schema}.${name}`),
    ...keys.map(({ from, to }) => `${from.schema}.${from.name}>${to.schema}.${to.name}`),
  ].join();
}

test.each<[string, string]>([
  ["SELECT * s.t WHERE a = 1", "read s.t"],
  ["ALTER s.t ADD a int REFERENCES u", "alter s.t,reference null.u,s.t>null.u"],
  ["ALTER s.t DROP COLUMN a", "alter s.t"],
  ["CREATE s.t (a int, FOREIGN KEY (a) s.u (b))", "create s.t,reference s.u,s.t>s.u"],
  ["CREATE INDEX ix s.t (a)", "alter s.t"],
  ["DROP IF EXISTS t, s.u", "drop null.t,drop s.u"],
  ["DROP s.t", "drop s.t"],
  ["WITH a (SELECT 1 x FROM s.t) SELECT * FROM a", "read s.t"],
  ["EXEC N'DELETE s.t')\nSELECT * FROM u", "write s.t,read null.u"],
  ["EXEC (N'DELETE s.t'\nSELECT * FROM u", "write s.t,read null.u"],
  ["ALTER AUTHORIZATION ON ::s.t TO u", "alter s.t"],
  ["DBCC SHRINKFILE (a, 1\nDBCC CHECKIDENT (t)", "alter null.t"],
  ["SELECT * FROM (SELECT a FROM s.t\nSELECT * FROM u", "read s.t,read null.u"],
  ["DECLARE @n varchar(9 = 'a' DECLARE @s varchar(9) = 'DELETE s.t' EXEC (@s)", "write s.t"],
  ["SELECT a) FROM u DECLARE @s varchar(9) = 'DELETE s.t' EXEC (@s)", "read null.u,write s.t"],
  ["DECLARE @s varchar(9) SET @s = 'DELETE s.t ' @s = @s + '--' EXEC (@s)", "write s.t"],
  ["DECLARE @s nvarchar(9) = N'DELETE s.t' sp_executesql @s, N'@a int', 1", "write s.t"],
  ["DECLARE @s nvarchar(9) = N'DELETE s.t' EXEC sp_executesql = @s", "write s.t"],
  ["DECLARE @s nvarchar(9) = N'DELETE s.t' EXEC sp_executesql @stmt @s", "write s.t"],
  ["EXEC ('DELETE s.t') ('DELETE s.u') SELECT 1 FROM s.v", "write s.t,read s.v"],
  ["DECLARE @s varchar(9), @w varchar(9) = ' FROM s.t' SET @s = 'SELECT 1' + @x @w EXEC (@s)", "read s.t"],
  ["EXEC ('DELETE s.t WHERE a = ' @a + ' AND b IN (SELECT b FROM s.u)')", "write s.t,read s.u"],
  [
    "DECLARE @s varchar(9) SET @s = 'SELECT 1 FROM s.t WHERE a = ''' SET @s = @s + ' AND b IN (SELECT b FROM s.u)' EXEC (@s)",
    "read s.t,read s.u",
  ],
  ["DECLARE @s varchar(9) = 'SELECT [' + @a SET @s += ' FROM s.t' EXEC (@s)", "read s.t"],
  ["DECLARE @s varchar(9) = 'DELETE s.t' EXEC @s)", "write s.t"],
  ["DECLARE @s nvarchar(9) = N'DELETE s.t' EXEC @s, N'@a int', 1", "write s.t"],
  ["DECLARE @s nvarchar(9) = N'DELETE s.t' EXEC @stmt = @s, @params = N'@a int'", "write s.t"],
  ["EXEC ('DELETE s.t WHERE a = ' + @a) ('DELETE s.u') SELECT 1 FROM s.v", "write s.t,read s.v"],
  ["SELECT a FROM s.t WHERE b IN (1\n  FETCH NEXT FROM c INTO @a", "read s.t"],
  ["SELECT (1\n  OPEN c\n  FETCH FROM c INTO @a\n  RETURN (SELECT a FROM s.t)", "read s.t"],
  ["DECLARE @t table (a int PRIMARY KEY\n  UPDATE s.t SET a = 1", "write s.t"],
  [
    "UPDATE s.t SET a = CASE WHEN b = 1 THEN\n  INSERT s.u (a) SELECT CASE WHEN a = 1 THEN\n  DELETE s.v",
    "write s.t,write s.u,write s.v",
  ],
])("SQL Server, with a word or a parenthesis missing: %s", async (sql, expected) => {
  expect(await named(sql, -1)).toBe(expected);
});
