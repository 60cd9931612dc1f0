import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { folderOf, shopWithCache, tenantry } from "./command";

it("lint says the same from what was kept, in each format, and after --fix what is left", async () => {
  const { lint, kept } = surroundings();
  for (const format of ["text", "json", "sarif", "github"]) {
    const anew = await lint("--no-cache", "--format", format);
    for (let time = 0; time < 2; time++) expect(await lint("--format", format)).toEqual(anew);
  }
  expect(kept()).toHaveLength(2);
  await lint("--fix");
  expect(await lint()).toEqual(await lint("--no-cache"));
});

it("lint that finds what was kept asks no grammar", async () => {
  const { lint } = surroundings();
  const dist = copiedProgram((text) => text);
  const anew = await lint();
  writeFileSync(join(dist, "vendor/libpg-query.js"), "throw new Error('the grammar was loaded')");
  expect(await lint.of(dist)).toEqual(anew);
  expect((await lint.of(dist, "--no-cache")).err).toContain("the grammar was loaded");
});

it("--no-cache reads nothing and keeps nothing", async () => {
  const { lint, kept, place } = surroundings();
  await lint("--no-cache");
  expect(kept()).toEqual([]);
  await lint();
  for (const name of kept()) writeFileSync(join(place, name), "garbage");
  await lint("--no-cache");
  for (const name of kept()) expect(readFileSync(join(place, name), "utf8")).toBe("garbage");
});

it("what one build has kept is nothing to another", async () => {
  const { lint, kept } = surroundings();
  const build = buildIn(readFileSync(join(__DIST__, "program.js"), "utf8"));
  const other = copiedProgram((text) => text.replaceAll(build, "0123456789abcdef0123"));
  await lint();
  await lint.of(other);
  expect(kept()).toHaveLength(4);
  await lint();
  expect(kept()).toHaveLength(4);
});

it("two that check a folder at once, and a place where nothing can be kept, change nothing", async () => {
  const { lint, path } = surroundings();
  const anew = await lint("--no-cache");
  expect(await Promise.all([lint(), lint(), lint()])).toEqual([anew, anew, anew]);
  const nowhere = { cwd: path, env: { TENANTRY_CACHE_DIR: join(path, "tenantry.json", "cache") } };
  expect(await tenantry(["lint"], nowhere)).toEqual(anew);
});

/** The shop, with a place of its own for what is kept. */
function surroundings() {
  const { path, cache } = shopWithCache();
  const place = join(cache, "kept");
  const surroundings = { cwd: path, env: { TENANTRY_CACHE_DIR: place } };
  const lint = (...words: string[]) => tenantry(["lint", ...words], surroundings);
  const of = (dist: string, ...words: string[]) => tenantry(["lint", ...words], { ...surroundings, dist });
  return { path, place, lint: Object.assign(lint, { of }), kept: () => (exists(cache) ? findingsIn(place) : []) };
}

/** The program's own code lies beside them. */
function findingsIn(place: string): string[] {
  return readdirSync(place).filter((name) => name !== "code");
}

function exists(folder: string): boolean {
  return readdirSync(folder).includes("kept");
}

/** The built program in a folder of its own. */
function copiedProgram(change: (text: string) => string): string {
  const { path, remove } = folderOf({});
  onTestFinished(remove);
  mkdirSync(join(path, "vendor"));
  cpSync(join(__DIST__, "vendor"), join(path, "vendor"), { recursive: true });
  for (const name of ["cli.js", "program.js"])
    writeFileSync(join(path, name), change(readFileSync(join(__DIST__, name), "utf8")));
  return path;
}

function buildIn(text: string): string {
  const [, build] = /build:"([0-9a-f]{20})"/.exec(text) ?? [];
  if (build === undefined) throw new Error("The program names no build.");
  return build;
}
