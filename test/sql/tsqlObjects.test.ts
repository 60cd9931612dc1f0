import { expect, test } from "vitest";
import { mentions, objects } from "./scanSupport";

test.each([
  ["GRANT EXECUTE ON [s].[p] TO u", ["alter function s.p"]],
  ["DENY EXEC ON OBJECT::s.p TO u", ["alter function s.p"]],
  ["GRANT VIEW DEFINITION ON s.x TO u", ["alter other s.x"]],
  ["GRANT SELECT ON s.t TO u", []],
  ["GRANT EXECUTE ON TYPE::s.t TO u", ["alter type s.t"]],
  ["DBCC CLEANTABLE (db, 's.t')", ["reference other s.t"]],
  ["DBCC SHRINKFILE (s, 1)", []],
  ["s.p 'a', 1", ["read function s.p"]],
  ["sp_rename 's.t', 'u'", ["reference other s.t"]],
  ["s.t SET a = 1", []],
])("%s names what is no table", (sql, expected) => {
  expect(objects(sql, "sqlserver")).toEqual(expected);
});

test("a call that begins a batch names the procedure's schema", () => {
  expect(mentions("s.p @a = 's.t'", "s", "sqlserver")).toEqual(["s"]);
});
