import { describe, expect, it } from "vitest";
import type { Finding } from "../../server/src/cli/report/finding";
import { github } from "../../server/src/cli/report/github";
import { lintText } from "../../server/src/cli/report/lintText";
import { summaryText } from "../../server/src/cli/report/run";
import { sarif } from "../../server/src/cli/report/sarif";
import { statusText } from "../../server/src/cli/report/status";
import { styleFor } from "../../server/src/cli/style";
import { duration, few, visible, width } from "../../server/src/cli/text";
import type { TenantStatus } from "../../server/src/engine/events";
import { sarifFaults } from "./sarifSchema";

const plain = styleFor({ isTTY: false }, {});

const finding: Finding = {
  file: "migrations/tenant/0003_a,b.sql",
  range: { start: { line: 2, character: 12 }, end: { line: 2, character: 18 } },
  severity: "warning",
  code: "unqualified-table",
  message: "100% sure:\nit lands elsewhere",
  source: "ALTER TABLE orders ADD COLUMN note text;",
  fix: "Qualify with prototype",
  related: [],
};

const related: Finding = {
  ...finding,
  related: [
    {
      file: "migrations/tenant/0001_a b.sql",
      range: { start: { line: 0, character: 23 }, end: { line: 0, character: 29 } },
      message: "prototype.orders is made here.",
    },
  ],
};

describe("style", () => {
  it("colours a terminal only, and not where NO_COLOR is set", () => {
    expect(styleFor({ isTTY: true }, {}).red("x")).toBe("\u001b[31mx\u001b[39m");
    expect(styleFor({ isTTY: true }, { NO_COLOR: "1" }).red("x")).toBe("x");
    expect(styleFor({ isTTY: true }, { TERM: "dumb" }).red("x")).toBe("x");
    expect(plain.red("x")).toBe("x");
  });
});

describe("text", () => {
  it("says durations as people do", () => {
    expect([4.4, 1_234, 59_000, 119_600, 3_600_000].map(duration)).toEqual([
      "4 ms",
      "1.2 s",
      "59 s",
      "2 min 0 s",
      "60 min 0 s",
    ]);
  });

  it("shortens lists", () => {
    expect(few(["a", "b"], 2)).toBe("a, b");
    expect(few(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
  });

  it("makes visible what would steer a terminal", () => {
    expect(visible('a"\u001b[31m\u202eb')).toBe('a"\\u{1b}[31m\\u{202e}b');
  });

  it("counts the columns of wide characters", () => {
    expect([width("abc"), width("表a"), width("😀"), width("e\u0301")]).toEqual([3, 3, 2, 1]);
  });
});

describe("lint", () => {
  it("shows the line and underlines the place", () => {
    expect(lintText(1, [finding], null, plain).split("\n").slice(2)).toEqual([
      "  3 | ALTER TABLE orders ADD COLUMN note text;",
      "    |             ^^^^^^",
      "      fix: Qualify with prototype (--fix)",
      "",
      "1 warning in 1 file.",
    ]);
  });

  it("shows a path in one line, whatever its name holds", () => {
    expect(lintText(1, [{ ...finding, file: "a\n\u001b.sql" }], null, plain)).toMatch(/^a\\n\\u\{1b\}\.sql:\d/);
  });

  it("tells the other places that a finding is about", () => {
    expect(lintText(1, [related], null, plain)).toContain(
      "    |             ^^^^^^\n      note: prototype.orders is made here. migrations/tenant/0001_a b.sql:1:24\n      fix:",
    );
    expect(github([related])).toMatch(
      /::100%25 sure:%0Ait lands elsewhere%0Aprototype\.orders is made here\. migrations\/tenant\/0001_a b\.sql:1:24$/,
    );
  });

  it("keeps the underline under its place after wide characters and tabs", () => {
    const source = "\t/* 表 */ orders";
    const moved = { ...finding, source, range: { start: { line: 0, character: 9 }, end: { line: 0, character: 15 } } };
    expect(lintText(1, [moved], null, plain)).toContain(`1 | ${source}\n    | \t         ^^^^^^`);
  });

  it("says so where nothing is found", () => {
    expect(lintText(3, [], null, plain)).toBe("Nothing found in 3 files.");
  });

  it("says what was fixed, and what is left", () => {
    expect(lintText(3, [], { findings: 12, files: 1 }, plain)).toBe(
      "Fixed 12 findings in 1 file. Nothing is left in 3 files.",
    );
    expect(lintText(3, [finding], { findings: 1, files: 1 }, plain)).toMatch(
      /\n\nFixed 1 finding in 1 file\. 1 warning in 3 files\.$/,
    );
    expect(lintText(3, [], { findings: 0, files: 0 }, plain)).toBe(
      "There was nothing to fix. Nothing found in 3 files.",
    );
  });

  it("shows what in a name would steer the terminal", () => {
    const strange = { ...finding, message: '"a\u001b[2J" names no schema', fix: 'Qualify with "b\u001b"' };
    expect(lintText(1, [strange], null, plain)).toContain('"a\\u{1b}[2J" names no schema');
    expect(lintText(1, [strange], null, plain)).not.toContain("\u001b");
  });

  it("escapes what GitHub's commands give a meaning", () => {
    expect(github([finding])).toBe(
      "::warning file=migrations/tenant/0003_a%2Cb.sql,line=3,endLine=3,col=13,endColumn=19,title=unqualified-table::100%25 sure:%0Ait lands elsewhere",
    );
  });

  it("writes what OASIS's schema of SARIF 2.1.0 allows", () => {
    const rules = [{ id: "unqualified-table", summary: "s", level: "warning" }] as const;
    const log = JSON.parse(JSON.stringify(sarif([finding, related], rules, "1.0.0")));
    expect(sarifFaults(log)).toEqual([]);
    expect(log.runs[0].results[1].relatedLocations).toMatchObject([
      { id: 0, physicalLocation: { artifactLocation: { uri: "migrations/tenant/0001_a%20b.sql" } } },
    ]);
    log.runs[0].results[0].level = "fatal";
    expect(sarifFaults(log)).toEqual(["/runs/0/results/0/level: must be equal to one of the allowed values"]);
  });

  it("writes SARIF with 1-based positions and the rule's index", () => {
    expect(
      sarif(
        [finding],
        [
          { id: "other", summary: "", level: "off" },
          { id: "unqualified-table", summary: "s", level: "warning" },
        ],
        "1.0.0",
      ),
    ).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: [
            {
              ruleId: "unqualified-table",
              ruleIndex: 1,
              level: "warning",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "migrations/tenant/0003_a%2Cb.sql" },
                    region: { startLine: 3, startColumn: 13, endLine: 3, endColumn: 19 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe("status", () => {
  const tenants: TenantStatus[] = [
    ...Array.from({ length: 23 }, (_, n) => ({
      tenant: `t${n}`,
      version: "0018",
      pending: 0,
      state: "current" as const,
    })),
    { tenant: "x", version: "0017", pending: 1, state: "pending" },
    { tenant: "y", version: "0017", pending: 1, state: "pending" },
  ];

  const nothingElse = {
    details: new Map<string, string>(),
    shared: { public: null, prototype: null },
    absent: null,
    waysOut: [],
  };

  it("tells why tenants failed, and the prototype, each on a line", () => {
    const page = statusText(
      {
        public: { version: "0018", pending: 0 },
        prototype: { version: "0017", pending: 1 },
        tenants: [...tenants, { tenant: "a\nb", version: "0017", pending: 1, state: "failed" }],
      },
      {
        ...nothingElse,
        details: new Map([["a\nb", "no\nroom"]]),
        shared: { public: null, prototype: { state: "failed", text: "failed: no such column" } },
      },
      plain,
    );
    expect(page).toContain("prototype  0017  (1 pending)  failed: no such column");
    expect(page.split("\n").at(-1)).toBe('"a\\nb"  0017     failed: no room');
  });

  it("says the cohorts first, then the tenants that differ", () => {
    const page = statusText(
      { public: { version: "0018", pending: 0 }, prototype: { version: "0017", pending: 1 }, tenants },
      nothingElse,
      plain,
    );
    expect(page).toBe(
      [
        "public     0018",
        "prototype  0017  (1 pending)",
        "",
        "25 tenants: 23 at 0018 · 2 at 0017 (1 pending)",
        "",
        "tenant  version  state",
        "x       0017     1 pending",
        "y       0017     1 pending",
      ].join("\n"),
    );
  });

  it("stays a page for thousands that differ", () => {
    const many: TenantStatus[] = Array.from({ length: 3_000 }, (_, n) => ({
      tenant: `t${n}`,
      version: "0018",
      pending: 0,
      state: n % 2 === 0 ? "failed" : "current",
    }));
    const page = statusText(
      { public: { version: null, pending: 0 }, prototype: null, tenants: many },
      nothingElse,
      plain,
    );
    expect(page).toContain("1,500 at 0018 · 1,500 failed");
    expect(page.split("\n").length).toBeLessThan(60);
    expect(page).toContain("and 1,450 more");
  });
});

describe("the end of a run", () => {
  it("groups failures by cause, with the place in the original file", () => {
    const failed = Array.from({ length: 200 }, (_, n) => `t${n}`);
    const page = summaryText(
      {
        event: "summary",
        run: "r",
        counts: { applied: 800, unchanged: 0, failed: 200, cancelled: 0, skipped: 0 },
        failures: [
          {
            code: "23502",
            message: "column contains null values",
            file: "migrations/tenant/7.sql",
            line: 3,
            column: 5,
            tenants: failed,
          },
        ],
        milliseconds: 4_200,
        stopped: null,
      },
      { leftOut: 0, inPart: 0 },
      process.cwd(),
      plain,
    );
    expect(page).toContain("800 applied · 200 failed in 4.2 s");
    expect(page).toContain("1 cause of failure:");
    expect(page).toContain("at migrations/tenant/7.sql:3:5");
    expect(page).toContain("200 tenants: t0, t1, t2, t3, t4, t5, t6, t7 and 192 more");
  });

  it("tells tenants that are left out from those that were never begun", () => {
    const page = (skipped: number, leftOut: number, inPart = 0) =>
      summaryText(
        {
          event: "summary",
          run: "r",
          counts: { applied: 1, unchanged: 0, failed: 1, cancelled: 0, skipped },
          failures: [],
          milliseconds: 100,
          stopped: "failures",
        },
        { leftOut, inPart },
        process.cwd(),
        plain,
      );
    expect(page(5, 2)).toContain("1 applied · 1 failed · 2 left out · 3 not begun in");
    expect(page(5, 2)).toContain("no more tenants were started");
    expect(page(5, 2, 2)).toContain("1 applied · 1 failed · 2 left out · 2 applied in part · 1 not begun in");
    expect(page(2, 2)).toContain("1 applied · 1 failed · 2 left out in");
    expect(page(2, 2)).not.toContain("no more tenants were started");
  });
});
