import { describe, expect, it } from "vitest";
import { applied } from "../../server/src/app/fixes";
import { readMigration } from "../../server/src/model/read";
import { ignoreFix } from "../../server/src/rules/ignoreFix";
import { upStatements } from "../../server/src/rules/lint";
import { openAnalysis } from "../../server/src/sql/analyse";
import { lintFixture } from "./fixtures";

const line = "-- tenantry: ignore unqualified-table: say why this is meant";
const first = "SELECT 1;\n";

/** The text after the last finding of a rule is ignored by its quick fix, and the fix's title. */
async function ignored(text: string, rule: string): Promise<{ title: string; text: string }> {
  const finding = (await lintFixture("ignore.sql", text)).findLast((one) => one.rule === rule);
  if (finding === undefined) throw new Error(`There is no ${rule} in the text.`);
  const identity = { path: "migrations/tenant/9000_fixture.sql", version: "9000", name: "fixture" } as const;
  const { migration } = readMigration(text, { ...identity, scope: "tenant", format: "auto" }, "postgresql");
  const analysis = await openAnalysis(text, "postgresql");
  const fix = ignoreFix(migration, upStatements(migration, analysis), finding);
  if (fix === null) throw new Error(`${rule} can't be ignored.`);
  const now = applied(text, [{ ...finding, fixes: [fix] }]);
  const left = await lintFixture("ignore.sql", now);
  expect(
    left.filter((one) => one.rule === rule || one.rule === "unused-ignore" || one.rule === "syntax-error"),
  ).toEqual([]);
  return { title: fix.title, text: now };
}

describe("a finding is ignored", () => {
  it.each([
    ["on a line above its statement", `${first}DROP TABLE orders;`, `${first}${line}\nDROP TABLE orders;`],
    ["with its indentation", `${first}\t  DROP TABLE\n  orders;`, `${first}\t  ${line}\n\t  DROP TABLE\n  orders;`],
    [
      "where lines end as on Windows",
      "SELECT 1;\r\nDROP TABLE orders;\r\n",
      `SELECT 1;\r\n${line}\r\nDROP TABLE orders;\r\n`,
    ],
    ["on a shared line", "SELECT 1; DROP TABLE orders;", `SELECT 1;\n${line}\nDROP TABLE orders;`],
    [
      "on a shared line that is indented",
      "  SELECT 1;  DROP TABLE orders;",
      `  SELECT 1;\n  ${line}\n  DROP TABLE orders;`,
    ],
    ["behind a comment", `${first}/* old */ DROP TABLE orders;`, `${first}/* old */\n${line}\nDROP TABLE orders;`],
    ["below a comment", `${first}-- old\nDROP TABLE orders;`, `${first}-- old\n${line}\nDROP TABLE orders;`],
    [
      "beside a rule that is ignored already",
      `${first}-- tenantry: ignore dynamic-sql: old\nDO $$ BEGIN EXECUTE x; DROP TABLE orders; END $$;`,
      `${first}-- tenantry: ignore dynamic-sql, unqualified-table: old\nDO $$ BEGIN EXECUTE x; DROP TABLE orders; END $$;`,
    ],
    [
      "beside a rule that is ignored without a reason",
      `${first}-- tenantry: ignore dynamic-sql\nDO $$ BEGIN EXECUTE x; DROP TABLE orders; END $$;`,
      `${first}-- tenantry: ignore dynamic-sql, unqualified-table: say why this is meant\nDO $$ BEGIN EXECUTE x; DROP TABLE orders; END $$;`,
    ],
  ])("%s", async (_, before, after) => {
    expect(await ignored(before, "unqualified-table")).toEqual({
      title: "Ignore unqualified-table here, with a reason",
      text: after,
    });
  });

  it("in the whole file where nothing stands before its statement", async () => {
    expect(await ignored("-- old\nDROP TABLE orders;", "unqualified-table")).toEqual({
      title: "Ignore unqualified-table in this file, with a reason",
      text: `-- old\n${line}\nDROP TABLE orders;`,
    });
  });

  it("in the whole file where it is about no statement", async () => {
    const command = "client-only-statement";
    expect(await ignored("SELECT 1;\r\n\\set x 1\r\n", command)).toEqual({
      title: "Ignore client-only-statement in this file, with a reason",
      text: "-- tenantry: ignore client-only-statement: say why this is meant\r\nSELECT 1;\r\n\\set x 1\r\n",
    });
    expect(
      (await ignored("-- tenantry: ignore dynamic-sql: old\nDO $$ BEGIN EXECUTE x; END $$;\n\\set x 1\n", command))
        .text,
    ).toBe("-- tenantry: ignore dynamic-sql, client-only-statement: old\nDO $$ BEGIN EXECUTE x; END $$;\n\\set x 1\n");
  });

  it("by the reason that its directive lacks", async () => {
    const bare = `${first}-- tenantry: ignore hard-coded-tenant\nDROP TABLE tenant_acme.orders;`;
    expect((await ignored(bare, "hard-coded-tenant")).text).toBe(
      `${first}-- tenantry: ignore hard-coded-tenant: say why this is meant\nDROP TABLE tenant_acme.orders;`,
    );
  });
});

it("what is told of directives themselves can't be ignored", () => {
  const migration = { text: "", directives: [] };
  expect(ignoreFix(migration, [], { rule: "unused-ignore", start: 0 })).toBeNull();
  expect(ignoreFix(migration, [], { rule: "duplicate-version", start: 0 })).toBeNull();
});
