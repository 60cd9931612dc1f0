import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import {
  createProtocolConnection,
  ErrorCodes,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { LifeReader } from "../../server/src/lsp/lifeReader";
import { StreamWriter } from "../../server/src/lsp/writer";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

describe("what the server says it can do", () => {
  it("holds no command of its own, pulls where the client can, and lenses only where the client names their commands", async () => {
    const plain = await startClient({ capabilities: {} });
    expect(plain.initialized.capabilities).toMatchObject({ positionEncoding: "utf-16", hoverProvider: true });
    expect(plain.initialized.capabilities).not.toHaveProperty("executeCommandProvider");
    expect(plain.initialized.capabilities).not.toHaveProperty("diagnosticProvider");
    expect(plain.initialized.capabilities).not.toHaveProperty("codeLensProvider");
    const able = await startClient({ options: { codeLensCommands: ["tenantry.previewSql"] } });
    expect(able.initialized.capabilities).not.toHaveProperty("executeCommandProvider");
    expect(able.initialized.capabilities).toMatchObject({ diagnosticProvider: {}, codeLensProvider: {} });
  });

  it("is kept to: a lens carries only the commands that the client named", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": "" });
    const client = await startClient({ folders: [root], options: { codeLensCommands: ["tenantry.previewSql"] } });
    const lenses = await client.connection.sendRequest("textDocument/codeLens", {
      textDocument: { uri: uriOf(root, "migrations/tenant/1_a.sql") },
    });
    expect(lenses).toMatchObject([{ command: { command: "tenantry.previewSql" } }]);
  });
});

describe("the server's end", () => {
  it("is code 0 after shutdown, and 1 without it", async () => {
    const polite = await startClient({});
    await polite.connection.sendRequest("shutdown");
    await polite.connection.sendNotification("exit");
    expect(await polite.ended).toBe(0);
    const rude = await startClient({});
    await rude.connection.sendNotification("exit");
    expect(await rude.ended).toBe(1);
  });

  it("comes with that of the process that it belongs to", async () => {
    const editor = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(editor, "spawn");
    const client = await startClient({ processId: editor.pid ?? 0 });
    editor.kill("SIGKILL");
    expect(await client.ended).not.toBeNull();
  });
});

describe("requests", () => {
  it("are refused after shutdown, and what is only told is passed over", async () => {
    const { connection, ended } = await startClient({});
    await connection.sendRequest("shutdown");
    await connection.sendNotification("textDocument/didClose", { textDocument: { uri: "file:///a.sql" } });
    await expect(connection.sendRequest("textDocument/hover", {})).rejects.toMatchObject({
      code: ErrorCodes.InvalidRequest,
    });
    await connection.sendNotification("exit");
    expect(await ended).toBe(0);
  });

  it("are refused before initialize, which comes once", async () => {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const server = createProtocolConnection(
      new LifeReader(toServer, new StreamWriter(toClient)),
      new StreamWriter(toClient),
    );
    const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    server.onRequest("initialize", () => "begun");
    server.onRequest("tenantry/any", () => "answered");
    server.listen();
    client.listen();
    await expect(client.sendRequest("tenantry/any")).rejects.toMatchObject({ code: ErrorCodes.ServerNotInitialized });
    expect(await client.sendRequest("initialize", {})).toBe("begun");
    expect(await client.sendRequest("tenantry/any")).toBe("answered");
    await expect(client.sendRequest("initialize", {})).rejects.toMatchObject({ code: ErrorCodes.InvalidRequest });
    client.dispose();
    server.dispose();
  });
});

describe("what no editor should send", () => {
  it("is refused, and kills nothing", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const client = await startClient({ folders: [root] });
    await expect(client.connection.sendRequest("tenantry/unheardOf", {})).rejects.toMatchObject({
      code: ErrorCodes.MethodNotFound,
    });
    await client.change(uri, [{ text: "select 1" }]);
    await expect(client.connection.sendRequest("textDocument/hover", { position: 7 })).rejects.toHaveProperty("code");
    await client.open(uri, "CREATE TABLE orders (id int);");
    expect(await client.pull(uri)).toHaveLength(1);
  });
});

describe("a client", () => {
  it("may refuse what it is asked, and is answered all the same", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const client = await startClient({
      folders: [root],
      capabilities: {
        workspace: { diagnostics: { refreshSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
        textDocument: { diagnostic: {} },
      },
    });
    await client.open(uri, "CREATE TABLE orders (id int);");
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
    await expect.poll(() => client.asked).toContain("workspace/diagnostic/refresh");
    expect(await client.pull(uri)).toHaveLength(1);
  });

  it("may leave it at what it says of folders that come and go, also beside one that it doesn't name", async () => {
    const first = await folder({ "tenantry.json": "{}" });
    const second = await folder({ "tenantry.json": "{}" });
    const client = await startClient({ folders: [first], capabilities: { workspace: { workspaceFolders: true } } });
    const shown = async () => {
      const folders = await client.request("tenantry/folders", {});
      return folders.ok && folders.value.map((one) => one.folder);
    };
    const tell = (event: object) =>
      client.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event });
    await tell({ added: [{ uri: uriOf(second), name: "second" }], removed: [{}] });
    expect(await shown()).toEqual([uriOf(first), uriOf(second)].sort());
    await tell({ added: [{}], removed: [{ uri: uriOf(first), name: "first" }] });
    expect(await shown()).toEqual([uriOf(second)]);
  });

  it("may name its folder by a path alone", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const client = await startClient({ rootPath: root });
    expect(await client.request("tenantry/folders", {})).toMatchObject({ ok: true, value: [{ folder: uriOf(root) }] });
  });

  it("is told nothing of our own before it has asked for something of it", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const client = await startClient({ folders: [root] });
    const told: unknown[] = [];
    client.connection.onNotification("tenantry/changed", (change) => void told.push(change));
    const saved = () => client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
    await client.open(uri, "CREATE TABLE orders (id int);");
    await saved();
    await client.pull(uri);
    expect(told).toEqual([]);
    await client.request("tenantry/folders", {});
    await saved();
    await expect.poll(() => told).toHaveLength(1);
  });

  it("is asked for nothing that it doesn't say it can do", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    const client = await startClient({ folders: [root], capabilities: {} });
    await client.open(uri, "CREATE TABLE orders (id int);");
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
    const position = { line: 0, character: 0 };
    await client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
    expect(client.asked).toEqual([]);
  });
});

describe("PostgreSQL's grammar", () => {
  it.each([
    ["postgresql", true],
    ["sqlserver", false],
  ])("is loaded where a folder is %s's: %s", async (dialect, isLoaded) => {
    const root = await folder({
      "tenantry.json": JSON.stringify({ dialect, prototypeSchema: "prototype" }),
      "migrations/tenant/1_a.sql": "SELECT 1;",
    });
    const telling = `
      for (const name of ["compile", "instantiate"]) {
        const of = WebAssembly[name];
        WebAssembly[name] = (...given) => { process.stderr.write("WebAssembly\\n"); return of(...given); };
      }`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(telling)}` };
    const client = await startClient({ folders: [root], env });
    let told = "";
    client.process.stderr.on("data", (chunk: Buffer) => {
      told += chunk.toString();
    });
    const uri = uriOf(root, "migrations/tenant/1_a.sql");
    await client.open(uri, "SELECT * FROM orders;");
    expect(await client.pull(uri)).toHaveLength(1);
    expect(told.includes("WebAssembly")).toBe(isLoaded);
  });
});
