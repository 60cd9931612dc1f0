import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withShop } from "./shop.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
const patient = { timeout: 60_000 };

test("projects in folders of one name are told apart, and asked about once", { timeout: 600_000 }, async () => {
  await withShop(async ({ folder }) => {
    const root = mkdtempSync(join(tmpdir(), "tenantry-folders-"));
    try {
      const at = (...parts) => join(root, ...parts);
      for (const path of ["tools", "empty/db", "shop"]) mkdirSync(at(path), { recursive: true });
      renameSync(folder, at("shop/db"));
      writeFileSync(at("empty/db/tenantry.json"), "{}\n");
      const workspace = at("several.code-workspace");
      const open = (...paths) => writeFileSync(workspace, JSON.stringify({ folders: paths.map((path) => ({ path })) }));
      open("tools", "empty/db", "shop/db");
      await withEditor({ vsix, folder: workspace }, async (window) => {
        const { page } = window;
        const runs = page.locator(".part.sidebar .pane", { has: page.locator('.pane-header[aria-label^="Runs"]') });
        const pick = page.locator(".quick-input-list .monaco-list-row");
        // By keys: over the rows there may lie what VS Code says of the one that the mouse rests on.
        const choose = async (name) => {
          await pick.filter({ hasText: name }).waitFor(patient);
          await window.quickInput.fill(name);
          await page.keyboard.press("Enter");
        };
        await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
        await window.treeItem("at 0019, 25 tenants, 1 pending").waitFor(patient);
        for (const name of ["empty/db", "shop/db"]) await window.treeItem(name).first().waitFor(patient);

        await window.runCommand("Tenantry: Create tenantry.json");
        await pick.filter({ hasText: "shop/db" }).waitFor(patient);
        await window.screenshot("folders-1-asked");
        assert.equal(await pick.count(), 3);
        await page.keyboard.press("Escape");
        await window.runCommand("Tenantry: Create tenantry.json");
        await choose("tools");
        await page.locator(".tabs-container .tab", { hasText: "tenantry.json" }).waitFor(patient);
        assert.ok(existsSync(at("tools/tenantry.json")));
        assert.equal(await page.locator(".notifications-toasts .notification-list-item").count(), 0);
        await window.runCommand("View: Close All Editors");

        await window.runCommand("Tenantry: Run on All Tenants");
        await choose("shop/db");
        await window.dialog("on 25 tenants").getByRole("button", { name: "Run", exact: true }).click(patient);
        await window.notification("Applied").waitFor(patient);
        await runs.locator(".pane-header").click();
        await runs.getByRole("treeitem", { name: "shop/db" }).waitFor(patient);
        await window.screenshot("folders-2-run");

        open("tools", "empty/db");
        await window.treeItem("at 0020, 25 tenants").waitFor({ ...patient, state: "detached" });
        await page.reload();
        await window.treeItem("tools").first().waitFor(patient);
        open("tools", "empty/db", "shop/db");
        await runs.getByRole("treeitem", { name: "shop/db" }).waitFor(patient);
        await window.screenshot("folders-3-added");
      });
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
