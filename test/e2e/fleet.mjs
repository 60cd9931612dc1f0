// A small fleet on a real server, where a tenant takes long enough for a run to be watched and stopped.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { importBundled, root } from "../support/bundled.mjs";

const tenants = Array.from({ length: 8 }, (_, n) => `shop_${n + 1}`);
const files = {
  "tenantry.json": `{
  "tenants": { "pattern": "shop_*" },
  "connections": { "fleet": { "url": "\${env:FLEET_URL}" } },
  "defaultConnection": "fleet",
  "run": { "concurrency": 1 }
}
`,
  ".vscode/settings.json": '{ "tenantry.refreshInterval": 2 }\n',
  "migrations/tenant/0001_orders.sql": "CREATE TABLE prototype.orders (id bigint PRIMARY KEY);\n",
  "migrations/tenant/0002_notes.sql": "ALTER TABLE prototype.orders ADD COLUMN notes text;\nSELECT pg_sleep(3);\n",
};

/**
 * Starts a server with a prototype and eight tenants, and lends the project's folder.
 * @param use is given `tenantry`, which starts the command and resolves with its `code` and what it said, `text`.
 */
export async function withFleet(use) {
  const { startPostgres } = await importBundled("test/support/postgres.ts");
  const server = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), "tenantry-fleet-"));
  try {
    const url = `${server.url}/postgres`;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(["prototype", ...tenants].map((name) => `create schema ${name};`).join("\n"));
    await client.end();
    for (const [path, text] of Object.entries({ ...files, ".env": `FLEET_URL=${url}\n` })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await use({ folder, tenantry: (...args) => command(folder, args) });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function command(cwd, args) {
  const started = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], { cwd });
  let text = "";
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  return new Promise((done) => started.once("close", (code) => done({ code, text })));
}
