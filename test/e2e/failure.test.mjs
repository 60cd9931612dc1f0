import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withShop } from "./shop.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
const patient = { timeout: 60_000 };

test("a run that fails on the 13th tenant says where, and is finished by the next", { timeout: 600_000 }, async () => {
  await withShop(async ({ folder, tenantry }) => {
    const { tenants } = JSON.parse(tenantry("status", "--format", "json"));
    const { tenant } = tenants[12];
    const inTheWay = join(folder, "in-the-way.sql");
    writeFileSync(inTheWay, `CREATE TABLE "${tenant}".loyalty_entries (id bigint);\n`);
    tenantry("sql", inTheWay);
    await withEditor({ vsix, folder }, async (window) => {
      const { page } = window;
      const run = async (question) => {
        await window.runCommand("Tenantry: Run on All Tenants");
        const dialog = window.dialog(question);
        await dialog.waitFor(patient);
        await dialog.getByRole("button", { name: "Run", exact: true }).click();
      };
      await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
      await window.treeItem("at 0019, 25 tenants, 1 pending").waitFor(patient);
      await run("Run 1 migration on 25 tenants of sandbox?");
      const summary = window.notification("failed on 1 tenant");
      await summary.waitFor(patient);
      await window.treeItem(/^failed, 1 tenant/).waitFor(patient);
      await window.screenshot("failure-1-summary");
      await summary.getByRole("button", { name: "Show Failures" }).click();
      await page.locator(".tabs-container .tab", { hasText: "Failures on sandbox.txt" }).waitFor(patient);
      await window.screenshot("failure-2-failures");

      await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').waitFor();
      writeFileSync(inTheWay, `DROP TABLE "${tenant}".loyalty_entries;\n`);
      tenantry("sql", inTheWay);
      await run(/Run 1 migration on \d+ tenants of sandbox\?/);
      await window.treeItem("at 0020, 25 tenants, up to date").waitFor(patient);
      await window.screenshot("failure-3-finished");
    });
  });
});
