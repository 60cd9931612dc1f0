import { readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Which rooms of the server each room may import. A room may always import itself. */
const mayImport: Record<string, readonly string[]> = {
  runtime: ["program", "project/cacheFolder"],
  sql: [],
  model: ["sql"],
  rules: ["model", "sql"],
  db: ["sql", "runtime"],
  engine: ["model", "sql", "db/database"],
  project: ["model", "sql"],
  app: ["project", "engine", "rules", "model", "sql", "db"],
  cli: ["runtime", "app", "project", "engine", "rules", "model", "sql", "db/database", "lsp/connection"],
  lsp: ["runtime", "app", "project", "engine", "rules", "model", "sql", "db/database", "protocol"],
};

/** Which files alone may name a package. */
const ownersOf: Record<string, RegExp> = {
  pg: /^server\/src\/db\/postgres/,
  mssql: /^server\/src\/db\/sqlserver/,
  "@electric-sql/pglite": /^server\/src\/(db\/embedded|shadow\/)/,
  "libpg-query": /^server\/src\/sql\/grammar\//,
  "web-tree-sitter": /^server\/src\/sql\/grammar\//,
  "vscode-languageserver": /^server\/src\/lsp\//,
  "vscode-languageclient": /^client\//,
  vscode: /^client\//,
  zod: /^server\/src\/project\//,
  commander: /^server\/src\/cli\//,
};

/** Rooms that compute: no file system, no processes, no network. */
const pure = new Set(["sql", "model", "rules"]);
const outside = /^node:(fs|child_process|net|http|https|worker_threads)/;

const imports = globSync("{client,server}/src/**/*.ts", { cwd: root }).flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /(?:^|[\s;])(?:import|export)\s[^"';]*?from\s*"([^"]+)"|\bimport\(\s*"([^"]+)"|^import\s+"([^"]+)"/gm,
  );
  return Array.from(found, (m) => ({ file, target: m[1] ?? m[2] ?? m[3] ?? "" }));
});

describe("the layers", () => {
  it("are read from files that exist", () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it("are imported one way", () => {
    const wrong = imports.filter(({ file, target }) => !isAllowed(file, target));
    expect(wrong).toEqual([]);
  });

  it("leave each outside package to the one place that owns it", () => {
    const wrong = imports.filter(({ file, target }) => {
      const name = Object.keys(ownersOf).find((owned) => target === owned || target.startsWith(`${owned}/`));
      return name !== undefined && !ownersOf[name]?.test(file);
    });
    expect(wrong).toEqual([]);
  });

  it("keep files, processes and the network out of what computes", () => {
    const wrong = imports.filter(({ file, target }) => pure.has(roomOf(file) ?? "") && outside.test(target));
    expect(wrong).toEqual([]);
  });
});

function isAllowed(file: string, target: string): boolean {
  if (!target.startsWith(".")) return true;
  const resolved = normalize(relative(root, join(root, dirname(file), target))).replaceAll("\\", "/");
  if (file.startsWith("client/")) return resolved.startsWith("client/") || resolved === "server/src/protocol";
  const room = roomOf(file);
  if (room === undefined || resolved === "package.json") return true;
  const inServer = resolved.replace(/^server\/src\//, "");
  if (inServer.startsWith(`${room}/`)) return true;
  return (mayImport[room] ?? []).some((allowed) => inServer === allowed || inServer.startsWith(`${allowed}/`));
}

/** The room that a file of the server stands in; undefined for the entry points and the client. */
function roomOf(file: string): string | undefined {
  return /^server\/src\/([^/]+)\//.exec(file)?.[1];
}
