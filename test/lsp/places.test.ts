import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkspaceDiagnosticReport } from "vscode-languageserver-protocol/node";
import { folder } from "../project/folder";
import { type Client, startClient, told, uriOf } from "./client";

const bare = "CREATE TABLE orders (id int);\n";

/** The files that a check of the whole workspace has something to say about, and what. */
async function reported({ connection }: Client): Promise<[uri: string, diagnostics: string[]][]> {
  const params = { previousResultIds: [] };
  const { items }: WorkspaceDiagnosticReport = await connection.sendRequest("workspace/diagnostic", params);
  return items.flatMap((item) => (item.kind === "full" ? [[item.uri, told(item.items)]] : []));
}

describe("a file's name", () => {
  // VS Code escapes more of a path than others do.
  it.each(["1_a+b.sql", "1_(a),b.sql", "1_a&b='c';.sql", "1_a b#c?.sql", "1_a%20b.sql", "1_🦊.sql", "1_e\u0301.sql"])(
    "may be written in a URI as the client does: %s",
    async (name) => {
      const root = await folder({ "tenantry.json": "{}", [`migrations/tenant/${name}`]: bare });
      const uri = uriOf(root, "migrations/tenant", name);
      const client = await startClient({ folders: [root] });
      expect(told(await client.pull(uri))).toEqual(["0:13-19 unqualified-table"]);
      await client.open(uri, bare + bare);
      expect(await client.pull(uri)).toHaveLength(2);
      // Of an open document the client asks by itself.
      expect(await reported(client)).toEqual([]);
    },
  );

  it("may be that of a configuration, whose open text counts", async () => {
    const root = await folder({ "shop (1)/tenantry.json": "{}", "shop (1)/migrations/tenant/1_a.sql": bare });
    const uri = uriOf(root, "shop (1)/migrations/tenant/1_a.sql");
    const client = await startClient({ folders: [root] });
    expect(await client.pull(uri)).toHaveLength(1);
    await client.open(uriOf(root, "shop (1)/tenantry.json"), '{ "rules": { "unqualified-table": "off" } }');
    expect(await client.pull(uri)).toEqual([]);
  });
});

describe("a folder in another one", () => {
  const marked = `-- tenantry: scope tenant\n${bare}`;

  it("reports its files itself, as it is configured, and the outer one doesn't", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/tenant/1_a.sql": bare,
      "in/tenantry.json": JSON.stringify({ rules: { "unqualified-table": "off" } }),
      "in/migrations/public/1_a.sql": "",
      "in/migrations/tenant/2_b.sql": "",
      "in/seed.sql": marked,
    });
    const client = await startClient({ folders: [root, join(root, "in")] });
    const outer = uriOf(root, "migrations/tenant/1_a.sql");
    expect(await reported(client)).toEqual([[outer, ["0:13-19 unqualified-table"]]]);
  });

  it("has its own migrations, though neither is configured", async () => {
    const root = await folder({
      "migrations/tenant/1_a.sql": bare,
      "in/migrations/tenant/1_b.sql": "CREATE TABLE prototype.plans (id int);\n",
      "in/migrations/tenant/2_c.sql": "SELECT * FROM prototype.plans;\n",
    });
    const uri = uriOf(root, "in/migrations/tenant/2_c.sql");
    const client = await startClient({ folders: [root, join(root, "in")] });
    await client.open(uri, "SELECT * FROM prototype.plans;\n");
    const position = { line: 0, character: 26 };
    const hover = await client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
    expect(hover).toMatchObject({ contents: { value: expect.stringContaining("1_b.sql") } });
  });

  it("is the same one with a slash at the end of its URI", async () => {
    const root = await folder({ "migrations/tenant/1_a.sql": bare });
    const client = await startClient({ folders: [`${root}/`] });
    expect(await client.request("tenantry/folders", {})).toMatchObject({ value: [{ folder: uriOf(root) }] });
    const migrations = await client.request("tenantry/migrations", { folder: `${uriOf(root)}/`, connection: null });
    expect(migrations).toMatchObject({ ok: true, value: [{ version: "1" }] });
  });
});

describe("what can't be done", () => {
  it("is told as an answer: a preview for a name that no schema can have", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": "select 1;" });
    const client = await startClient({ folders: [root] });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const refused = await client.request("tenantry/preview", { uri, tenant: "x".repeat(64) });
    expect(refused).toMatchObject({
      ok: false,
      problem: { kind: "refused", message: expect.stringContaining("at most 63 bytes") },
    });
  });

  it("is told as an answer: a preview of a file that can't be read as a migration, saved or open", async () => {
    const text = "select 1;\n-- migrate:up\nselect 2;\n";
    const root = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": text });
    const client = await startClient({ folders: [root] });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const refused = { ok: false, problem: { kind: "refused", message: expect.stringContaining("What stands above") } };
    expect(await client.request("tenantry/preview", { uri, tenant: "acme" })).toMatchObject(refused);
    await client.open(uri, text);
    expect(await client.request("tenantry/preview", { uri, tenant: "acme" })).toMatchObject(refused);
  });

  it("is told as an answer: a configuration for no folder", async () => {
    const client = await startClient({});
    const refused = await client.request("tenantry/init", {} as never);
    expect(refused).toMatchObject({ ok: false, problem: { message: expect.stringContaining("names no folder") } });
  });

  it("leaves an action as it is that nothing is known of", async () => {
    const { connection } = await startClient({});
    expect(await connection.sendRequest("codeAction/resolve", { title: "Another" })).toEqual({ title: "Another" });
  });
});
