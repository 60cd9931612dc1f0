import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { openCatalog } from "../../server/src/model/catalog";
import type { Scope } from "../../server/src/model/migration";
import { defaultConfiguration } from "../../server/src/project/configuration";
import { statementRules } from "../../server/src/rules/all";
import { rulesFor } from "../../server/src/rules/choice";
import { openEarlier } from "../../server/src/rules/earlier";
import type { RuleContext } from "../../server/src/rules/rule";
import { levelOf } from "../../server/src/rules/severity";
import { summaryOf } from "../../server/src/rules/summary";
import { analyse } from "../../server/src/sql/analyse";
import type { Dialect } from "../../server/src/sql/dialect";

const fixtures = join(import.meta.dirname, "../fixtures");
const files = globSync("**/*.sql", { cwd: fixtures }).sort();

it.each(["postgresql", "sqlserver"] as const)(
  "on %s no rule would report anything of a statement that it doesn't look at",
  async (dialect) => {
    const missed: string[] = [];
    for (const file of files) {
      const text = readFileSync(join(fixtures, file), "utf8");
      for (const scope of ["public", "tenant"] as const) {
        for await (const context of contextsOf(text, scope, dialect)) {
          const chosen = new Set(rulesFor(context, context.levelOf).map(({ rule }) => rule));
          for (const rule of statementRules.filter((one) => !chosen.has(one) && isOf(one.dialect, dialect))) {
            for (const { message } of rule.check(context)) missed.push(`${rule.id} in ${file}: ${message}`);
          }
        }
      }
    }
    expect(missed).toEqual([]);
  },
);

it("a rule that is off isn't asked", async () => {
  for await (const context of contextsOf("SELECT * FROM orders", "tenant", "postgresql")) {
    const chosen = rulesFor(context, (rule) => (rule.id === "unqualified-table" ? "off" : "hint"));
    expect(chosen.map(({ rule }) => rule.id)).not.toContain("unqualified-table");
    expect(chosen.map(({ severity }) => severity)).toContain("hint");
  }
});

/** What the rules see of each statement, in a file that is a history of its own. */
async function* contextsOf(text: string, scope: Scope, dialect: Dialect): AsyncGenerator<RuleContext> {
  const path = "0001_a.sql";
  const settings = { ...defaultConfiguration(), dialect };
  const analysis = await analyse(text, dialect);
  const { statements } = analysis;
  const history = openCatalog(settings).read([{ path, scope, up: { start: 0, end: text.length }, analysis }]);
  const earlier = openEarlier({ settings, scope, transactional: true });
  earlier.replace(
    0,
    0,
    statements.map((statement) => summaryOf(text, statement, dialect)),
  );
  const levels = levelOf([{ preset: "strict", rules: {} }], dialect);
  for (const [index, statement] of statements.entries()) {
    yield {
      settings,
      scope,
      transactional: true,
      catalog: history.before(path, index),
      later: history.end,
      earlier: earlier.before(index),
      tenants: null,
      isTenant: (schema) => schema.startsWith("tenant"),
      levelOf: levels,
      statement,
      statementText: text.slice(statement.start, statement.end),
    };
  }
}

function isOf(own: Dialect | undefined, dialect: Dialect): boolean {
  return own === undefined || own === dialect;
}
