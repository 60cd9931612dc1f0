import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withShop } from "./shop.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
const patient = { timeout: 60_000 };

test("a language server that doesn't come up is told of, and can be started later", { timeout: 600_000 }, async () => {
  await withShop(async ({ folder }) => {
    let repair = () => {};
    const installed = (extension) => {
      const server = join(extension, "dist/server.js");
      renameSync(server, `${server}.away`);
      repair = () => renameSync(`${server}.away`, server);
    };
    await withEditor({ vsix, folder, installed }, async (window) => {
      const { page } = window;
      await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
      const told = window.notification("could not be started");
      await told.waitFor(patient);
      const all = page.locator(".notifications-toasts .notification-list-item");
      await page.locator(".part.sidebar").getByText("language server isn't running").waitFor(patient);
      await window.screenshot("start-1-down");
      const texts = await all.allInnerTexts();
      assert.equal(texts.length, 1, texts.join("\n---\n"));
      repair();
      await told.getByRole("button", { name: "Restart Language Server" }).click();
      await window.treeItem("at 0019, 25 tenants, 1 pending").waitFor(patient);
      await window.screenshot("start-2-up");
    });
  });
});
