import { describe, expect, it } from "vitest";
import { folderOf, start } from "./command";

const message = (body: object) => {
  const text = JSON.stringify({ jsonrpc: "2.0", ...body });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};
const initialize = message({
  id: 1,
  method: "initialize",
  params: { processId: null, rootUri: null, capabilities: {} },
});

describe("the language server", () => {
  it.each([[["lsp", "--stdio"]], [["lsp"]], [["lsp", "--stdio", "--clientProcessId=0"]]])(
    "%j answers over standard input and output until the editor says exit",
    async (words) => {
      const folder = folderOf({});
      const server = start(words, { cwd: folder.path });
      server.process.stdin?.write(initialize);
      await server.until('"serverInfo":{"name":"tenantry"');
      server.process.stdin?.write(message({ method: "initialized", params: {} }));
      server.process.stdin?.write(message({ id: 2, method: "shutdown" }));
      await server.until('"id":2');
      server.process.stdin?.write(message({ method: "exit" }));
      const { code, err } = await server.ended;
      folder.remove();
      expect([code, err]).toEqual([0, ""]);
    },
  );

  it.each(["--socket", "--socket=9257", "--pipe=/run/me", "--node-ipc"])(
    "says that it speaks no other way: %s",
    async (word) => {
      const folder = folderOf({});
      const { code, out, err } = await start(["lsp", word], { cwd: folder.path }).ended;
      folder.remove();
      expect([code, out, err]).toEqual([
        2,
        "",
        `tenantry: The language server speaks over standard input and output alone: leave ${word} out, or say --stdio.\n`,
      ]);
    },
  );

  it("ends when it is asked to by a signal", async () => {
    const folder = folderOf({});
    const server = start(["lsp", "--stdio"], { cwd: folder.path });
    server.process.stdin?.write(initialize);
    await server.until('"id":1');
    server.process.kill("SIGTERM");
    expect((await server.ended).code).toBe(130);
    folder.remove();
  });
});
