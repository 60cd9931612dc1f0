import { expect, it } from "vitest";
import { folder } from "../project/folder";
import { withDatabase } from "../support/database";
import { pulling, startClient, uriOf } from "./client";

it("what is told × tenants has their number once a connection has told it, also after a save", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create schema prototype; create schema tenant_a; create schema tenant_b; create schema tenant_c");
    const text = "ALTER TABLE prototype.orders ADD CONSTRAINT positive CHECK (id > 0);\n";
    const root = await folder({
      ...configured({ pattern: "tenant_*" }, url),
      "migrations/tenant/1_orders.sql": "CREATE TABLE prototype.orders (id int);\n",
      "migrations/tenant/2_check.sql": text,
    });
    const client = await startClient({
      folders: [root],
      options: { trusted: true },
      capabilities: { ...pulling, workspace: { diagnostics: { refreshSupport: true } } },
    });
    let refreshed = 0;
    client.connection.onRequest("workspace/diagnostic/refresh", () => {
      refreshed++;
      return null;
    });
    const uri = uriOf(root, "migrations/tenant/2_check.sql");
    const messages = async () => (await client.pull(uri)).map(({ message }) => message).join("\n");
    await client.open(uri, text);
    expect(await messages()).toContain("once per tenant");

    const params = { folder: uriOf(root), connection: null };
    expect(await client.request("tenantry/status", params)).toMatchObject({ ok: true });
    expect(refreshed).toBe(1);
    expect(await messages()).toContain("× 3 tenants");
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
    await client.change(uri, [{ text: `${text}\n` }]);
    expect(await messages()).toContain("× 3 tenants");

    // Nothing new is told.
    await client.request("tenantry/status", params);
    await sql("create schema tenant_d");
    await client.request("tenantry/status", params);
    expect(await messages()).toContain("× 4 tenants");
  });
});

it("a tenant that only a connection tells of is known as one afterwards", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create schema prototype; create schema acme; create table public.tenants as select 'acme' as name");
    const text = "UPDATE acme.orders SET id = 1 WHERE id = 2;\n";
    const root = await folder({
      ...configured({ query: "select name from public.tenants" }, url),
      "migrations/tenant/1_orders.sql": text,
    });
    const client = await startClient({ folders: [root], options: { trusted: true } });
    const uri = uriOf(root, "migrations/tenant/1_orders.sql");
    const codes = async () => (await client.pull(uri)).map(({ code }) => code);
    await client.open(uri, text);
    expect(await codes()).not.toContain("hard-coded-tenant");
    expect(await client.request("tenantry/status", { folder: uriOf(root), connection: null })).toMatchObject({
      ok: true,
    });
    expect(await codes()).toContain("hard-coded-tenant");
  });
});

/** A project whose connection is to a database, and needs to be allowed. */
function configured(tenants: object, url: string): Record<string, string> {
  return {
    "tenantry.json": JSON.stringify({
      tenants,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own way to name a variable.
      connections: { here: { url: "${env:SHOP_URL}" } },
      defaultConnection: "here",
    }),
    ".env": `SHOP_URL=${url}\n`,
  };
}
