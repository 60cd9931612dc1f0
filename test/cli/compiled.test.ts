import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compiledPath, loadCompiled, openLoader } from "../../server/src/cli/compiled";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenantry-compiled-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("takes what is compiled of a file, and loads what it requires beside itself once", () => {
  const main = file("main.js", 'exports.sum = () => require("./other.js").two + require("./other.js").two;');
  const other = file("other.js", "global.timesLoaded = (global.timesLoaded ?? 0) + 1; exports.two = 2;");
  compile(main);
  compile(other);
  const { sum } = loadCompiled(main) as { sum: () => number };
  expect(sum()).toBe(4);
  // Once to be compiled, and once here.
  expect((global as { timesLoaded?: number }).timesLoaded).toBe(2);
});

it.each([
  ["nothing", null],
  ["damaged", Buffer.from("no code of any version")],
])("loads a file of which there is %s compiled", (_what, code) => {
  const path = file("main.js", 'exports.name = require("node:path").basename(__filename);');
  if (code !== null) writeFileSync(compiledPath(path), code);
  expect(loadCompiled(path)).toEqual({ name: "main.js" });
});

it("a process takes what the build has compiled", () => {
  for (const name of ["commands.js", "vendor/zod.js", "vendor/pg.js"]) {
    const path = join(__DIST__, name);
    const script = `
      const { readFileSync } = require("node:fs");
      const source = require("node:module").wrap(readFileSync(process.argv[1], "latin1"));
      const cachedData = readFileSync(process.argv[2]);
      console.log(new (require("node:vm").Script)(source, { cachedData }).cachedDataRejected);`;
    const rejected = execFileSync(process.execPath, ["-e", script, path, compiledPath(path)], { encoding: "utf8" });
    expect([name, rejected.trim()]).toEqual([name, "false"]);
  }
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function compile(path: string): void {
  const { load, scripts } = openLoader(() => ({}));
  load(path);
  const script = scripts.get(path);
  if (script !== undefined) writeFileSync(compiledPath(path), script.createCachedData());
}
