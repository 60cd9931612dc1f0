import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withFleet } from "./fleet.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
const patient = { timeout: 60_000 };

test("a terminal's run is followed and stopped in the editor, and the editor's own is cancelled", {
  timeout: 600_000,
}, async () => {
  await withFleet(async ({ folder, tenantry }) => {
    assert.equal((await tenantry("run", "--to", "0001", "--yes")).code, 0);
    await withEditor({ vsix, folder }, async (window) => {
      const { page } = window;
      await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
      await window.treeItem("at 0001, 8 tenants, 1 pending").waitFor(patient);

      const elsewhere = tenantry("run", "--yes");
      await page.getByRole("button", { name: "Runs Section" }).click();
      const live = window.treeItem(/^fleet, .*, \d of 8 tenants/);
      await live.waitFor(patient);
      await window.screenshot("runs-1-followed");
      await live.hover();
      await live.getByRole("button", { name: /^Cancel Run/ }).click();
      const { code, text } = await elsewhere;
      assert.equal(code, 130, text);
      await window.treeItem(/^fleet, .* The run was cancelled/).waitFor(patient);
      await window.screenshot("runs-2-stopped");

      await window.runCommand("Tenantry: Run on All Tenants");
      const dialog = window.dialog(/Run 1 migration on \d+ tenants of fleet\?/);
      await dialog.waitFor(patient);
      await dialog.getByRole("button", { name: "Run", exact: true }).click();
      const progress = window.notification("Running on fleet");
      await progress.waitFor(patient);
      await window.screenshot("runs-3-own");
      await progress.getByRole("button", { name: "Cancel" }).click();
      await window.notification(/Stopping on fleet/).waitFor(patient);
      await window.screenshot("runs-4-stopping");
      await window.notification(/Show Log/).waitFor(patient);
      await window.screenshot("runs-5-ended");
    });
  });
});
