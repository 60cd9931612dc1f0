import { mkdir, readdir, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheIn, openCache } from "../../server/src/project/cache";
import { cacheFolder } from "../../server/src/project/cacheFolder";
import { folder } from "./folder";

it("keeps lines, for its user alone, and as many as there are", async () => {
  const place = join(await folder(), "deep/cache");
  const cache = cacheIn(place);
  const many = Array.from({ length: 3000 }, (_, n) => `${n} ${"é🦊".repeat(n % 200)}`);
  for (const lines of [[], ["one"], ["", ""], many]) {
    await cache.write("some", lines);
    expect(await cache.read("some")).toEqual(lines);
  }
  expect(await cache.read("others")).toBeNull();
  if (process.platform === "win32") return;
  expect((await stat(place)).mode & 0o777).toBe(0o700);
  expect((await stat(join(place, "some"))).mode & 0o777).toBe(0o600);
});

it("is the system's own folder for such things, or the one that is named", () => {
  const at = (platform: NodeJS.Platform, environment: NodeJS.ProcessEnv = {}) => cacheFolder(environment, platform);
  expect(at("linux")).toBe(join(homedir(), ".cache/tenantry"));
  expect(at("linux", { XDG_CACHE_HOME: "/var/quick" })).toBe(join("/var/quick", "tenantry"));
  expect(at("linux", { XDG_CACHE_HOME: "not/absolute" })).toBe(join(homedir(), ".cache/tenantry"));
  expect(at("darwin", { XDG_CACHE_HOME: "/var/quick" })).toBe(join(homedir(), "Library/Caches/tenantry"));
  expect(at("win32", { LOCALAPPDATA: "C:\\Local" })).toBe(join("C:\\Local", "tenantry", "Cache"));
  expect(at("linux", { TENANTRY_CACHE_DIR: "/own", XDG_CACHE_HOME: "/var/quick" })).toBe("/own");
});

it("is no cache where nothing can be written", async () => {
  const root = await folder({ file: "" });
  const cache = openCache({ TENANTRY_CACHE_DIR: join(root, "file/below") });
  await cache?.write("some", ["one"]);
  expect(await cache?.read("some")).toBeNull();
});

it("leaves nothing behind where what was kept can't be replaced", async () => {
  const root = await folder();
  await mkdir(join(root, "some/inside"), { recursive: true });
  const cache = cacheIn(root);
  await cache.write("some", ["one"]);
  expect(await cache.read("some")).toBeNull();
  expect(await readdir(root)).toEqual(["some"]);
});

it("gives up what wasn't used for a month, and drafts that nobody finishes", async () => {
  const root = await folder({ old: "x", recent: "x", "left.draft": "x", "now.draft": "x" });
  const ago = (hours: number) => new Date(Date.now() - hours * 3600_000);
  await utimes(join(root, "old"), ago(24 * 31), ago(24 * 31));
  await utimes(join(root, "recent"), ago(24 * 29), ago(24 * 29));
  await utimes(join(root, "left.draft"), ago(2), ago(2));
  await cacheIn(root).write("some", ["one"]);
  expect((await readdir(root)).sort()).toEqual(["now.draft", "recent", "some"]);
});

it("gives up the oldest of too much", async () => {
  const root = await folder();
  const hour = 3600_000;
  for (const [hours, name] of ["newest", "newer", "older", "oldest"].entries()) {
    await writeFile(join(root, name), "");
    await truncate(join(root, name), 64 * 1024 * 1024);
    const then = new Date(Date.now() - (hours + 1) * hour);
    await utimes(join(root, name), then, then);
  }
  await cacheIn(root).write("some", ["one"]);
  expect((await readdir(root)).sort()).toEqual(["newer", "newest", "older", "some"]);
});

it("knows what is used by its time", async () => {
  const root = await folder();
  const cache = cacheIn(root);
  await cache.write("some", ["one"]);
  const then = new Date(Date.now() - 20 * 24 * 3600_000);
  await utimes(join(root, "some"), then, then);
  await cache.read("some");
  expect(Date.now() - (await stat(join(root, "some"))).mtimeMs).toBeLessThan(3600_000);
});
