import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { withEditor } from "./editor.mjs";
import { withShop } from "./shop.mjs";

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
const vsix = resolve(import.meta.dirname, `../../${manifest.name}-${manifest.version}.vsix`);
// A first start on a busy machine takes its time.
const patient = { timeout: 60_000 };

test("a migration is authored, and run on all tenants", { timeout: 600_000 }, async (t) => {
  await withShop(async ({ folder, tenantry }) => {
    await withEditor({ vsix, folder }, async (window) => {
      const { page } = window;

      await t.test("an unqualified table is underlined, and says where it would lead", async () => {
        await window.openFile("0021_wishlists.sql");
        await page.locator(".monaco-editor .squiggly-warning").first().waitFor(patient);
        await page.keyboard.press("Control+Shift+M");
        await page
          .locator(".markers-panel .monaco-list-row", { hasText: '"orders" names no schema' })
          .first()
          .waitFor(patient);
        await window.screenshot("1-problems");
        await window.line("ALTER TABLE orders").getByText("orders", { exact: false }).last().hover();
        const hover = page.locator(".monaco-hover:visible", { hasText: "likely prototype.orders" }).first();
        await hover.waitFor();
        await window.screenshot("2-hover");
      });

      await t.test("the quick fix qualifies it", async () => {
        await window.caretBehind("ALTER TABLE o");
        const action = await window.quickFix("Qualify with prototype");
        await window.screenshot("3-quick-fix");
        await action.click();
        await window.line("ALTER TABLE prototype.orders").waitFor();
        await window.screenshot("4-fixed");
      });

      await t.test("an error is ignored, with a reason that the author writes", async () => {
        await window.caretBehind("ALTER TABLE public.pl");
        const action = await window.quickFix("Ignore public-change-in-tenant-migration here, with a reason");
        await window.screenshot("ignore-1-offered");
        await action.click();
        await window.line("-- tenantry: ignore public-change-in-tenant-migration: ").waitFor();
        await window.screenshot("ignore-2-written");
        await page.keyboard.type("each tenant has its own plans for a week");
        await window.line("public-change-in-tenant-migration: each tenant has its own plans for a week").waitFor();
        await page.keyboard.press("Escape");
        await window.screenshot("ignore-3-reason");
      });

      await t.test("a shared table is completed while its statement is typed", async () => {
        await page.keyboard.press("Control+End");
        await page.keyboard.type("\nINSERT INTO pla");
        await page.keyboard.press("Control+Space");
        const offered = page.locator(".suggest-widget .monaco-list-row", { hasText: "plans" }).first();
        await offered.waitFor(patient);
        await window.screenshot("completion-1-offered");
        await offered.click();
        await window.line("INSERT INTO public.plans").waitFor();
        await window.screenshot("completion-2-taken");
      });

      await t.test("the tenants stand in the sidebar", async () => {
        await page.locator('.activitybar a.action-label[aria-label^="Tenantry"]').click();
        await window.treeItem("at 0019, 25 tenants, 1 pending").waitFor(patient);
        await window.treeItem(/^acme, 1 pending/).waitFor();
        await window.screenshot("5-tenants-before");
      });

      await t.test("a preview shows the SQL for one tenant", async () => {
        await window.openFile("0020_loyalty.sql");
        await window.runCommand("Tenantry: Preview SQL for Tenant");
        await window.choose("alpenrad");
        await page.locator(".tabs-container .tab", { hasText: "alpenrad: 0020_loyalty.sql" }).waitFor();
        await window.line('CREATE TABLE "alpenrad".loyalty_entries').waitFor();
        await window.screenshot("6-preview");
      });

      await t.test("code lenses stand over a migration", async () => {
        await page.locator(".codelens-decoration", { hasText: "Run on all tenants" }).first().waitFor(patient);
      });

      await t.test("a migration that isn't saved is asked about before a run is planned", async () => {
        await page.locator('.tabs-container .tab[data-resource-name="0020_loyalty.sql"]').click();
        await window.line("CREATE TABLE prototype.loyalty_entries").first().click();
        await page.keyboard.press("Control+End");
        await page.keyboard.type("\n-- One more word.");
        await window.runCommand("Tenantry: Run on All Tenants");
        const unsaved = window.dialog("0020_loyalty.sql has changes that aren't saved.");
        await unsaved.waitFor(patient);
        await window.screenshot("unsaved-1-asked");
        await unsaved.getByRole("button", { name: "Save and Go On" }).click();
        const dialog = window.dialog("Run 1 migration on 25 tenants of sandbox?");
        await dialog.waitFor(patient);
        await dialog.getByRole("button", { name: "Cancel" }).click();
        assert.match(readFileSync(join(folder, "migrations/tenant/0020_loyalty.sql"), "utf8"), /-- One more word\.$/);
      });

      await t.test("Run on All Tenants shows the plan, asks, runs and tells", async () => {
        await window.runCommand("Tenantry: Run on All Tenants");
        const dialog = window.dialog("Run 1 migration on 25 tenants of sandbox?");
        await dialog.waitFor(patient);
        await window.screenshot("7-confirmation");
        await dialog.getByRole("button", { name: "Run", exact: true }).click();
        await window.notification("Running on sandbox").waitFor();
        await window.screenshot("8-progress");
        await window.notification("Applied on 25 tenants").waitFor(patient);
        await window.screenshot("9-summary");
        await window.treeItem("at 0020, 25 tenants, up to date").waitFor(patient);
        await window.screenshot("10-tenants-after");
      });
    });
    const { tenants } = JSON.parse(tenantry("status", "--format", "json"));
    assert.deepEqual(new Set(tenants.map(({ version, pending }) => `${version} ${pending}`)), new Set(["0020 0"]));
    assert.equal(tenants.length, 25);
    assert.match(readFileSync(join(folder, "drafts/0021_wishlists.sql"), "utf8"), /ALTER TABLE orders/);
  });
});
