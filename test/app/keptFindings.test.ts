import { cpSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type LintedFile, lintPaths } from "../../server/src/app/lint";
import { type Cache, cacheIn } from "../../server/src/project/cache";
import { loadProject } from "../../server/src/project/load";
import { folder } from "../project/folder";
import { fixturesFolder, historyProjects, projectFixtures } from "../rules/fixtures";
import { edit, paths, text } from "./editedFolder";

const fixtures = [...historyProjects.map((name) => `projects/${name}`), ...projectFixtures];

it.each(fixtures)("what is kept of %s is what is found anew, also where two look for it at once", async (fixture) => {
  const root = await copyOf(fixture);
  const cache = cacheIn(join(await folder(), "cache"));
  const anew = await found(root);
  const twice = await Promise.all([found(root, cache), found(root, cache)]);
  expect(twice).toEqual([anew, anew]);
  expect(await found(root, cache)).toEqual(anew);
});

it("what is kept answers for files, names and a configuration that stay, and for no others", async () => {
  const root = await folder(shop);
  const place = join(await folder(), "cache");
  const cache = cacheIn(place);
  const isKept = async () => {
    const before = await readdir(place);
    const anew = await found(root);
    const answer = await found(root, cache);
    expect(answer).toEqual(anew);
    return (await readdir(place)).length === before.length;
  };
  await found(root, cache);
  expect(await isKept()).toBe(true);
  const changes = [
    () => appendFile(join(root, orders), "select * from items;\n"),
    () => appendFile(join(root, items), "alter table prototype.items rename to things;\n"),
    () => rename(join(root, items), join(root, "migrations/tenant/0003_items.sql")),
    () => rename(join(root, orders), join(root, "migrations/public/0002_orders.sql")),
    () => writeFile(join(root, "migrations/tenant/0009_more.sql"), "create table more (id int references items);\n"),
    () => writeFile(join(root, "seed.sql"), "-- tenantry: scope tenant\ninsert into items values (1);\n"),
    () => writeFile(join(root, "tenantry.json"), '{ "rules": { "unqualified-table": "error" } }'),
    () => writeFile(join(root, "tenantry.json"), '{ "tenants": { "list": ["acme", "bolt"] }, "preset": "strict" }'),
    () => writeFile(join(root, "tenantry.json"), '{ "dialect": "sqlserver" }'),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    expect(await isKept(), `after change ${index}`).toBe(false);
    expect(await isKept(), `again after change ${index}`).toBe(true);
  }
});

it("the tenants that a connection told of count, too", async () => {
  const root = await folder(shop);
  const cache = cacheIn(join(await folder(), "cache"));
  await found(root, cache);
  const project = { ...(await loaded(root, cache)), tenantsTold: ["acme", "bolt"] };
  const { cache: _, ...uncached } = project;
  expect(told(await lintPaths(project, []))).toEqual(told(await lintPaths(uncached, [])));
});

it("what is kept is what is told", async () => {
  const root = await folder(shop);
  const place = join(await folder(), "cache");
  const cache = cacheIn(place);
  await found(root, cache);
  const name = await nameIn(place, "lint-");
  const lines = (await cache.read(name)) ?? [];
  await cache.write(
    name,
    lines.map((line) => line.replaceAll("search_path", "SEARCHPATH")),
  );
  expect(JSON.stringify(await found(root, cache))).toContain("SEARCHPATH");
});

it.each<[string, (path: string, bytes: Buffer) => Promise<void>]>([
  ["cut short", (path, bytes) => truncate(path, bytes.length - 40)],
  ["cut after a section", (path, bytes) => truncate(path, bytes.length - 4)],
  ["empty", (path) => truncate(path, 0)],
  ["garbage", (path) => writeFile(path, "\u0000\uFFFFgarbage\n\nend\n")],
  ["altered", (path, bytes) => writeFile(path, bytes.toString().replace("items", "xtems"))],
  ["doubled", (path, bytes) => writeFile(path, Buffer.concat([bytes, bytes]))],
])("what was kept and is %s is found anew", async (_, damage) => {
  const root = await folder(shop);
  const place = join(await folder(), "cache");
  const anew = await found(root, cacheIn(place));
  const paths = [join(place, await nameIn(place, "lint-")), join(place, await nameIn(place, "files-"))];
  for (const path of paths) {
    const bytes = await readFile(path);
    await damage(path, bytes);
    expect(await readFile(path)).not.toEqual(bytes);
  }
  const damaged = await Promise.all(paths.map((path) => readFile(path)));
  expect(await found(root, cacheIn(place))).toEqual(anew);
  for (const [index, path] of paths.entries()) expect(await readFile(path)).not.toEqual(damaged[index]);
});

it("of a folder in which one file has changed, the others are known, as far as nothing of them rests on that one", async () => {
  const root = await folder({ ...shop, [things]: "create table things (id int);\nselect * from things;\n" });
  const place = join(await folder(), "cache");
  const cache = cacheIn(place);
  await found(root, cache);
  const name = await nameIn(place, "files-");
  const lines = (await cache.read(name)) ?? [];
  const marked = lines.map((line) => line.replaceAll("search_path", "SEARCHPATH"));
  await cache.write(name, marked);
  await appendFile(join(root, items), "alter table prototype.items rename to articles;\n");
  const project = await loaded(root, cache);
  const told = new Map((await lintPaths(project, [])).map((file) => [file.path, JSON.stringify(file.diagnostics)]));
  expect(told.get(things)).toContain("SEARCHPATH");
  expect(told.get(orders)).toContain("search_path");
});

it("whatever is edited between two processes, the next one finds what it would find anew", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(text, text, text), fc.array(edit, { maxLength: 5 }), async (begin, edits) => {
      const root = await folder({ "tenantry.json": '{ "preset": "strict" }' });
      const cache = cacheIn(join(root, "cache"));
      const texts = [...begin];
      for (const { file, at, removed, put } of [{ file: 0, at: 0, removed: 0, put: "" }, ...edits]) {
        const old = texts[file] ?? "";
        const from = at % (old.length + 1);
        texts[file] = old.slice(0, from) + put + old.slice(from + removed);
        for (const [index, path] of paths.entries()) {
          await mkdir(dirname(join(root, path)), { recursive: true });
          await writeFile(join(root, path), texts[index] ?? "");
        }
        expect(await found(root, cache)).toEqual(await found(root));
      }
    }),
    { numRuns: 15 },
  );
});

it("a check of some files keeps nothing that stands for all", async () => {
  const root = await folder(shop);
  const cache = cacheIn(join(await folder(), "cache"));
  await lintPaths(await loaded(root, cache), [], new Set([join(root, orders)]));
  await lintPaths(await loaded(root, cache), [join(root, orders)]);
  expect(await found(root, cache)).toEqual(await found(root));
});

/** The one that is kept under a name that begins like this. */
async function nameIn(place: string, begin: string): Promise<string> {
  return (await readdir(place)).find((name) => name.startsWith(begin)) ?? begin;
}

const things = "migrations/tenant/0003_things.sql";
const items = "migrations/tenant/0001_items.sql";
const orders = "migrations/tenant/0002_orders.sql";
const shop = {
  "tenantry.json": "{}",
  "migrations/public/0001_plans.sql": "create table public.plans (id bigint primary key);\n",
  [items]: "create table prototype.items (id bigint primary key);\n",
  [orders]:
    "create table prototype.orders (id bigint primary key, item_id bigint references items);\nselect * from orders;\nselect * from acme.orders;\n",
};

async function copyOf(fixture: string): Promise<string> {
  const root = await folder();
  cpSync(join(fixturesFolder, fixture), root, { recursive: true });
  return root;
}

async function loaded(root: string, cache?: Cache) {
  const { project, problems } = await loadProject(root, { trusted: true, ...(cache && { cache }) });
  if (project === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return project;
}

/** What a process that has just started tells of a folder. */
async function found(root: string, cache?: Cache): Promise<unknown> {
  const { project, problems } = await loadProject(root, { trusted: true, ...(cache && { cache }) });
  return project === null ? problems : told(await lintPaths(project, []));
}

function told(files: readonly LintedFile[]): unknown {
  return files.map(({ path, text, diagnostics }) => ({
    path,
    text,
    diagnostics: diagnostics.map(({ rule, severity, start, end, message, fixes, related = [] }) => ({
      ...{ rule, severity, start, end, message, fixes },
      related: related.map(({ file, start, end, message }) => ({ file, start, end, message })),
    })),
  }));
}
