import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { rules, statementRules } from "../../server/src/rules/all";
import type { Preset, RuleEntry } from "../../server/src/rules/rule";
import { presetLevel } from "../../server/src/rules/severity";
import type { Dialect } from "../../server/src/sql/dialect";
import { annotated, annotatedRules, withoutAnnotations } from "./annotations";
import { lintFixture, lintFixtureByAllRules } from "./fixtures";

const pages = join(import.meta.dirname, "../../docs/rules");
const updates = process.env.UPDATE !== undefined;

describe("a rule's page", () => {
  it("is there for every rule, and for nothing else", () => {
    const written = globSync("*.md", { cwd: pages, ignore: "README.md" }).map((path) => basename(path, ".md"));
    expect(written.sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each(rules)("$id begins as the code has it, and has every section", (rule) => {
    const page = readFileSync(join(pages, `${rule.id}.md`), "utf8");
    expect(page).toContain(`# ${rule.id}\n\n${rule.summary}\n\nDefault severity: ${severities(rule)}.\n`);
    expect(page.match(/^## .*$/gm)).toEqual(["## What triggers it", "## Why", "## Example", "## Fix", "## Settings"]);
  });

  it.each(rules)("$id shows what is really reported of its SQL", async ({ id }) => {
    const path = join(pages, `${id}.md`);
    const page = readFileSync(path, "utf8");
    let now = page;
    for (const [block, language, sql] of page.matchAll(/^```(t?sql)\n(.*?)^```$/gms)) {
      const text = withoutAnnotations(sql ?? "");
      const findings = await lintFixture(`${id}/${language === "tsql" ? "page.tsql.sql" : "page.sql"}`, text);
      now = now.replace(block, () => `\`\`\`${language}\n${annotated(text, findings, "--")}\`\`\``);
    }
    if (updates) writeFileSync(path, now);
    else expect(page).toBe(now);
    if (statementRules.some((rule) => rule.id === id)) expect(annotatedRules(now)).toContain(id);
  });

  it.each(rules)("$id shows ways out of which no rule says anything", async ({ id }) => {
    const page = readFileSync(join(pages, `${id}.md`), "utf8");
    const fix = page.slice(page.indexOf("\n## Fix\n"), page.indexOf("\n## Settings\n"));
    for (const [, language, sql] of fix.matchAll(/^```(t?sql)\n(.*?)^```$/gms)) {
      const name = language === "tsql" ? "page.tsql.sql" : "page.sql";
      expect(await lintFixtureByAllRules(name, sql ?? "")).toEqual([]);
    }
  });
});

it("the table of all rules is the code's", () => {
  const path = join(pages, "README.md");
  const text = readFileSync(path, "utf8");
  const now = text.replace(/^\|.*\|$(?:\n\|.*\|$)*/m, () => table());
  if (updates) writeFileSync(path, now);
  else expect(text).toBe(now);
});

function table(): string {
  const head = ["rule", "PostgreSQL", "SQL Server", "`strict`", "fix", "reports"];
  const rows = rules.map((rule) => [
    `[${rule.id}](${rule.id}.md)`,
    shownLevel(rule, "recommended", "postgresql"),
    shownLevel(rule, "recommended", "sqlserver"),
    strictLevel(rule),
    rule.hasFix ? "yes" : "",
    rule.summary,
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], filler: string) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(" | ")} |`;
  return [
    line(head, " "),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row, " ")),
  ].join("\n");
}

function strictLevel(rule: RuleEntry): string {
  const dialects = (["postgresql", "sqlserver"] as const).filter((dialect) => dialect === (rule.dialect ?? dialect));
  return [...new Set(dialects.map((dialect) => shownLevel(rule, "strict", dialect)))].join(", ");
}

function shownLevel(rule: RuleEntry, preset: Preset, dialect: Dialect): string {
  return rule.dialect === undefined || rule.dialect === dialect ? presetLevel(rule, preset, dialect) : "–";
}

function severities({ severity, severityOnSqlServer }: RuleEntry): string {
  return severityOnSqlServer === undefined
    ? `\`${severity}\``
    : `\`${severity}\`, on SQL Server \`${severityOnSqlServer}\``;
}
