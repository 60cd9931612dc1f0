import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, start, tenantry } from "./command";

const nowhere = { cwd: "/" };

describe("help", () => {
  it("is what a bare tenantry shows: every command with a line, and where to begin", async () => {
    const { code, out, err } = await tenantry([], nowhere);
    expect([code, err]).toEqual([0, ""]);
    for (const command of ["init", "new", "lint", "inspect", "render", "status", "plan", "run", "lsp"]) {
      expect(out).toMatch(new RegExp(`^  ${command} +[a-z]`, "m"));
    }
    expect(out).toContain("Exit codes:");
    expect(out).not.toContain("--control");
  });

  it.each(["init", "new", "lint", "inspect", "render", "status", "plan", "run", "sql", "lsp"])(
    "of %s ends with an example",
    async (command) => {
      const { code, out } = await tenantry([command, "--help"], nowhere);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`Examples?:\\n  tenantry ${command}`));
      expect(out).not.toContain("--control");
    },
  );

  it("is there for the version, too", async () => {
    const { code, out } = await tenantry(["--version"], nowhere);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

describe("wrong use ends with 2 and says what to do", () => {
  it.each([
    [["lnt"], "Did you mean lint?"],
    [["status", "--formt", "json"], "Did you mean --format?"],
    [["status", "--format", "xml"], "Allowed choices are text, json"],
    [["render", "x.sql"], "--tenant"],
    [["inspect"], "missing required argument 'file'"],
    [["inspect", "a.sql", "b.sql"], "too many arguments"],
    [["lint", "--max-warnings", "few"], "whole number"],
    [["status", "--tenants", ""], "at least one tenant"],
    [["run", "--tenants", " ,"], "at least one tenant"],
    [["run", "--tenants", '"",""'], "at least one tenant"],
    [["inspect", "missing.sql"], "missing.sql can't be read: there is no such file"],
    [["inspect", "."], "it is a folder"],
    [["lint", "missing.sql"], "missing.sql"],
    [["status", "--config", "missing.json"], "missing.json"],
  ])("%j", async (words, message) => {
    const folder = folderOf({});
    const { code, out, err } = await tenantry(words, { cwd: folder.path });
    folder.remove();
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe("a broken tenantry.json", () => {
  it.each([
    ['{\n  "dialect": "postgresql",\n  "connections": {,}\n}', "tenantry.json:3:"],
    ['{\n  "dialect": "oracle"\n}', "tenantry.json:2:14: "],
    ['{\n  "dialct": "postgresql"\n}', "tenantry.json:2:3: "],
    ['{\n  "dialect": "sqlserver",\n  "tenantNames": "search-path"\n}', "tenantry.json:3:"],
  ])("stops every command with 2, and its line and column: %s", async (text, place) => {
    const folder = folderOf({ "tenantry.json": text, "migrations/tenant/0001_a.sql": "select 1;" });
    for (const words of [["lint"], ["status"], ["plan", "--format", "json"], ["run", "--yes"], ["new", "x"]]) {
      const { code, out, err } = await tenantry(words, { cwd: folder.path });
      expect([words, code, out]).toEqual([words, 2, ""]);
      expect(err).toContain(place);
    }
    folder.remove();
  });
});

describe("the choice of a connection", () => {
  const configuration = JSON.stringify({
    connections: {
      sandbox: { url: "embedded:memory" },
      staging: { url: `\${env:NO_SUCH_VARIABLE}` },
      production: { url: "postgresql://me:s3cret-word@127.0.0.1:1/db", protected: true },
    },
    tenants: { list: ["acme"] },
  });

  it.each([
    [["status", "--connection", "stagin"], 2, "staging"],
    [["status", "--connection", "staging"], 2, "NO_SUCH_VARIABLE"],
    [["status"], 2, "--connection"],
    [["run", "--connection", "production"], 2, "--confirm production"],
    [["run", "--connection", "production", "--confirm", "prod", "--yes"], 2, "--confirm production"],
    [["sql", "tenantry.json", "--connection", "production"], 2, "--confirm production"],
    [["run", "--connection", "production", "--confirm", "production"], 3, "127.0.0.1"],
    [["status", "--connection", "production"], 3, "127.0.0.1"],
    [["status", "--connection", "mysql://localhost/x"], 2, "postgresql://"],
    [["run", "--to", "", "--yes"], 2, "Write a migration's version"],
  ])("%j ends with %i", async (words, expected, message) => {
    const folder = folderOf({ "tenantry.json": configuration });
    const { code, out, err } = await tenantry(words, { cwd: folder.path });
    folder.remove();
    expect([code, out]).toEqual([expected, ""]);
    expect(err).toContain(message);
    expect(err).not.toContain("s3cret-word");
  });
});

describe("output", () => {
  it("that nobody reads any more ends quietly", async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `ALTER TABLE t${n} ADD COLUMN c int;`);
    const folder = folderOf({ "many.sql": lines.join("\n") });
    const { process, ended } = start(["lint", "many.sql"], { cwd: folder.path });
    process.stdout?.once("data", () => process.stdout?.destroy());
    const { code, err } = await ended;
    folder.remove();
    expect(err).toBe("");
    expect(code).not.toBe(null);
  });

  it.runIf(existsSync("/dev/full"))("that finds no room on the disk is told, and no success", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [join(__DIST__, "cli.js"), "--version"], {
      cwd: "/",
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([1, "Standard output can't be written (ENOSPC); what follows is not shown.\n"]);
  });
});
