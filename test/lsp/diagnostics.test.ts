import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { DocumentDiagnosticRequest, PublishDiagnosticsNotification } from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { folder } from "../project/folder";
import { type Client, startClient, told, uriOf } from "./client";

const tenantFile = "migrations/tenant/2_b.sql";
const bare = "CREATE TABLE orders (id int);\n";

describe("diagnostics of", () => {
  it("a migration, a file outside of the history, one of a folder without tenantry.json, and a document that is no file", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const loose = await folder();
    const client = await startClient({ folders: [root, loose] });
    const all = [uriOf(root, tenantFile), uriOf(root, "other.sql"), uriOf(loose, "any.sql")];
    for (const uri of all) await client.open(uri, bare);
    const found = ["0:13-19 unqualified-table"];
    expect(await Promise.all(all.map(async (uri) => told(await client.pull(uri))))).toEqual([found, [], found]);
    // A document that is no file is looked at as a file of the first folder.
    const untitled = "untitled:Untitled-1";
    const answers = [root, loose].map(async (first) => {
      const own = await startClient({ folders: [first] });
      await own.open(untitled, bare);
      return told(await own.pull(untitled));
    });
    expect(await Promise.all(answers)).toEqual([[], found]);
  });

  it("a file that no editor holds are those of the file as it is saved, and of what is no file of the folders there are none", async () => {
    const root = await folder({
      "tenantry.json": '{ "rules": { "unqualified-table": "eror" } }',
      "migrations/tenant/1_a.sql": "CREATE TABLE orders (id int);",
    });
    const { connection, pull } = await startClient({ folders: [root] });
    const [config, file] = [uriOf(root, "tenantry.json"), uriOf(root, "migrations/tenant/1_a.sql")];
    expect((await pull(config)).map(({ code }) => code)).toEqual(["invalid-config"]);
    await writeFile(join(root, "tenantry.json"), "{}");
    await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: file } });
    expect(report).toMatchObject({ kind: "full", items: [{ code: "unqualified-table" }] });
    const again = { textDocument: { uri: file }, previousResultId: report.resultId ?? "" };
    expect(await connection.sendRequest(DocumentDiagnosticRequest.type, again)).toMatchObject({ kind: "unchanged" });
    for (const uri of [uriOf(root, "nowhere.sql"), "file:///elsewhere/a.sql", "untitled:Untitled-1", "file:///"])
      expect(await pull(uri)).toEqual([]);
  });

  it("an edited text are those of the text that it has become", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, tenantFile);
    const client = await startClient({ folders: [root] });
    const text = "-- 表 😀😀\r\nCREATE TABLE orders (note text DEFAULT '😀😀');\r\nDROP TABLE items;\r\n";
    let now = TextDocument.create(uri, "sql", 1, text);
    await client.open(uri, text);
    const edits = [
      [edit(0, 6, 6, "日本"), edit(1, 39, 39, "'';DELETE FROM 表;--😀")],
      [edit(1, 13, 19, "prototype.注文"), edit(2, 11, 16, "😀")],
      [edit(0, 0, 0, "CREATE TABLE q (a int);\r\n"), edit(2, 0, 6, "create")],
    ];
    for (const changes of edits) {
      await client.change(uri, changes);
      now = TextDocument.update(now, changes, now.version + 1);
      const fresh = await startClient({ folders: [root] });
      await fresh.open(uri, now.getText());
      const expected = await fresh.pull(uri);
      expect(expected.length).toBeGreaterThan(0);
      expect(await client.pull(uri)).toEqual(expected);
    }
  });

  it("a saved file that another process has checked are those that it would find, also of what is typed then", async () => {
    const text = `${bare}ALTER TABLE prototype.orders ADD COLUMN note text;\nSELECT 1 FROM items;\n`;
    const root = await folder({ "tenantry.json": "{}", [tenantFile]: text });
    const uri = uriOf(root, tenantFile);
    const env = { TENANTRY_CACHE_DIR: await folder() };
    const pulled = async (client: Client, ...changes: ReturnType<typeof edit>[]) => {
      for (const change of changes) await client.change(uri, [change]);
      return client.pull(uri);
    };
    const first = await startClient({ folders: [root], env });
    await first.open(uri, text);
    const found = await pulled(first);
    expect(told(found)).toContain("0:13-19 unqualified-table");
    while (!(await readdir(env.TENANTRY_CACHE_DIR)).some((name) => /^files-[^.]*$/.test(name))) await setTimeout(20);
    const next = await startClient({ folders: [root], env });
    await next.open(uri, text);
    expect(await pulled(next)).toEqual(found);
    const typed = edit(2, 14, 19, "plans");
    const expected = await pulled(first, typed);
    expect(expected).not.toEqual(found);
    expect(await pulled(next, typed)).toEqual(expected);
    expect(await pulled(next, edit(2, 14, 19, "items"))).toEqual(found);
  });

  it("a table that another file makes point at it there, as it stands in its editor", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/public/1_a.sql": "CREATE TABLE public.plans (id int);",
      [tenantFile]: "DROP TABLE plans;",
    });
    const client = await startClient({ folders: [root] });
    const made = uriOf(root, "migrations/public/1_a.sql");
    await client.open(made, "-- 表\nCREATE TABLE public.plans (id int);");
    await client.open(uriOf(root, tenantFile), "DROP TABLE plans;");
    const related = async () => (await client.pull(uriOf(root, tenantFile)))[0]?.relatedInformation;
    // What an editor holds counts for other files when its typing has come to rest.
    await expect.poll(related).toEqual([
      {
        location: { uri: made, range: { start: { line: 1, character: 20 }, end: { line: 1, character: 25 } } },
        message: "public.plans is made here.",
      },
    ]);
    const plain = await startClient({ folders: [root], capabilities: { textDocument: { diagnostic: {} } } });
    await plain.open(uriOf(root, tenantFile), "DROP TABLE plans;");
    expect((await plain.pull(uriOf(root, tenantFile)))[0]).not.toHaveProperty("relatedInformation");
  });

  it("a file after another has come, gone or been renamed", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const client = await startClient({ folders: [root] });
    const uri = uriOf(root, tenantFile);
    const first = join(root, "migrations/public/1_a.sql");
    await client.open(uri, "SELECT * FROM plans;");
    const message = async () => (await client.pull(uri))[0]?.message;
    expect(await message()).toContain("no migration makes");
    await mkdir(join(root, "migrations/public"), { recursive: true });
    await writeFile(first, "CREATE TABLE public.plans (id int);");
    await fileChanged(client, first, 1);
    expect(await message()).toContain("shared public.plans");
    const later = join(root, "migrations/public/3_a.sql");
    await rename(first, later);
    await fileChanged(client, first, 3);
    await fileChanged(client, later, 1);
    expect(await message()).toContain("which is made later");
    await rm(later);
    await fileChanged(client, later, 3);
    expect(await message()).toContain("no migration makes");
  });

  it("a file after the folder of another has been moved away and back, of which an editor tells as of one", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/public/1_a.sql": "CREATE TABLE public.plans (id int);",
    });
    const client = await startClient({ folders: [root] });
    const uri = uriOf(root, tenantFile);
    await client.open(uri, "SELECT * FROM plans;");
    const message = async () => (await client.pull(uri))[0]?.message;
    expect(await message()).toContain("public.plans");
    const [here, away] = [join(root, "migrations/public"), join(root, "away")];
    await rename(here, away);
    await fileChanged(client, here, 3);
    expect(await message()).not.toContain("public.plans");
    await rename(away, here);
    await fileChanged(client, here, 1);
    expect(await message()).toContain("public.plans");
  });

  it("nothing where only files come that no migration is in, as those of an embedded database", async () => {
    const root = await folder({
      "tenantry.json": "{}",
      "migrations/public/1_a.sql": "",
      ".tenantry/sandbox/data/base/1/2601": "",
      "notes/readme": "",
      "more/2_b.sql": "",
    });
    const client = await startClient({ folders: [root] });
    await client.request("tenantry/folders", {});
    const changes: unknown[] = [];
    client.connection.onNotification("tenantry/changed", (change) => void changes.push(change));
    for (const path of [
      ".tenantry",
      ".tenantry/sandbox/data/base/1/2601",
      ".tenantry/sandbox/gone",
      "notes",
      "notes/readme",
    ])
      await fileChanged(client, join(root, path), 1);
    await client.request("tenantry/folders", {});
    expect(changes).toEqual([]);
    await fileChanged(client, join(root, "more"), 1);
    await client.request("tenantry/folders", {});
    expect(changes).toHaveLength(1);
  });

  it("a document are said to be unchanged while neither it nor what it rests on has changed", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/public/1_a.sql": "" });
    const { connection, open } = await startClient({ folders: [root] });
    const [uri, other] = [uriOf(root, tenantFile), join(root, "migrations/public/1_a.sql")];
    await open(uri, "SELECT * FROM plans;");
    const pull = (previousResultId?: string) =>
      connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId && { previousResultId }),
      });
    const first = await pull();
    expect(first).toMatchObject({ kind: "full", items: [{ code: "unqualified-table" }] });
    expect(await pull(first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    await writeFile(other, "CREATE TABLE public.plans (id int);");
    await connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(other), type: 2 }] });
    const second = await pull(first.resultId);
    expect(second.kind).toBe("full");
    expect(second.resultId).not.toBe(first.resultId);
  });

  it("tenantry.json, which is put right while it is open", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/public/1_a.sql": "", [tenantFile]: bare });
    const [uri, configuration] = [uriOf(root, tenantFile), uriOf(root, "tenantry.json")];
    const client = await startClient({ folders: [root] });
    await client.open(uri, bare);
    await client.open(configuration, '{\n  "dialect": "oracle"\n}');
    expect(told(await client.pull(configuration))).toEqual(["1:13-21 invalid-config"]);
    expect(await client.pull(uri)).toEqual([]);
    await client.change(configuration, [edit(1, 14, 20, "postgresql")]);
    expect(await client.pull(configuration)).toEqual([]);
    expect(await client.pull(uri)).toHaveLength(1);
  });

  it("files that have changed while an open tenantry.json couldn't be used count as soon as it can", async () => {
    const root = await folder({ "tenantry.json": "{}", "migrations/public/1_a.sql": "" });
    const [uri, configuration] = [uriOf(root, tenantFile), uriOf(root, "tenantry.json")];
    const client = await startClient({ folders: [root] });
    const message = async () => (await client.pull(uri))[0]?.message;
    const type = (text: string) => client.change(configuration, [{ text }]);
    await client.open(uri, "SELECT * FROM plans;");
    await client.open(configuration, "{}");
    expect(await message()).toContain("no migration makes");
    await type("{");
    expect(await message()).toBe(undefined);
    const first = join(root, "migrations/public/1_a.sql");
    await writeFile(first, "CREATE TABLE public.plans (id int);");
    await fileChanged(client, first, 2);
    await type('{ "rules": {} }');
    expect(await message()).toContain("shared public.plans");
    // As nothing else has changed, the files are taken to say what they did.
    await writeFile(first, "");
    await type('{ "publicSchema": "shared" }');
    expect(await message()).toContain("no migration makes");
    await type("{}");
    expect(await message()).toContain("shared public.plans");
    await fileChanged(client, first, 2);
    expect(await message()).toContain("no migration makes");
  });

  it("an ignore that nothing needs are told as what can be taken out", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, tenantFile);
    const client = await startClient({ folders: [root] });
    await client.open(uri, "SELECT 1;\n-- tenantry: ignore unqualified-table: it is meant\nSELECT 2;\n");
    expect(await client.pull(uri)).toMatchObject([{ code: "unused-ignore", tags: [1] }]);
  });

  it("a client that can't pull are sent to it, and to no other", async () => {
    const root = await folder({ "tenantry.json": "{}" });
    const uri = uriOf(root, tenantFile);
    const pushed = await startClient({ folders: [root], capabilities: {} });
    const sent = new Promise((done) => pushed.connection.onNotification("textDocument/publishDiagnostics", done));
    await pushed.open(uri, bare);
    expect(await sent).toMatchObject({ uri, version: 1, diagnostics: [{ code: "unqualified-table" }] });
    const puller = await startClient({ folders: [root] });
    let unasked = 0;
    puller.connection.onNotification("textDocument/publishDiagnostics", () => {
      unasked++;
    });
    await puller.open(uri, bare);
    expect(await puller.pull(uri)).toHaveLength(1);
    expect(unasked).toBe(0);
  });

  it("a client that can't pull are those by the last settings, also where a check by earlier ones takes longer", async () => {
    const strict = '{ "preset": "strict" }';
    const root = await folder({ "tenantry.json": strict });
    const [uri, settings] = [uriOf(root, tenantFile), uriOf(root, "tenantry.json")];
    const client = await startClient({ folders: [root], capabilities: {} });
    const counts: number[] = [];
    client.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri: of, diagnostics }) => {
      if (of === uri) counts.push(diagnostics.length);
    });
    const checks = Array.from(
      { length: 3000 },
      (_, n) => `ALTER TABLE orders ADD CONSTRAINT c${n} CHECK (a > ${n});\n`,
    );
    await client.open(settings, strict);
    await client.open(uri, checks.join(""));
    await vi.waitFor(() => expect(counts.at(-1)).toBeGreaterThan(0), { timeout: 20_000 });
    await client.change(settings, [{ text: '{ "preset": "strict", "publicTables": ["plans"] }' }]);
    await setTimeout(300);
    await client.change(settings, [{ text: '{ "preset": "off" }' }]);
    await vi.waitFor(() => expect(counts.at(-1)).toBe(0), { timeout: 20_000 });
    await setTimeout(2000);
    expect(counts.at(-1)).toBe(0);
  });

  it("two folders follow each its own tenantry.json, and one folder's 40,000 rows are read", async () => {
    const one = await folder({ "tenantry.json": "{}" });
    const other = await folder({ "tenantry.json": '{ "rules": { "unqualified-table": "error" } }' });
    const client = await startClient({ folders: [one, other] });
    const rows = Array.from({ length: 40_000 }, (_, row) => `(${row}, 'row ${row}')`).join(",\n");
    await client.open(uriOf(one, tenantFile), `INSERT INTO orders VALUES\n${rows};`);
    await client.open(uriOf(other, tenantFile), bare);
    expect(await client.pull(uriOf(one, tenantFile))).toMatchObject([{ severity: 2 }]);
    expect(await client.pull(uriOf(other, tenantFile))).toMatchObject([{ severity: 1 }]);
  });
});

function edit(line: number, from: number, to: number, text: string) {
  return { range: { start: { line, character: from }, end: { line, character: to } }, text };
}

/** @param type 1 created, 3 deleted */
function fileChanged({ connection }: Client, path: string, type: 1 | 2 | 3): Promise<void> {
  return connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(path), type }] });
}
