import { expect, it } from "vitest";
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  type Hover,
  HoverRequest,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { folder } from "../project/folder";
import { type Client, pulling, startClient, uriOf } from "./client";

const text = "-- 表 😀\r\nCREATE TABLE orders (id int);\r\nALTER TABLE orders ADD COLUMN note text DEFAULT '😀';\r\n";
const fixed =
  "-- 表 😀\r\nCREATE TABLE prototype.orders (id int);\r\nALTER TABLE orders ADD COLUMN note text DEFAULT '😀';\r\n";

it("a quick fix is worked out when it is chosen, and applies at its place", async () => {
  const { client, uri } = await opened(pulling);
  const [action] = await actions(client, uri, "quickfix");
  expect(action).toMatchObject({ title: "Qualify with prototype", isPreferred: true });
  expect(action).not.toHaveProperty("edit");
  const resolved = await client.connection.sendRequest(CodeActionResolveRequest.type, action as CodeAction);
  expect(appliedTo(uri, resolved)).toBe(fixed);
});

it("a client that resolves nothing is given the edits at once, of all fixes too", async () => {
  const { client, uri } = await opened({ textDocument: { diagnostic: {} } });
  const [one] = await actions(client, uri, "quickfix");
  expect(appliedTo(uri, one)).toBe(fixed);
  const all = await actions(client, uri, "source.fixAll");
  expect(all.map(({ kind }) => kind)).toEqual(["source.fixAll.tenantry"]);
  expect(appliedTo(uri, all[0])).toBe(fixed.replace("ALTER TABLE orders", "ALTER TABLE prototype.orders"));
});

it("ignoring a finding with a reason is offered beside its fixes, and worked out when it is chosen", async () => {
  const { client, uri } = await opened(pulling);
  const ignore = (await actions(client, uri, "quickfix")).find(({ title }) =>
    title.startsWith("Ignore unqualified-table"),
  );
  expect(ignore?.title).toBe("Ignore unqualified-table in this file, with a reason");
  expect(ignore).not.toHaveProperty("edit");
  const resolved = await client.connection.sendRequest(CodeActionResolveRequest.type, ignore as CodeAction);
  const directive = "-- tenantry: ignore unqualified-table: say why this is meant\r\n";
  expect(appliedTo(uri, resolved)).toBe(text.replace("CREATE TABLE", `${directive}CREATE TABLE`));
});

it("the reason is selected where an editor takes snippets, and the edit is none where it would be indented twice", async () => {
  const workspaceEdit = { documentChanges: true, snippetEditSupport: true };
  const { client, uri } = await opened({ ...pulling, workspace: { ...pulling.workspace, workspaceEdit } });
  const ignored = async (changed: string) => {
    await client.change(uri, [{ text: changed }]);
    const ignore = (await actions(client, uri, "quickfix")).find(({ title }) =>
      title.startsWith("Ignore unqualified-"),
    );
    return (await client.connection.sendRequest(CodeActionResolveRequest.type, ignore as CodeAction)).edit;
  };
  const at = { line: 1, character: 0 };
  const value = `  -- tenantry: ignore unqualified-table: \${1:say why this is meant}\n`;
  expect(await ignored("SELECT 1;\n  DROP TABLE orders;\n")).toEqual({
    documentChanges: [
      {
        textDocument: { uri, version: null },
        edits: [{ range: { start: at, end: at }, snippet: { kind: "snippet", value } }],
      },
    ],
  });
  expect(await ignored("SELECT 1;\n ABORT; TABLE orders;\n")).toHaveProperty("changes");
});

it("a hover tells which migration makes the table under the cursor", async () => {
  expect(await hovered(pulling)).toMatchObject({
    contents: {
      kind: "markdown",
      value: expect.stringContaining("prototype.orders**: tenant table, made by [migrations/tenant/1_a.sql]"),
    },
    range: { start: { line: 1, character: 17 }, end: { line: 1, character: 33 } },
  });
});

it("a hover is plain text in an editor that shows no other", async () => {
  const value = "prototype.orders: tenant table, made by migrations/tenant/1_a.sql:1";
  const hover = await hovered({ textDocument: { ...pulling.textDocument, hover: { contentFormat: ["plaintext"] } } });
  expect(hover?.contents).toEqual({ kind: "plaintext", value });
});

async function hovered(capabilities: ClientCapabilities): Promise<Hover | null> {
  const { client, uri } = await opened(capabilities);
  const marked = "CREATE TABLE prototype.orders (id int);\nSELECT '😀' FROM prototype.ord/*|*/ers;";
  const document = TextDocument.create(uri, "sql", 1, marked);
  const position = document.positionAt(marked.indexOf("/*|*/"));
  await client.change(uri, [{ text: marked.replace("/*|*/", "") }]);
  return client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
}

async function opened(capabilities: ClientCapabilities): Promise<{ client: Client; uri: string }> {
  const root = await folder({ "tenantry.json": "{}", "migrations/tenant/1_a.sql": text });
  const uri = uriOf(root, "migrations/tenant/1_a.sql");
  const client = await startClient({ folders: [root], capabilities });
  await client.open(uri, text);
  return { client, uri };
}

async function actions({ connection }: Client, uri: string, only: string): Promise<CodeAction[]> {
  const at = { line: 1, character: 14 };
  const params = { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [], only: [only] } };
  return ((await connection.sendRequest(CodeActionRequest.type, params)) ?? []) as CodeAction[];
}

function appliedTo(uri: string, action: CodeAction | undefined): string {
  return TextDocument.applyEdits(TextDocument.create(uri, "sql", 1, text), action?.edit?.changes?.[uri] ?? []);
}
