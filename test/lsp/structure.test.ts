import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type DocumentSymbol,
  DocumentSymbolRequest,
  ExitNotification,
  type FoldingRangeClientCapabilities,
  FoldingRangeRequest,
  InitializeRequest,
  type ProtocolConnection,
  type Range,
  type SelectionRange,
  SelectionRangeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { folderOf } from "../cli/command";

let stop: (() => Promise<void>) | null = null;
afterEach(() => stop?.());

interface Editor {
  readonly client: ProtocolConnection;
  readonly textDocument: { readonly uri: string };
}

/** Starts the built server, and opens a text in it as an editor does. */
async function open(
  text: string,
  options: { configuration?: object; foldingRange?: FoldingRangeClientCapabilities; uri?: string; isFlat?: true } = {},
): Promise<Editor> {
  const folder = folderOf({});
  mkdirSync(join(folder.path, "migrations"), { recursive: true });
  if (options.configuration) writeFileSync(join(folder.path, "tenantry.json"), JSON.stringify(options.configuration));
  const server: ChildProcess = spawn(process.execPath, [join(__DIST__, "server.js"), "--stdio"], { stdio: "pipe" });
  if (!server.stdout || !server.stdin) throw new Error("The server has no streams.");
  const client = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  client.listen();
  stop = async () => {
    const ended = new Promise((done) => server.once("close", done));
    await client.sendRequest(ShutdownRequest.type);
    await client.sendNotification(ExitNotification.type);
    await ended;
    client.dispose();
    folder.remove();
  };
  const rootUri = pathToFileURL(folder.path).toString();
  const { foldingRange = {}, isFlat } = options;
  const documentSymbol = isFlat ? {} : { hierarchicalDocumentSymbolSupport: true };
  const capabilities = { textDocument: { foldingRange, documentSymbol } };
  const { capabilities: offered } = await client.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri,
    capabilities,
  });
  expect(offered).toMatchObject({ foldingRangeProvider: true, selectionRangeProvider: true });
  const uri = options.uri ?? `${rootUri}/migrations/1_a.sql`;
  const textDocument = { uri, languageId: "sql", version: 1, text };
  await client.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  return { client, textDocument: { uri } };
}

async function symbols({ client, textDocument }: Editor): Promise<DocumentSymbol[]> {
  return (await client.sendRequest(DocumentSymbolRequest.type, { textDocument })) as DocumentSymbol[];
}

const tree = (all: readonly DocumentSymbol[]): unknown[] =>
  all.map(({ name, detail, children }) => [name, detail ?? "", ...(children ? tree(children) : [])]);

const inText = (text: string, { start, end }: Range) => {
  const lines = text.split("\r\n");
  if (start.line === end.line) return lines[start.line]?.slice(start.character, end.character);
  const between = lines.slice(start.line + 1, end.line);
  return [lines[start.line]?.slice(start.character), ...between, lines[end.line]?.slice(0, end.character)].join("\r\n");
};

describe("document symbols", () => {
  it("are the statements with their parts, at their places, as they are after an edit", async () => {
    const text = "/* 😀 */ create table p.t (\r\n  a int,\r\n  /* 😀 */ b text\r\n);\r\ndrop view p.v;";
    const editor = await open(text);
    const [table, ...others] = await symbols(editor);
    expect(tree(others)).toEqual([["p.v", "drop view"]]);
    expect(tree(table?.children ?? [])).toEqual([
      ["a", "int"],
      ["b", "text"],
    ]);
    const last = table?.children?.at(-1);
    const ranges = [table?.range, table?.selectionRange, last?.range, last?.selectionRange];
    expect(ranges.map((range) => range && inText(text, range))).toEqual([
      "create table p.t (\r\n  a int,\r\n  /* 😀 */ b text\r\n)",
      "t",
      "b text",
      "b",
    ]);
    await editor.client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { ...editor.textDocument, version: 2 },
      contentChanges: [
        { range: { start: { line: 1, character: 2 }, end: { line: 1, character: 2 } }, text: "z int, " },
      ],
    });
    expect(tree(await symbols(editor))).toEqual([
      ["p.t", "create table", ["z", "int"], ["a", "int"], ["b", "text"]],
      ["p.v", "drop view"],
    ]);
    await editor.client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { ...editor.textDocument, version: 3 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "\r\n" }],
    });
    expect((await symbols(editor)).map(({ range }) => range.start)).toEqual([
      { line: 1, character: 9 },
      { line: 5, character: 0 },
    ]);
  });

  it("are read in the folder's dialect", async () => {
    const editor = await open("create table [a b].[t] ([x y] int)\r\nGO\r\nselect 1", {
      configuration: { dialect: "sqlserver" },
    });
    expect(tree(await symbols(editor))).toEqual([
      ["a b.t", "create table", ["x y", "int"]],
      ["select", ""],
    ]);
  });

  it("stand one after the other for an editor that knows none in others", async () => {
    const { client, textDocument } = await open("create table p.t (a int);\ndrop view p.v;", { isFlat: true });
    const at = (start: number, end: number, line = 0) => ({
      ...{ uri: textDocument.uri, range: { start: { line, character: start }, end: { line, character: end } } },
    });
    expect(await client.sendRequest(DocumentSymbolRequest.type, { textDocument })).toMatchObject([
      { name: "p.t", location: at(0, 24) },
      { name: "a", containerName: "p.t", location: at(18, 23) },
      { name: "p.v", location: at(0, 13, 1) },
    ]);
  });

  it("are none for a configuration, whatever its language is called", async () => {
    const { client } = await open("select 1");
    const uri = "file:///nowhere/tenantry.json";
    const document = { uri, languageId: "js-json", version: 1, text: '{ "dialect": "postgresql" }' };
    await client.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: document });
    expect(await client.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })).toEqual([]);
  });

  it("are there for a document that was never saved", async () => {
    expect(tree(await symbols(await open("create schema s", { uri: "untitled:Untitled-1" })))).toEqual([
      ["s", "create schema"],
    ]);
  });
});

const folded = `-- migrate:up
-- region tables
-- one
-- two
create table p.t
(
  a int,
  b numeric(
    1
  )
);
-- endregion
do $$
begin
  if a then
    b;
  end if;
end
$$;
-- migrate:down
drop table
  p.t;
`;

describe("folding ranges", () => {
  const ranges = async (editor: Editor) =>
    (await editor.client.sendRequest(FoldingRangeRequest.type, editor))?.map(({ startLine, endLine, kind }) => [
      startLine,
      endLine,
      kind ?? "",
    ]);

  it("are sections, regions, statements, lists, bodies, blocks and comments", async () => {
    expect(await ranges(await open(folded))).toEqual([
      [0, 18, "region"],
      [1, 11, "region"],
      [2, 3, "comment"],
      [4, 10, ""],
      [5, 9, ""],
      [7, 8, ""],
      [12, 18, ""],
      [13, 16, ""],
      [14, 15, ""],
      [19, 22, "region"],
      [20, 21, ""],
    ]);
  });

  it("are no more than the client takes, the largest first", async () => {
    expect(await ranges(await open(folded, { foldingRange: { rangeLimit: 2 } }))).toEqual([
      [0, 18, "region"],
      [1, 11, "region"],
    ]);
  });
});

describe("selection ranges", () => {
  it("grow from each position to the whole file", async () => {
    const text = "select '😀', f(a.b)\r\nfrom p.t;\r\nselect 2";
    const { client, textDocument } = await open(text);
    const positions = [
      { line: 0, character: 17 },
      { line: 2, character: 3 },
    ];
    const found = await client.sendRequest(SelectionRangeRequest.type, { textDocument, positions });
    const texts = (selection: SelectionRange | undefined): (string | undefined)[] =>
      selection ? [inText(text, selection.range), ...texts(selection.parent)] : [];
    expect(found?.map(texts)).toEqual([
      ["b", "a.b", "(a.b)", "f(a.b)", "'😀', f(a.b)", "select '😀', f(a.b)", "select '😀', f(a.b)\r\nfrom p.t", text],
      ["select", "select 2", text],
    ]);
  });
});
