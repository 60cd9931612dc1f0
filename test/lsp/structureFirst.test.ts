import { expect, it } from "vitest";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

it("a text's structure is told as soon as its folder's configuration is read, before its files are", async () => {
  const files = Array.from({ length: 1500 }, (_, n) => [`migrations/tenant/${n + 1}_m.sql`, "SELECT 1;\n"]);
  const root = await folder({ "tenantry.json": '{"dialect": "sqlserver"}', ...Object.fromEntries(files) });
  const client = await startClient({ folders: [root] });
  const text = "CREATE TABLE [a b].[t] (\n  x int\n);\nGO\nSELECT 1;\n";
  // Its parser is loaded at its first use, which may take longer than all files.
  await client.open("untitled:0", text);
  await client.connection.sendRequest("textDocument/foldingRange", { textDocument: { uri: "untitled:0" } });
  const own = uriOf(root, "migrations/tenant/1_m.sql");
  for (const uri of [own, "untitled:1"]) {
    await client.open(uri, text);
    const order: string[] = [];
    const ask = async <T>(what: string, asked: Promise<T>): Promise<T> => {
      const answer = await asked;
      order.push(what);
      return answer;
    };
    const position = { line: 1, character: 2 };
    const textDocument = { uri };
    const { connection } = client;
    void connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOf(root, "tenantry.json"), type: 2 }],
    });
    const [, symbols, folds, selections] = await Promise.all([
      ask("files", client.request("tenantry/migrations", { folder: uriOf(root), connection: null })),
      ask("structure", connection.sendRequest("textDocument/documentSymbol", { textDocument })),
      ask("structure", connection.sendRequest("textDocument/foldingRange", { textDocument })),
      ask("structure", connection.sendRequest("textDocument/selectionRange", { textDocument, positions: [position] })),
    ]);
    expect(order).toEqual(["structure", "structure", "structure", "files"]);
    expect(symbols).toMatchObject([{ name: "a b.t" }, { name: "select" }]);
    expect(folds).toMatchObject([{ startLine: 0, endLine: 2 }]);
    expect(selections).toMatchObject([{ range: { start: { line: 1, character: 2 } } }]);
    // What was read for it is what the diagnostics are found in.
    await client.change(uri, [{ text: "CREATE TABLE t (x int);\n" }]);
    const codes = (await client.pull(uri)).map(({ code }) => code);
    expect(codes).toEqual(uri === own ? ["unqualified-table"] : []);
    expect(await connection.sendRequest("textDocument/documentSymbol", { textDocument })).toMatchObject([
      { name: "t" },
    ]);
  }
});
