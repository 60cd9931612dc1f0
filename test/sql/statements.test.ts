import { expect, test } from "vitest";
import type { Dialect } from "../../server/src/sql/dialect";
import { lex } from "../../server/src/sql/lexer";
import { splitStatements } from "../../server/src/sql/statements";

function statements(sql: string, dialect: Dialect = "postgresql"): string[] {
  return splitStatements(sql, lex(sql, dialect), dialect).map(({ start, end }) => sql.slice(start, end));
}

test("a statement ends at its semicolon, and has no spaces and comments around it", () => {
  expect(statements("-- a\nselect 1 ; -- b\n\n/* c */ select\n\n2")).toEqual(["select 1", "select\n\n2"]);
});

test.each([[""], [" \n"], [";;"], ["-- a"], ["/* ; */ ;"], ["\\echo a"], ["\ufeff"]])("no statement in %j", (sql) => {
  expect(statements(sql)).toEqual([]);
});

test.each([
  ["a string", "select ';'"],
  ["an E string", "select E'\\';'"],
  ["a string that goes on in the next line", "select E'a'\n'\\';'"],
  ["a name", 'select 1 as ";"'],
  ["nested dollar tags", "do $a$ begin execute $$;$$; end; $a$"],
  ["nested comments", "select /* /* ; */ ; */ 1"],
  ["a rule's actions", "create rule r as on insert to t do also (select 1; select 2)"],
  ["a rule that is replaced", "create or replace rule r as on insert to t do (notify a; notify b)"],
  ["BEGIN ATOMIC", "create function f() returns int begin atomic select 1; select case when true then 2 end; end"],
  [
    "BEGIN ATOMIC without a semicolon before its end",
    "create procedure p() begin atomic insert into t values (1); end",
  ],
])("a semicolon inside %s ends nothing", (_what, sql) => {
  expect(statements(`${sql};\nselect 1;`)).toEqual([sql, "select 1"]);
});

test("a parenthesis that is never closed costs its own statement only", () => {
  expect(statements("create table a (id int;\ninsert into b values (1);")).toEqual([
    "create table a (id int",
    "insert into b values (1)",
  ]);
});

test("psql's commands and COPY's data stand in no statement", () => {
  expect(
    statements("\\set a 1\nselect 1 \\gset\nselect 2;\ncopy t from stdin;\n1;\n2\n\\.\nselect 3\\; select 4;"),
  ).toEqual(["select 1", "select 2", "copy t from stdin", "select 3", "select 4"]);
});

test("a command of psql inside a statement doesn't end it", () => {
  expect(statements("select 1\n\\echo a\n+ 2;")).toEqual(["select 1\n\\echo a\n+ 2"]);
});

test("what psql forgets is no statement", () => {
  expect(statements("** a note\n\\p\n\\r\nselect 1;")).toEqual(["select 1"]);
});

test("SQL Server: batches, whatever the case and the count", () => {
  expect(statements("select 1\nGO\nselect 2; select 3\ngo 5 -- five times\nselect 4", "sqlserver")).toEqual([
    "select 1",
    "select 2",
    "select 3",
    "select 4",
  ]);
});

test("SQL Server: GO inside a string, a comment or a name ends nothing", () => {
  const sql = "select '\nGO\n', [a\nGO\n]]b] /*\nGO\n*/";
  expect(statements(`${sql} ;\nGO`, "sqlserver")).toEqual([sql.slice(0, sql.indexOf(" /*"))]);
});

test.each([
  ["a procedure", "create procedure p as begin select 1; select 2; end; select 3;"],
  ["a function", "create or alter function f() returns int as begin return 1; end"],
  ["a trigger", "alter trigger tr on t after insert as update t set a = 1; select 1;"],
])("SQL Server: %s fills its batch", (_what, sql) => {
  expect(statements(`${sql}\nGO\nselect 1;`, "sqlserver")).toEqual([sql, "select 1"]);
});

test.each([
  ["a block", "if 1 = 1 begin select 1; select case when 1 = 1 then 2 end; end"],
  ["TRY and CATCH", "begin try select 1; end try begin catch throw; end catch"],
])("SQL Server: %s is one statement", (_what, sql) => {
  expect(statements(`${sql};\nselect 1`, "sqlserver")).toEqual([sql, "select 1"]);
});

test("SQL Server: a transaction is no block", () => {
  expect(statements("begin tran; select 1; commit;", "sqlserver")).toEqual(["begin tran", "select 1", "commit"]);
});

test("SQL Server: a table with a column of a module's name is no module", () => {
  expect(
    statements("create table t (a int); insert into t select 1; create view v as select 1; select 2", "sqlserver"),
  ).toEqual(["create table t (a int)", "insert into t select 1", "create view v as select 1; select 2"]);
});
