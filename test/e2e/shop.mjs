// The shop of examples/shop as its users have it: 25 tenants on the embedded database, every migration run but the newest.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Makes a copy of the shop with its tenants, and lends its folder. */
export async function withShop(use) {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-shop-"));
  const tenantry = (...args) =>
    execFileSync(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  try {
    cpSync(join(root, "examples/shop"), folder, { recursive: true });
    tenantry("sql", "seed.sql");
    tenantry("run", "--to", "0019", "--yes");
    await use({ folder, tenantry });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
