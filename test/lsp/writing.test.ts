import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  InitializeRequest,
  IPCMessageReader,
  IPCMessageWriter,
} from "vscode-languageserver-protocol/node";
import { openJsonList, type WrittenList } from "../../server/src/lsp/jsonText";
import { folder } from "../project/folder";
import { startClient, uriOf } from "./client";

it("a list that is written again and again holds what was written last, and gives older ones as they were", () => {
  const item = fc
    .oneof(fc.integer(), fc.string({ unit: "binary", maxLength: 9 }))
    .map((value) => `,${JSON.stringify(value)}`);
  const step = fc.record({
    at: fc.nat(),
    gone: fc.nat(4),
    come: fc.array(item, { maxLength: 4 }),
    reads: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const list = openJsonList();
      let items: string[] = [];
      const lent: { bytes: Uint8Array; expected: string; release(): void }[] = [];
      let last: { written: WrittenList; expected: string } | null = null;
      for (const { at, gone, come, reads } of steps) {
        items = items.toSpliced(at % (items.length + 1), gone, ...come);
        list.write(items);
        const expected = items.join("").slice(1);
        if (last !== null && last.expected !== expected) expect(textIn(last.written)).toBe(last.expected);
        expect(textIn(list.now)).toBe(expected);
        expect(list.now.text()).toBe(expected);
        last = { written: list.now, expected };
        // What is being read is left alone, however long that takes.
        if (reads) lent.push({ ...list.now.lend(), expected });
        for (const { bytes, expected: then } of lent) expect(Buffer.from(bytes).toString()).toBe(then);
        if (lent.length > 2) lent.shift()?.release();
      }
    }),
  );
});

it("a client over another transport than the standard streams is told the same", async () => {
  const root = await folder({ "tenantry.json": "{}" });
  const uri = uriOf(root, "migrations/tenant/1_a.sql");
  const text = "CREATE TABLE 表 (id int REFERENCES customers);\nSELEC 1;\n";
  const child = fork(join(__DIST__, "server.js"), ["--node-ipc"], { stdio: "ignore" });
  const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.listen();
  onTestFinished(async () => {
    connection.dispose();
    child.kill("SIGKILL");
    await once(child, "close");
  });
  const params = { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } };
  await connection.sendRequest(InitializeRequest.type, {
    ...params,
    workspaceFolders: [{ uri: uriOf(root), name: "" }],
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "sql", version: 1, text },
  });
  const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
  const client = await startClient({ folders: [root] });
  await client.open(uri, text);
  const expected = await client.pull(uri);
  expect(expected.length).toBeGreaterThan(1);
  expect(report).toMatchObject({ kind: "full", items: expected });
});

function textIn(written: WrittenList): string {
  const { bytes, release } = written.lend();
  const text = Buffer.from(bytes).toString();
  release();
  return text;
}
