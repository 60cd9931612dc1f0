import { describe, expect, it } from "vitest";
import { type Directive, parseDirectives } from "../../server/src/model/directives";
import { lex } from "../../server/src/sql/lexer";

describe("parseDirectives", () => {
  it("reads each directive at its place", () => {
    const text =
      "-- tenantry: scope public\r\n--tenantry: no-transaction  \nselect 1;\n  -- tenantry: ignore a-rule, other: because\nselect 2;";
    const directives = read(text);
    expect(directives.map(({ start, end }) => text.slice(start, end))).toEqual([
      "tenantry: scope public",
      "tenantry: no-transaction",
      "tenantry: ignore a-rule, other: because",
    ]);
    expect(directives).toMatchObject([
      { kind: "scope", scope: "public" },
      { kind: "no-transaction" },
      { kind: "ignore", reason: "because", wholeFile: false, rules: [{ id: "a-rule" }, { id: "other" }] },
    ]);
    const ignore = directives[2];
    expect(ignore?.kind === "ignore" && ignore.rules.map(({ start, end }) => text.slice(start, end))).toEqual([
      "a-rule",
      "other",
    ]);
  });

  it("holds an ignore in the head for one of the whole file", () => {
    expect(read("/* licence */\n-- tenantry: ignore a\nselect 1")).toMatchObject([{ wholeFile: true, reason: null }]);
    expect(read("select 1;\n-- tenantry: ignore a : x: y")).toMatchObject([{ wholeFile: false, reason: "x: y" }]);
  });

  it("leaves other comments and strings alone", () => {
    expect(read("-- tenantry makes this\n/* tenantry: scope public */ select '-- tenantry: scope public'")).toEqual([]);
  });

  it.each([
    ["-- tenantry: scop public", "Unknown directive `scop`. Did you mean `scope`?"],
    ["-- tenantry: no-transactions", "Unknown directive `no-transactions`. Did you mean `no-transaction`?"],
    [
      "-- tenantry: frobnicate",
      "Unknown directive `frobnicate`; there are `scope public`, `scope tenant`, `no-transaction` and `ignore <rule>: <reason>`.",
    ],
    [
      "-- tenantry:",
      "The directive is missing; there are `scope public`, `scope tenant`, `no-transaction` and `ignore <rule>: <reason>`.",
    ],
    ["-- tenantry: scope", "A scope is `public` or `tenant`."],
    ["-- tenantry: scope shared", "A scope is `public` or `tenant`, not `shared`."],
    ["-- tenantry: no-transaction please", "`no-transaction` takes nothing after it."],
    ["-- tenantry: ignore", "Say which rule is ignored: `ignore unqualified-table: the reason`."],
    ["-- tenantry: ignore a because of b", "Put commas between rule ids and a colon before the reason: `ignore a: …`."],
    [
      "select 1;\n-- tenantry: scope public",
      "The scope is that of the whole file: write it above the first statement.",
    ],
  ])("says what is wrong with %j", (text, message) => {
    expect(read(text)).toMatchObject([{ kind: "unknown", message }]);
  });

  it("takes the first of two scopes", () => {
    expect(read("-- tenantry: scope public\n-- tenantry: scope tenant")).toMatchObject([
      { kind: "scope", scope: "public" },
      { kind: "unknown", message: "The file already has a scope; remove one of the two." },
    ]);
  });
});

function read(text: string): Directive[] {
  return parseDirectives(text, lex(text, "postgresql"));
}
