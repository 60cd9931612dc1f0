import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  ProgressType,
  type WorkspaceDiagnosticReportPartialResult,
  WorkspaceDiagnosticRequest,
} from "vscode-languageserver-protocol/node";
import { type MeasuredServer, startServer } from "./lspClient";
import { migrationText } from "./lspTexts";

type Print = (line: string) => void;

const bars = {
  edit: 15,
  burst: 30,
  cpu: 5,
  open: 150,
  memory: 150,
  diagnostic: 350,
  rest: 16,
  workspace: 3,
  lint: 0.35,
};

interface Figures {
  readonly edit: readonly number[];
  readonly mixed: readonly number[];
}

/** Measures our server, a floor that reads nothing, and any other server, each on the same text in the same run. */
export async function measureServers(options: {
  root: string;
  other: readonly string[];
  isQuick: boolean;
  /** `folder` or `lint`, for one part alone. */
  only: string | null;
  print: Print;
}): Promise<void> {
  const { root, other, isQuick, only, print } = options;
  const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-"));
  process.env.TENANTRY_CACHE_DIR = join(folder, "cache");
  try {
    const cli = [process.execPath, join(root, "dist/cli.js")];
    if (only !== "lint" && only !== null) await measureFolder(cli, join(folder, "many"), isQuick ? 500 : 5000, print);
    if (only === "lint") measureLint(cli, join(folder, "lint"), print);
    if (only !== null) return;
    const text = writeMigrations(join(folder, "one"), 1, 900).at(0) ?? "";
    const own = await measureServer("tenantry", [...cli, "lsp", "--stdio"], join(folder, "one"), text, print);
    const floor = await measureServer(
      "floor",
      [process.execPath, join(root, "test/bench/floorServer.mjs"), String(own.count), "--stdio"],
      join(folder, "one"),
      text,
      print,
    );
    print(`  edit, p95        ${(share(own.edit, 0.95) / share(floor.edit, 0.95)).toFixed(1)} x the floor's (bar 6 x)`);
    if (other.length > 0) await measureServer(other.join(" "), other, join(folder, "one"), text, print);
    await measureFolder(cli, join(folder, "many"), isQuick ? 500 : 5000, print);
    measureLint(cli, join(folder, "lint"), print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureServer(
  name: string,
  command: readonly string[],
  folder: string,
  text: string,
  print: Print,
): Promise<Figures & { count: number }> {
  const uri = pathToFileURL(join(folder, "migrations/tenant/0001_m.sql")).href;
  const { server, first, opening } = await opened(command, folder, uri, text);
  const bytes = Buffer.byteLength(JSON.stringify(first)) / Math.max(1, first.length);
  print(`${name}: ${text.split("\n").length} lines, ${first.length} diagnostics`);
  const cpu = server.cpu();
  const before = server.received();
  const edit = await typed(server, uri, text, 50, false);
  const perEdit = (server.cpu() - cpu) / 50;
  const rest = (server.received() - before) / 50 - bytes * first.length;
  const memory = server.memory();
  const mixed = await typed(server, uri, text, 50, true);
  const burst = await burstOf(server, uri, text, 20);
  const rows: [string, string][] = [
    ["open", `${ms(opening)} (bar ${bars.open} ms)`],
    ["edit", `${ms(share(edit, 0.5))} p50, ${ms(share(edit, 0.95))} p95`],
    ["with all requests", `${ms(share(mixed, 0.5))} p50, ${ms(share(mixed, 0.95))} p95 (bar p95 ${bars.edit} ms)`],
    ["burst of 20", `${ms(burst)} after the last key (bar ${bars.burst} ms)`],
    ["processor", `${ms(perEdit)} an edit (bar ${bars.cpu} ms)`],
    ["memory", `${memory.toFixed(0)} MB after 50 edits (bar ${bars.memory} MB)`],
    [
      "payload",
      `${bytes.toFixed(0)} bytes a diagnostic (bar ${bars.diagnostic}), ${(rest / 1024).toFixed(1)} KB else (bar ${bars.rest})`,
    ],
  ];
  for (const [what, told] of rows) print(`  ${what.padEnd(17)}${told}`);
  await server.stop();
  const again = await opened(command, folder, uri, text);
  print(`  ${"opened again".padEnd(17)}${ms(again.opening)} in the next process (bar ${bars.open} ms)`);
  await again.server.stop();
  return { edit, mixed, count: first.length };
}

/** A server of its own with a text that is opened in it, and what it told of that first. */
async function opened(command: readonly string[], folder: string, uri: string, text: string) {
  const server = await startServer(command, folder);
  await setTimeout(300);
  const from = performance.now();
  await server.open(uri, text);
  const first = await server.diagnostics(uri);
  return { server, first, opening: performance.now() - from };
}

/** Toggles one character in the middle of the text. @param withAll the requests that an editor sends after each key go out, too */
async function typed(
  server: MeasuredServer,
  uri: string,
  text: string,
  times: number,
  withAll: boolean,
): Promise<number[]> {
  const { line, character } = placeToType(text);
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await server.change(uri, line, character, n % 2, n % 2 === 0 ? "x" : "");
    if (withAll) askAll(server, uri, line);
    await server.diagnostics(uri);
    taken.push(performance.now() - from);
    await setTimeout(20);
  }
  return taken;
}

async function burstOf(server: MeasuredServer, uri: string, text: string, keys: number): Promise<number> {
  const { line, character } = placeToType(text);
  let from = performance.now();
  for (let n = 0; n < keys; n++) {
    if (n > 0) await setTimeout(30);
    from = performance.now();
    await server.change(uri, line, character, n % 2, n % 2 === 0 ? "x" : "");
  }
  await server.diagnostics(uri);
  return performance.now() - from;
}

function askAll({ connection, capabilities }: MeasuredServer, uri: string, line: number): void {
  const textDocument = { uri };
  const at = { line, character: 0 };
  const ask = (can: unknown, method: string, params: object) => {
    // What the next key makes void is answered with an error, as it should be.
    if (can) void connection.sendRequest(method, { textDocument, ...params }).catch(() => {});
  };
  ask(capabilities.documentSymbolProvider, "textDocument/documentSymbol", {});
  ask(capabilities.foldingRangeProvider, "textDocument/foldingRange", {});
  ask(capabilities.codeLensProvider, "textDocument/codeLens", {});
  ask(capabilities.semanticTokensProvider, "textDocument/semanticTokens/full", {});
  ask(capabilities.inlayHintProvider, "textDocument/inlayHint", { range: { start: at, end: at } });
  ask(capabilities.codeActionProvider, "textDocument/codeAction", {
    range: { start: at, end: at },
    context: { diagnostics: [] },
  });
}

function placeToType(text: string): { line: number; character: number } {
  const lines = text.split("\n");
  const middle = lines.findIndex((line, at) => at > lines.length / 2 && line.startsWith("CREATE TABLE"));
  return { line: Math.max(0, middle), character: 3 };
}

/** A folder that nothing is kept of, and the same again. */
async function measureFolder(cli: readonly string[], folder: string, files: number, print: Print): Promise<void> {
  const texts = writeMigrations(folder, files, 2);
  print(`${files} migration files`);
  for (const state of ["found anew", "kept before"]) {
    print(`  ${state}`);
    await measureWorkspace(cli, folder, texts, print);
  }
}

/** From the process's start to the diagnostics of all files, with keys typed meanwhile. */
async function measureWorkspace(
  cli: readonly string[],
  folder: string,
  texts: readonly string[],
  print: Print,
): Promise<void> {
  const from = performance.now();
  const server = await startServer([...cli, "lsp", "--stdio"], folder);
  const seen = new Set<string>();
  let last = from;
  const isComplete = new Promise<void>((done) => {
    server.connection.onProgress(new ProgressType<WorkspaceDiagnosticReportPartialResult>(), "all", ({ items }) => {
      for (const { uri, kind } of items) if (kind === "full") seen.add(uri);
      last = performance.now();
      if (seen.size === texts.length) done();
    });
  });
  const params = { previousResultIds: [], partialResultToken: "all" };
  void server.connection.sendRequest(WorkspaceDiagnosticRequest.type, params).catch(() => {});
  const blocked: number[] = [];
  const uri = "untitled:bench";
  await server.open(uri, "SELECT 1;\n");
  let isDone = false;
  void isComplete.then(() => {
    isDone = true;
  });
  while (!isDone) {
    const asked = performance.now();
    await server.change(uri, 0, 0, 0, " ");
    await server.connection.sendRequest("textDocument/foldingRange", { textDocument: { uri } });
    blocked.push(performance.now() - asked);
    await setTimeout(20);
  }
  print(`  all diagnostics  ${((last - from) / 1000).toFixed(2)} s from the start (bar ${bars.workspace} s)`);
  print(
    `  a key meanwhile  ${ms(share(blocked, 0.5))} p50, ${ms(share(blocked, 0.95))} p95, ${ms(Math.max(...blocked))} at most`,
  );
  print(`  processor        ${(server.cpu() / 1000).toFixed(2)} s, ${server.memory().toFixed(0)} MB at the end`);
  // What was found is written down after it was told.
  await setTimeout(2000);
  await server.stop();
}

function measureLint(cli: readonly string[], folder: string, print: Print): void {
  writeMigrations(folder, 200, 5);
  const [program = "", ...words] = cli;
  const least = (all: readonly string[]) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const from = performance.now();
        spawnSync(program, all, { cwd: folder });
        return performance.now() - from;
      }),
    );
  const anew = least([...words, "lint", "--no-cache"]);
  const kept = least([...words, "lint"]);
  print("lint of 200 files of 60 lines, whole process");
  print(`  found anew       least ${ms(anew)} (bar ${bars.lint * 1000} ms); node alone ${ms(least(["-e", "0"]))}`);
  print(`  kept before      least ${ms(kept)} (bar ${bars.lint * 1000} ms)`);
}

function writeMigrations(folder: string, files: number, tables: number): string[] {
  const inside = join(folder, "migrations/tenant");
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(folder, "tenantry.json"), "{}");
  return Array.from({ length: files }, (_, file) => {
    const text = migrationText(file * tables, tables);
    writeFileSync(join(inside, `${String(file + 1).padStart(4, "0")}_m.sql`), text);
    return text;
  });
}

function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
