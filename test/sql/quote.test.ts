import { expect, test } from "vitest";
import { quoteIdentifier, quoteLiteral } from "../../server/src/sql/quote";

test.each([
  ["acme", '"acme"', "[acme]"],
  ["Order Items", '"Order Items"', "[Order Items]"],
  ['a"b; drop schema public', '"a""b; drop schema public"', '[a"b; drop schema public]'],
  ["a]b", '"a]b"', "[a]]b]"],
  ["é😀", '"é😀"', "[é😀]"],
])("the name %s", (name, postgres, server) => {
  expect(quoteIdentifier(name, "postgresql")).toBe(postgres);
  expect(quoteIdentifier(name, "sqlserver")).toBe(server);
});

test("what no server takes for a name", () => {
  expect(() => quoteIdentifier("", "postgresql")).toThrow("An identifier can't be empty.");
  expect(() => quoteIdentifier("a\0b", "sqlserver")).toThrow("An identifier can't hold a NUL character.");
  expect(() => quoteLiteral("a\0b", "postgresql")).toThrow(RangeError);
});

test.each([
  ["it's", "'it''s'", "N'it''s'"],
  ["", "''", "N''"],
  ["a\\'b", "E'a\\\\''b'", "N'a\\''b'"],
])("the text %j", (text, postgres, server) => {
  expect(quoteLiteral(text, "postgresql")).toBe(postgres);
  expect(quoteLiteral(text, "sqlserver")).toBe(server);
});
