import { describe, expect, it } from "vitest";
import { lintPaths } from "../../server/src/app/lint";
import { loadProject } from "../../server/src/project/load";
import { rules } from "../../server/src/rules/all";
import { folder } from "../project/folder";

const ruleIds = async () => rules.map(({ id }) => id);

/** What is reported of a project's files, as `path severity rule`. */
async function reported(configuration: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await folder({ "tenantry.json": configuration, "migrations/public/0001_a.sql": "", ...files });
  const { project, problems } = await loadProject(root, { trusted: true, ruleIds });
  if (project === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  const linted = await lintPaths(project, []);
  return linted.flatMap(({ path, diagnostics }) =>
    diagnostics.map(({ severity, rule }) => `${path.replace("migrations/tenant/", "")} ${severity} ${rule}`),
  );
}

const files = {
  "migrations/tenant/0002_a.sql": "DELETE FROM orders;",
  "migrations/tenant/legacy/0003_b.sql": "DELETE FROM orders; COMMIT;",
};

describe("a preset", () => {
  it.each([
    ["recommended", ["warning", "warning", "error"]],
    ["strict", ["error", "error", "error"]],
  ])("%s", async (preset, severities) => {
    const found = await reported(`{ "preset": "${preset}" }`, files);
    expect(found.filter((line) => /unqualified-table|transaction-control/.test(line))).toEqual([
      `0002_a.sql ${severities[0]} unqualified-table`,
      `legacy/0003_b.sql ${severities[1]} unqualified-table`,
      `legacy/0003_b.sql ${severities[2]} transaction-control`,
    ]);
  });

  it("off leaves what keeps a file from being read, and what is switched on again", async () => {
    const twice = { ...files, "migrations/tenant/2_c.sql": "" };
    expect(await reported('{ "preset": "off", "rules": { "transaction-control": "hint" } }', twice)).toEqual([
      "0002_a.sql error duplicate-version",
      "2_c.sql error duplicate-version",
      "legacy/0003_b.sql hint transaction-control",
    ]);
  });
});

it("an ignore that a plan goes by isn't called unused where the rule is off", async () => {
  const ignored = (rule: string, reason: string) => `-- tenantry: ignore ${rule}${reason}\nSELECT 'of the prototype';`;
  const told = await reported('{ "rules": { "dynamic-sql": "off", "unqualified-table": "off" } }', {
    "migrations/tenant/0002_a.sql": ignored("dynamic-sql", ": it is a remark"),
    "migrations/tenant/0003_b.sql": ignored("dynamic-sql", ""),
    "migrations/tenant/0004_c.sql": ignored("unqualified-table", ": there is none"),
  });
  expect(told).toEqual(["0003_b.sql warning unused-ignore", "0004_c.sql warning unused-ignore"]);
});

it("a version that comes twice points at the other file", async () => {
  const root = await folder({
    "tenantry.json": "{}",
    "migrations/public/0001_a.sql": "",
    "migrations/tenant/1_b.sql": "",
  });
  const { project } = await loadProject(root, { trusted: true, ruleIds });
  const linted = project === null ? [] : await lintPaths(project, []);
  expect(linted.map(({ path, diagnostics }) => [path, diagnostics[0]?.related?.map(({ file }) => file)])).toEqual([
    ["migrations/public/0001_a.sql", ["migrations/tenant/1_b.sql"]],
    ["migrations/tenant/1_b.sql", ["migrations/public/0001_a.sql"]],
  ]);
});

describe("overrides", () => {
  it("go before what stands at the top, a preset also before single rules there", async () => {
    const configuration = `{
      "rules": { "unqualified-table": "hint", "transaction-control": "hint" },
      "overrides": [{ "files": ["migrations/tenant/legacy/**"], "preset": "off", "rules": { "transaction-control": "warning" } }]
    }`;
    const found = await reported(configuration, files);
    expect(found.filter((line) => /unqualified-table|transaction-control/.test(line))).toEqual([
      "0002_a.sql hint unqualified-table",
      "legacy/0003_b.sql warning transaction-control",
    ]);
  });

  it("win over those before them, rule by rule", async () => {
    const configuration = `{
      "preset": "off",
      "overrides": [
        { "files": ["migrations/tenant"], "rules": { "unqualified-table": "error", "transaction-control": "error" } },
        { "files": ["migrations/tenant/legacy"], "rules": { "unqualified-table": "off" } }
      ]
    }`;
    expect(await reported(configuration, files)).toEqual([
      "0002_a.sql error unqualified-table",
      "legacy/0003_b.sql error transaction-control",
    ]);
  });
});
