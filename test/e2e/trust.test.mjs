import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withShop } from "./shop.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
const patient = { timeout: 60_000 };

test("a folder that isn't trusted is checked, and connected once it is", { timeout: 600_000 }, async () => {
  await withShop(async ({ folder }) => {
    await withEditor({ vsix, folder, trusted: false }, async (window) => {
      const { page } = window;
      await window.openFile("0021_wishlists.sql");
      await page.locator(".monaco-editor .squiggly-warning").first().waitFor(patient);
      await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
      await page.locator(".part.sidebar", { hasText: "This workspace isn't trusted" }).waitFor(patient);
      await window.treeItem("0001 plans, shared").waitFor(patient);
      assert.equal(await window.treeItem(/^sandbox/).count(), 0);
      await window.screenshot("untrusted-1-welcome");

      await page.locator(".part.sidebar").getByRole("button", { name: "Manage Workspace Trust" }).click();
      const trust = page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true });
      await trust.waitFor(patient);
      await window.screenshot("untrusted-2-manage");
      await trust.click();
      await window.treeItem("at 0019, 25 tenants, 1 pending").waitFor(patient);
      await window.screenshot("untrusted-3-trusted");
    });
  });
});
