// Builds everything that is shipped into dist/: the extension, the language server, the command line, the embedded
// database's worker, and the assets that they find beside themselves. `--minify` for a release.
import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildGrammar } from "./build/grammar.mjs";

const require = createRequire(import.meta.url);
const root = import.meta.dirname;
const dist = join(root, "dist");
const cache = join(root, ".cache");
