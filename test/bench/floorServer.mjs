// A language server that sends as many diagnostics as it is told after each edit, and reads nothing: what the transport alone takes.
import { createConnection, TextDocumentSyncKind } from "vscode-languageserver/node";

const count = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 0);
const connection = createConnection(process.stdin, process.stdout);
let version = 0;

connection.onInitialize(() => ({
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false },
  },
}));
connection.onDidOpenTextDocument(() => {});
connection.onDidChangeTextDocument((params) => {
  version = params.textDocument.version;
});
connection.languages.diagnostics.on(() => ({
  kind: "full",
  items: Array.from({ length: count }, (_, n) => ({
    range: { start: { line: n * 12, character: 12 + (version % 2) }, end: { line: n * 12, character: 20 } },
    severity: 2,
    code: "unqualified-table",
    source: "floor",
    message: `"orders_${n}" names no schema: this text is as long as a real one is, and says as little as it can.`,
    codeDescription: { href: "https://example.org/tenantry/tenantry/blob/main/docs/rules/unqualified-table.md" },
  })),
}));
connection.onShutdown(() => {});
connection.listen();
