import { rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorkspace } from "../../server/src/lsp/workspace";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

const counts = Array.from({ length: 60 }, (_, index) => index + 1);
const files = {
  "tenantry.json": "{}",
  ...Object.fromEntries(counts.map((count) => [`migrations/tenant/${count}_a.sql`, `select ${count};`])),
};

/** A workspace of one folder that counts how often all of its project is read. */
async function counted() {
  const root = await folder(files);
  let readings = 0;
  const workspace = createWorkspace(
    () => undefined,
    () => {
      readings++;
    },
  );
  workspace.changeFolders([root], []);
  await workspace.project(root);
  const path = (count: number) => join(root, `migrations/tenant/${count}_a.sql`);
  const texts = async () => (await workspace.project(root)).project?.migrations.map(({ text }) => text);
  return { root, workspace, path, texts, readings: () => readings };
}

describe("many files that change at once", () => {
  it.each([
    ["few", 10],
    ["many", 50],
  ])("have all of their project read once at most: %s", async (_, most) => {
    const { workspace, path, texts, readings } = await counted();
    const gone = counts.slice(0, most).map(path);
    for (const file of gone) rmSync(file);
    expect(await workspace.filesChanged(gone)).toBe(true);
    expect(await texts()).toEqual(counts.slice(most).map((count) => `select ${count};`));
    expect(readings()).toBe(2);
  });

  it("are taken over one by one where they are few, and the project stays the same where none has changed", async () => {
    const { root, workspace, path, texts, readings } = await counted();
    const before = await workspace.project(root);
    await workspace.filesChanged(counts.slice(0, 10).map(path));
    expect(await workspace.project(root)).toBe(before);
    writeFileSync(path(1), "select 'one';");
    writeFileSync(path(2), "select 'two';");
    await workspace.filesChanged(counts.slice(0, 10).map(path));
    expect((await texts())?.slice(0, 3)).toEqual(["select 'one';", "select 'two';", "select 3;"]);
    expect(readings()).toBe(1);
  });

  it("are of no concern where they are none of a project's", async () => {
    const { root, workspace } = await counted();
    const before = await workspace.project(root);
    const others = counts.flatMap((count) => [join(root, "node_modules", `${count}`), join(root, `build/${count}`)]);
    expect(await workspace.filesChanged(others)).toBe(false);
    expect(await workspace.project(root)).toBe(before);
  });
});

describe("a folder that is moved as one", () => {
  it("takes the projects in it along", async () => {
    const root = await folder({ "services/shop/tenantry.json": "{}" });
    const workspace = createWorkspace(
      () => undefined,
      () => {},
    );
    workspace.changeFolders([root], []);
    const shop = join(root, "services/shop");
    expect(await workspace.roots()).toEqual([shop]);
    await workspace.project(shop);
    await rename(join(root, "services"), join(root, "moved"));
    await workspace.filesChanged([join(root, "services"), join(root, "moved")]);
    expect(await workspace.roots()).toEqual([join(root, "moved/shop")]);
  });
});

describe("a migration that the server makes", () => {
  it("is in the history at once, whether the client tells of it or not", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": "select 1;" });
    const client = await startClient({ folders: [root] });
    const of = { folder: uriOf(root), connection: null };
    expect(await client.request("tenantry/migrations", of)).toMatchObject({ value: [{ version: "1" }] });
    const made = await client.request("tenantry/newMigration", { folder: of.folder, name: "b", scope: "tenant" });
    const now = await client.request("tenantry/migrations", of);
    expect(now).toMatchObject({ value: [{ version: "1" }, { uri: made.ok ? made.value.uri : "" }] });
  });
});
