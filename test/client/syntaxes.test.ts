import { expect, test } from "vitest";
import batches from "../../syntaxes/batches.tmLanguage.json";
import directives from "../../syntaxes/directives.tmLanguage.json";
import prototype from "../../syntaxes/prototype.tmLanguage.json";

interface Grammar {
  readonly patterns: readonly { readonly match: string; readonly captures?: Readonly<Record<string, unknown>> }[];
}

/** The named parts of a line that a grammar colours, in the order of its captures; the whole match where it has none. */
function coloured({ patterns }: Grammar, line: string): string[] {
  for (const { match, captures } of patterns) {
    const found = new RegExp(match.replace("(?i)", ""), match.startsWith("(?i)") ? "i" : "").exec(line);
    if (found) return captures ? found.slice(1).filter((part) => part !== undefined) : [found[0]];
  }
  return [];
}

test.each([
  ["-- tenantry: scope public", ["tenantry:", "scope", "public"]],
  ["--tenantry: no-transaction", ["tenantry:", "no-transaction"]],
  [
    "-- tenantry: ignore unqualified-table, syntax-error: meant",
    ["tenantry:", "ignore", "unqualified-table, syntax-error", "meant"],
  ],
  ["-- tenantry: ignore syntax-error", ["tenantry:", "ignore", "syntax-error"]],
  ["-- tenantry: scope both", []],
  ["-- about tenantry: scope public", []],
])("directive in %s", (line, parts) => expect(coloured(directives, line)).toEqual(parts));

test.each([
  ["ALTER TABLE prototype.orders", ["prototype"]],
  ["ALTER TABLE Prototype . orders", ["Prototype"]],
  ["SELECT my_prototype.x", []],
  ["SELECT o.prototype.x", []],
  ["SELECT prototype", []],
])("prototype schema in %s", (line, parts) => expect(coloured(prototype, line)).toEqual(parts));

test.each([
  ["GO", ["GO"]],
  ["  go 5", ["go", "5"]],
  ["GO -- next", ["GO"]],
  ["GOTO label", []],
  ["SELECT 1 GO", []],
])("batch separator in %s", (line, parts) => expect(coloured(batches, line)).toEqual(parts));
