import { describe, expect, test } from "vitest";
import { redact, splitPassword } from "../../client/src/text/redact";
import { wrap } from "../../client/src/text/runText";
import { duration, firstOf, number, tenants } from "../../client/src/text/translate";
import { unsavedText } from "../../client/src/text/unsavedText";
import { t } from "./translate";

describe("redact", () => {
  test.each([
    ["postgresql://app:s3cr%40t@db:5432/shop", "postgresql://app:***@db:5432/shop"],
    ['typed: "postgresql://app:p/w?d#x@db/shop", "retry"', 'typed: "postgresql://app:***@db/shop", "retry"'],
    ["two: postgres://a:b@h and sqlserver://c:d@h", "two: postgres://a:***@h and sqlserver://c:***@h"],
    ["Server=db;User Id=sa;Password=p w;Encrypt=true", "Server=db;User Id=sa;Password=***;Encrypt=true"],
    ["Server=db;Password='p; w';Encrypt=true", "Server=db;Password=***;Encrypt=true"],
    ["postgresql://db/shop?user=a&password=b&x=1", "postgresql://db/shop?user=a&password=***&x=1"],
    ['Result: { "password": "a\\"b" }', 'Result: { "password": "***" }'],
    ["postgresql://db:5432/shop at 12:30", "postgresql://db:5432/shop at 12:30"],
  ])("%s", (text, redacted) => expect(redact(text)).toBe(redacted));
});

describe("a URL's password", () => {
  test("is taken out and decoded", () => {
    expect(splitPassword("postgresql://app:a%3Ab@db/shop")).toEqual({
      url: "postgresql://app@db/shop",
      password: "a:b",
    });
  });

  test("may hold an @ that was not encoded", () => {
    expect(splitPassword("postgresql://app:a@b@db/shop")).toEqual({ url: "postgresql://app@db/shop", password: "a@b" });
  });

  test("may hold what ends a URL's server, not encoded", () => {
    expect(splitPassword("postgresql://app:p/w?d#x@db/shop")).toEqual({
      url: "postgresql://app@db/shop",
      password: "p/w?d#x",
    });
  });

  test.each(["postgresql://app@db:5432/shop", "embedded:.tenantry/sandbox", "postgresql://db:5432/a@b"])(
    "is not found in %s",
    (url) => expect(splitPassword(url)).toEqual({ url, password: null }),
  );
});

test("counts, lengths of time and lists read as a person would say them", () => {
  expect(tenants(1, t)).toBe("1 tenant");
  expect(tenants(4961, t)).toBe("4,961 tenants");
  expect(number(1_000_000)).toBe("1,000,000");
  expect(duration(12.4, t)).toBe("12 ms");
  expect(duration(1234, t)).toBe("1.2 s");
  expect(duration(125_000, t)).toBe("2 min 5 s");
  expect(firstOf(["a", "b", "c", "d"], 2, t)).toBe("a, b and 2 more");
  expect(firstOf(["a", "b"], 2, t)).toBe("a, b");
  expect(wrap(["acme", "beta", "gamma"], 11)).toEqual(["acme, beta,", "gamma"]);
});

test("files that aren't saved are named, a few of many", () => {
  const rule = "A run takes files as they are saved.";
  const one = { question: "a.sql has changes that aren't saved.", detail: rule };
  expect(unsavedText(["a.sql"], t)).toEqual(one);
  const three = { question: "3 files have changes that aren't saved.", detail: `a.sql, b.sql, c.sql\n\n${rule}` };
  expect(unsavedText(["a.sql", "b.sql", "c.sql"], t)).toEqual(three);
});
