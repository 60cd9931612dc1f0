import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import {
  CancellationTokenSource,
  ProgressType,
  type WorkspaceDiagnosticReportPartialResult,
  WorkspaceDiagnosticRequest,
} from "vscode-languageserver-protocol/node";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

const bare = "CREATE TABLE orders (id int);\n";

it("the whole folder is reported without a file open, and again what changes, until the request is cancelled", async () => {
  const root = await folder({
    "tenantry.json": "{}",
    "migrations/public/1_a.sql": "CREATE TABLE public.plans (id int);\n",
    "migrations/tenant/2_b.sql": bare,
    "migrations/tenant/3_c.sql": "",
  });
  const { connection } = await startClient({ folders: [root] });
  const told: WorkspaceDiagnosticReportPartialResult[] = [];
  const waiting: (() => void)[] = [];
  const next = async () => {
    while (told.length === 0) await new Promise<void>((done) => waiting.push(done));
    return told.shift();
  };
  connection.onProgress(new ProgressType<WorkspaceDiagnosticReportPartialResult>(), "all", (part) => {
    told.push(part);
    waiting.shift()?.();
  });
  const cancel = new CancellationTokenSource();
  const params = { previousResultIds: [], partialResultToken: "all" };
  const answer = connection.sendRequest(WorkspaceDiagnosticRequest.type, params, cancel.token);
  const second = uriOf(root, "migrations/tenant/2_b.sql");
  const third = uriOf(root, "migrations/tenant/3_c.sql");
  expect(await next()).toMatchObject({ items: [{ uri: second, items: [{ code: "unqualified-table" }] }] });

  await writeFile(join(root, "migrations/tenant/3_c.sql"), bare);
  await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: third, type: 2 }] });
  expect(await next()).toMatchObject({ items: [{ uri: third, items: [{ code: "unqualified-table" }] }] });

  await writeFile(join(root, "migrations/tenant/2_b.sql"), "");
  await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: second, type: 2 }] });
  expect(await next()).toMatchObject({ items: [{ uri: second, items: [] }] });

  // Of an open document the client asks by itself, and once it is closed the file is reported as it was saved.
  const textDocument = { uri: third, languageId: "sql", version: 1, text: "" };
  await connection.sendNotification("textDocument/didOpen", { textDocument });
  await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: third, type: 2 }] });
  await connection.sendNotification("textDocument/didClose", { textDocument: { uri: third } });
  expect(await next()).toMatchObject({ items: [{ uri: third, items: [{ code: "unqualified-table" }] }] });

  cancel.cancel();
  await answer.catch(() => {});
  expect(told).toEqual([]);
});

it("a client without partial results is answered at once, with what it doesn't know yet", async () => {
  const root = await folder({ "tenantry.json": '{\n  "dialect": "oracle"\n}' });
  const { connection } = await startClient({ folders: [root] });
  const first = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
  const uri = uriOf(root, "tenantry.json");
  const start = { line: 1, character: 13 };
  expect(first).toMatchObject({ items: [{ uri, items: [{ code: "invalid-config", range: { start } }] }] });
  const value = first.items[0]?.resultId ?? "";
  const again = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [{ uri, value }] });
  expect(again).toEqual({ items: [{ kind: "unchanged", uri, version: null, resultId: value }] });
});

it("migrations beside tenantry.json's own folder are checked as it says, in each way that they are asked for, and followed", async () => {
  const root = await folder({
    "app/tenantry.json":
      '{ "migrations": { "public": "../db/public", "tenant": "../db/tenant" }, "rules": { "unqualified-table": "error" } }',
    "db/public/1_a.sql": "CREATE TABLE public.plans (id int);\n",
    "db/tenant/2_b.sql": "",
    "db/other/3_c.sql": "CREATE TABLE plans (id int);\n",
  });
  const client = await startClient({ folders: [root] });
  const uri = uriOf(root, "db/tenant/2_b.sql");
  const inFolder = async () => {
    const { items } = await client.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    return items.flatMap((item) => ("items" in item && item.items.length > 0 ? [[item.uri, item.items]] : []));
  };
  expect(await inFolder()).toEqual([]);

  const sees = [{ severity: 1, message: expect.stringContaining("public.plans") }];
  await writeFile(join(root, "db/tenant/2_b.sql"), "SELECT id FROM plans;\n");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
  await vi.waitFor(async () => expect(await inFolder()).toMatchObject([[uri, sees]]));
  expect(await client.pull(uri)).toMatchObject(sees);

  await client.open(uri, "SELECT 2 FROM plans;\n");
  expect(await client.pull(uri)).toMatchObject(sees);
  const unnamed = uriOf(root, "db/other/3_c.sql");
  await client.open(unnamed, "SELECT 2 FROM plans;\n");
  expect(await client.pull(unnamed)).toMatchObject([{ severity: 2 }]);
});

it("a file that two projects of the window read is told of by the one that it belongs to, once, as when it is opened", async () => {
  const names = (severity: string) =>
    `{ "migrations": { "tenant": "../db/migrations/tenant" }, "rules": { "unqualified-table": "${severity}" } }`;
  const root = await folder({
    "a/tenantry.json": names("error"),
    "b/tenantry.json": names("information"),
    "db/migrations/tenant/1_a.sql": bare,
  });
  const uri = uriOf(root, "db/migrations/tenant/1_a.sql");
  const told = [{ uri, items: [{ code: "unqualified-table", severity: 1 }] }];
  // The folder of the migrations is a project of its own only where no other one names it.
  for (const folders of [
    [root],
    [join(root, "a"), join(root, "db")],
    [join(root, "a"), join(root, "b"), join(root, "db")],
  ]) {
    const { connection, pull } = await startClient({ folders });
    const { items } = await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] });
    expect(items).toMatchObject(told);
    expect(await pull(uri)).toMatchObject([{ severity: 1 }]);
  }
});

it("a file that no editor holds is told of where its project's configuration stands above the folder that is open", async () => {
  const root = await folder({
    "tenantry.json": '{ "rules": { "unqualified-table": "error" } }',
    "migrations/tenant/1_a.sql": bare,
  });
  const { pull } = await startClient({ folders: [join(root, "migrations")] });
  expect(await pull(uriOf(root, "migrations/tenant/1_a.sql"))).toMatchObject([{ severity: 1 }]);
});
