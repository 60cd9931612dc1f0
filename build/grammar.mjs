// Compiles the tree-sitter SQL grammar to WASM with a compiler that is itself an npm package: the grammar's package
// ships C sources only. Takes half a minute, so the result is kept by the versions of the grammar and the compiler.

import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Writes `tree-sitter-sql.wasm` into `outDir`. */
export async function buildGrammar(outDir, cacheDir) {
  const grammar = dirname(require.resolve("tree-sitter-sql/package.json"));
  const version = await packageVersion(grammar);
  const compiler = await packageVersion(dirname(dirname(require.resolve("@yowasp/clang"))));
  const cached = join(cacheDir, `tree-sitter-sql-${version}-clang-${compiler}.wasm`);
  if (!existsSync(cached)) {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(cached, await compile(join(grammar, "src")));
  }
  await copyFile(cached, join(outDir, "tree-sitter-sql.wasm"));
}

async function compile(sources) {
  const { runClang, runLLVM } = await import("@yowasp/clang");
  const quiet = { fetchProgress: () => {}, stdout: () => {}, stderr: (bytes) => bytes && process.stderr.write(bytes) };
  // Loads the compiler itself, whose progress would be printed otherwise.
  await runLLVM(null, {}, quiet);
  const files = {
    "parser.c": await readFile(join(sources, "parser.c"), "utf8"),
    "scanner.c": await readFile(join(sources, "scanner.c"), "utf8"),
    tree_sitter: await folder(join(sources, "tree_sitter")),
  };
  const objects = {};
  for (const name of ["parser", "scanner"]) {
    const flags = ["--target=wasm32-wasip1", "-fPIC", "-Os", "-fvisibility=hidden", "-w", "-I."];
    const out = await runClang(["clang", ...flags, "-c", `${name}.c`, "-o", `${name}.o`], files, quiet);
    objects[`${name}.o`] = out[`${name}.o`];
  }
  const link = [
    "-shared",
    "--experimental-pic",
    "--export=tree_sitter_sql",
    "--allow-undefined",
    "--no-entry",
    "--strip-all",
  ];
  const linked = await runLLVM(["wasm-ld", ...link, "parser.o", "scanner.o", "-o", "sql.wasm"], objects, quiet);
  return linked["sql.wasm"];
}

async function folder(path) {
  const entries = {};
  for (const name of await readdir(path)) entries[name] = await readFile(join(path, name), "utf8");
  return entries;
}

async function packageVersion(path) {
  return JSON.parse(await readFile(join(path, "package.json"), "utf8")).version;
}
