import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  DiagnosticRefreshRequest,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  FileChangeType,
  PublishDiagnosticsNotification,
} from "vscode-languageserver-protocol/node";
import { folder } from "../project/folder";
import { pulling, startClient, told, uriOf } from "./client";

const made = "migrations/public/1_a.sql";
const used = "migrations/tenant/2_b.sql";
const text = "CREATE TABLE public.plans (id int);";
const use = "SELECT * FROM plans;";
/** From `plans` to `rates`. */
const renaming = [{ range: { start: { line: 0, character: 20 }, end: { line: 0, character: 25 } }, text: "rates" }];

const origin = { line: 0, character: 0 };

describe("what is typed in a migration and not saved", () => {
  it("counts for the others when the typing rests, and no more when its editor is closed", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use });
    const { client, refreshed } = await refreshing(root);
    const message = async () => String((await client.pull(uriOf(root, used)))[0]?.message);
    await client.open(uriOf(root, used), use);
    await client.open(uriOf(root, made), text);
    expect(await message()).toContain("shared public.plans");
    await client.change(uriOf(root, made), renaming);
    while (!(await message()).includes("no migration makes")) await refreshed.next();
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: uriOf(root, made) },
    });
    while (!(await message()).includes("shared public.plans")) await refreshed.next();
  });

  it("counts no more where its editor is closed while the folder is read", async () => {
    const many = Array.from({ length: 3000 }, (_, n) => [`migrations/tenant/${n + 10}_t.sql`, "SELECT 1;"] as const);
    const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use, ...Object.fromEntries(many) });
    const { client } = await refreshing(root);
    const message = async () => String((await client.pull(uriOf(root, used)))[0]?.message);
    await client.open(uriOf(root, used), use);
    await client.open(uriOf(root, made), text);
    expect(await message()).toContain("shared public.plans");
    await client.change(uriOf(root, made), renaming);
    // All files are read again when the typing rests, and not before.
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: uriOf(root, "tenantry.json"), type: FileChangeType.Changed }],
    });
    await setTimeout(230);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: uriOf(root, made) },
    });
    await setTimeout(1000);
    expect(await message()).toContain("shared public.plans");
  });

  it("has what is wrong with its file told of it as it is typed, also in an editor that opens with what was typed before", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use });
    const { client, refreshed } = await refreshing(root);
    await client.open(uriOf(root, used), use);
    await client.open(uriOf(root, made), "-- migrate:down\nDROP TABLE public.plans;");
    const before = told(await client.pull(uriOf(root, made)));
    expect(before).toEqual(["0:0-15 invalid-migration"]);
    const message = async () => String((await client.pull(uriOf(root, used)))[0]?.message);
    while (!(await message()).includes("no migration makes")) await refreshed.next();
    expect(told(await client.pull(uriOf(root, made)))).toEqual(before);
  });

  it("is also what an editor still holds of a file that another program has written", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use });
    const { client, refreshed } = await refreshing(root);
    const messages = async () => (await client.pull(uriOf(root, used))).map(({ message }) => message).join("\n");
    await client.open(uriOf(root, made), text);
    await client.open(uriOf(root, used), `${use}\nSELECT * FROM drafts;`);
    // What was opened before this counts once this does.
    await client.open(uriOf(root, "migrations/public/3_draft.sql"), "CREATE TABLE public.drafts (id int);");
    while (!(await messages()).includes("made later")) await refreshed.next();
    await writeFile(join(root, made), "SELECT 1;");
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: uriOf(root, made), type: FileChangeType.Changed }],
    });
    expect(await messages()).toContain("no migration makes");
    while ((await messages()).includes("no migration makes")) await refreshed.next();
  });

  it("is read anew where the folder turns to another dialect", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: "SELECT 1;", [used]: use });
    const { client, refreshed } = await refreshing(root);
    const codes = async (path: string) => (await client.pull(uriOf(root, path))).map(({ code }) => code);
    await client.open(uriOf(root, used), use);
    await client.open(uriOf(root, made), `${text}\nDELETE FROM [plans] WHERE id = 1;`);
    while (!String((await client.pull(uriOf(root, used)))[0]?.message).includes("shared public.plans"))
      await refreshed.next();
    expect(await codes(made)).toContain("syntax-error");
    await client.open(uriOf(root, "tenantry.json"), '{ "dialect": "sqlserver", "publicSchema": "public" }');
    expect(await codes(made)).toEqual(["unqualified-table"]);
  });

  it.each(["put right", "closed as it is"])(
    "counts as it is once a configuration that couldn't be used is %s",
    async (how) => {
      const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use });
      const { client } = await refreshing(root);
      const configuration = uriOf(root, "tenantry.json");
      await client.open(configuration, "{}");
      await client.open(uriOf(root, used), use);
      await client.open(uriOf(root, made), text);
      await client.change(configuration, [{ text: "{" }]);
      await client.change(uriOf(root, made), renaming);
      // The typing rests while there is no configuration to read it by.
      await setTimeout(400);
      if (how === "put right") await client.change(configuration, [{ text: "{}" }]);
      else
        await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
          textDocument: { uri: configuration },
        });
      await expect
        .poll(async () => (await client.pull(uriOf(root, used)))[0]?.message, { timeout: 5000 })
        .toContain("no migration makes");
    },
  );

  it("is told of by itself to a client that can't ask", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: text, [used]: use });
    const client = await startClient({ folders: [root], capabilities: {} });
    const published = signal();
    let message = "";
    client.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      if (uri === uriOf(root, used)) message = String(diagnostics[0]?.message);
      published.give();
    });
    await client.open(uriOf(root, used), use);
    await client.open(uriOf(root, made), text);
    while (!message.includes("shared public.plans")) await published.next();
    await client.change(uriOf(root, made), renaming);
    while (!message.includes("no migration makes")) await published.next();
  });

  it("moves what others point at, also where it changes nothing of what is made", async () => {
    const above = "SELECT 1;\n";
    const root = await folder({
      "tenantry.json": "{}",
      [made]: above + text,
      [used]: "CREATE TABLE prototype.plans (id int);",
    });
    const { client, refreshed } = await refreshing(root);
    await client.open(uriOf(root, used), "CREATE TABLE prototype.plans (id int);");
    await client.open(uriOf(root, made), above + text);
    const place = async () => {
      const [shadowed] = (await client.pull(uriOf(root, used))).filter(({ code }) => code === "shadowed-table");
      return shadowed?.relatedInformation?.[0]?.location.range.start;
    };
    for (const line of [1, 2, 3]) {
      while ((await place())?.line !== line) await refreshed.next();
      await client.change(uriOf(root, made), [{ range: { start: origin, end: origin }, text: "-- Rates.\n" }]);
    }
  });

  it("is no part of what is planned and shown of the folder", async () => {
    const root = await folder({ "tenantry.json": "{}", [made]: text });
    const { client, refreshed } = await refreshing(root);
    const draft = uriOf(root, "migrations/public/3_draft.sql");
    const other = uriOf(root, used);
    await client.open(other, "SELECT * FROM drafts;");
    await client.open(draft, "CREATE TABLE public.drafts (id int);");
    const message = async () => String((await client.pull(other))[0]?.message);
    while (!(await message()).includes("made later")) await refreshed.next();
    const migrations = await client.request("tenantry/migrations", { folder: uriOf(root), connection: null });
    expect(migrations).toMatchObject({ ok: true, value: [{ uri: uriOf(root, made) }] });
  });
});

it("a migration that is being edited is planned and shown as it is saved, also where the folder is read again", async () => {
  const root = await folder({ "tenantry.json": "{}", [used]: use });
  const client = await startClient({ folders: [root] });
  await client.open(uriOf(root, used), `-- tenantry: scope public\n${use}`);
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: uriOf(root, "tenantry.json"), type: FileChangeType.Changed }],
  });
  const migrations = await client.request("tenantry/migrations", { folder: uriOf(root), connection: null });
  expect(migrations).toMatchObject({ ok: true, value: [{ uri: uriOf(root, used), scope: "tenant" }] });
});

/** A client that is told when to ask again. */
async function refreshing(root: string) {
  const capabilities = { ...pulling, workspace: { diagnostics: { refreshSupport: true } } };
  const client = await startClient({ folders: [root], capabilities });
  const refreshed = signal();
  client.connection.onRequest(DiagnosticRefreshRequest.type, refreshed.give);
  return { client, refreshed };
}

/** Something that happens again and again. */
function signal(): { give(): void; next(): Promise<void> } {
  let count = 0;
  let seen = 0;
  let wake = () => {};
  return {
    give() {
      count++;
      wake();
    },
    async next() {
      if (count === seen) await new Promise<void>((done) => (wake = done));
      seen = count;
    },
  };
}
