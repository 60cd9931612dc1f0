import { expect, test } from "vitest";
import { foreignKeys, mentions, objects, tables } from "./scanSupport";

test.each([
  ["GRANT EXECUTE ON [s].[p] TO u", ["alter function s.p"]],
  ["DENY EXEC ON OBJECT::s.p TO u", ["alter function s.p"]],
  ["GRANT VIEW DEFINITION ON s.x TO u", ["alter other s.x"]],
  ["GRANT SELECT ON s.t TO u", []],
  ["GRANT EXECUTE ON TYPE::s.t TO u", ["alter type s.t"]],
  ["DBCC CLEANTABLE (db, 's.t')", ["alter other s.t"]],
  ["DBCC CHECKIDENT ('s.t', RESEED, 0) DBCC CHECKIDENT ('s.u')", ["alter other s.t", "alter other s.u"]],
  ["DBCC CHECKIDENT ('s.t', NORESEED) DBCC CHECKTABLE ('s.u')", ["reference other s.t", "reference other s.u"]],
  ["EXEC sp_addextendedproperty 'a', 'b', 'SCHEMA', 's', 'TABLE', N't', 'COLUMN', 'c'", ["alter other s.t"]],
  ["EXEC sp_dropextendedproperty 'a', 'SCHEMA', [s], 'VIEW', v", ["alter other s.v"]],
  ["EXEC sp_updateextendedproperty @level1name = 't', @level0name = 's', @level0type = 'SCHEMA'", ["alter other s.t"]],
  ["EXEC sp_addextendedproperty 'a', 'b', 'SCHEMA', 's'", []],
  ["EXEC sp_addextendedproperty 'a', 'b', 'SCHEMA', 's', 'TABLE', @t", []],
  ["DBCC SHRINKFILE (s, 1)", []],
  ["CREATE FUNCTION s.f (@a int) RETURNS s.m AS BEGIN RETURN @a END", ["create function s.f", "reference type s.m"]],
  [
    "CREATE FUNCTION s.f () RETURNS @r TABLE (a s.m NOT NULL, b n DEFAULT (s.g()), UNIQUE (a)) AS BEGIN RETURN END",
    ["create function s.f", "reference type s.m", "reference type n", "read function s.g"],
  ],
  [
    "CREATE FUNCTION s.f () RETURNS TABLE (a s.m, b int) AS EXTERNAL NAME x.y.z",
    ["create function s.f", "reference type s.m"],
  ],
  ["SELECT a.returns r, SUM(a.b) OVER (ORDER BY returns ROWS UNBOUNDED PRECEDING) FROM s.t a", []],
  ["SELECT returns total FROM s.t JOIN (SELECT 1 a FROM s.u) returns ON returns.a = t.a", []],
  ["s.p 'a', 1", ["read function s.p"]],
  ["sp_rename 's.t', 'u'", ["alter other s.t"]],
  ["s.t SET a = 1", []],
  [
    "SELECT s.GetName(a) FROM s.GetRows() g JOIN s.STRIP_TEXT (1) t ON g.place.STDistance(@p) < t.node.GetLevel()",
    ["read function s.GetName", "read function s.GetRows", "read function s.STRIP_TEXT"],
  ],
])("%s names what is no table", (sql, expected) => {
  expect(objects(sql, "sqlserver")).toEqual(expected);
});

test("what Management Studio asks for stands for a name", () => {
  const made =
    "CREATE TABLE <Schema, sysname, dbo>.t (a <Data_Type, , nvarchar(10)>, b int REFERENCES <Schema Name, sysname, dbo>.u (id))";
  expect(tables(made, "sqlserver")).toEqual([
    "create <Schema, sysname, dbo>.t",
    "reference <Schema Name, sysname, dbo>.u",
  ]);
  expect(foreignKeys(made, "sqlserver")).toEqual(["<Schema, sysname, dbo>.t(b) -> <Schema Name, sysname, dbo>.u(id)"]);
  const compared =
    "SELECT iif(a <b, c, d) FROM s.t ORDER BY CASE WHEN a <b THEN c ELSE d END, e, CASE WHEN f> 1 THEN g END";
  expect(tables(compared, "sqlserver")).toEqual(["read s.t"]);
});

test("a call that begins a batch names the procedure's schema", () => {
  expect(mentions("s.p @a = 's.t'", "s", "sqlserver")).toEqual(["s"]);
});

test.each([
  ["SELECT x.y.value('.', 'int') FROM s.t CROSS APPLY s.t.doc.nodes('/a') AS x(y)", ["s", "s"]],
  ["EXEC sp_sequence_get_range @sequence_name = N's.sq', @range_size = 5", ["s"]],
  ["CREATE QUEUE s.q WITH ACTIVATION (PROCEDURE_NAME = s.p, EXECUTE AS SELF)", ["s", "s"]],
  ["ADD SIGNATURE TO s.p BY CERTIFICATE c", ["s"]],
  ["CREATE SEQUENCE s.q AS s.u START WITH 1 CREATE SEQUENCE s.r START WITH 1", ["s", "s", "s"]],
  ["EXEC sys.sp_addextendedproperty N'a', N'b', N'SCHEMA', [s], N'TABLE', [t]", ["[s]"]],
  ["EXEC sp_addextendedproperty 'a', 'b', 'user', s, 'table', t", ["s"]],
  ["EXEC sp_addextendedproperty 'a', 'b', 'user', s", []],
  ["SELECT * FROM sys.fn_listextendedproperty(N'a', N'Schema', N's', N'TABLE', N's', NULL, NULL)", ["s"]],
  ["SELECT * FROM fn_listextendedproperty(default, 'user', 's', 'table', default, default, default)", []],
  [
    "EXEC sp_fulltext_table 's.t', 'create', 'c', 'k' EXEC sp_fulltext_column @tabname = N's.t', @colname = 'a'",
    ["s", "s"],
  ],
  ["EXEC sp_dropextendedproperty @name = 'a', @level0type = 'SCHEMA', @level0name = \"s\"", ['"s"']],
  ["EXEC sp_updateextendedproperty 'a', 'b', 'SCHEMA', @s, 'TABLE', 's'", []],
  ["CREATE TABLE s.t (a int) WITH (LEDGER = ON (LEDGER_VIEW = s.v))", ["s", "s"]],
  ["EXEC s.p WITH RESULT SETS ((a int), AS OBJECT s.t, AS TYPE s.u)", ["s", "s", "s"]],
])("%s names its schemas for rendering", (sql, expected) => {
  expect(mentions(sql, "s", "sqlserver")).toEqual(expected);
});
