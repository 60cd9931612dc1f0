// Builds everything that is shipped into dist/: the extension, the language server, the command line, the embedded
// database's worker, and the files that they find beside themselves.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { apart } from "./build/apart.mjs";
import { buildId } from "./build/id.mjs";
import { writeNotices } from "./build/notices.mjs";

const require = createRequire(import.meta.url);
const root = import.meta.dirname;
const dist = join(root, "dist");
const cache = join(root, ".cache");

// Heavy packages are made small by themselves, in ways that would take their names from our own functions.
const packed = ["pg", "web-tree-sitter", "zod/mini", "vscode-languageserver/node"];
const packedContents = { "zod/mini": 'export * from "./build/zod.mjs";' };
const packedFile = (name) => join(cache, "packed", `${name.replaceAll("/", "-")}.js`);
const exactly = (name) => new RegExp(`^${name.replaceAll("/", "\\/")}$`);

const common = {
  bundle: true,
  metafile: true,
  platform: "node",
  // Some packages' CommonJS files load their own parts in ways that a bundler can't follow.
  mainFields: ["module", "main"],
  target: "node20",
  format: "cjs",
  // Packages written as ES modules find their files by import.meta.url, which a bundle in CommonJS has not.
  define: {
    __DIST__: "__dirname",
    __BUILD__: JSON.stringify(await buildId(root)),
    "import.meta.url": "importMetaUrl",
  },
  banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  logLevel: "warning",
};

const packedInside = {
  name: "packed-inside",
  setup(context) {
    for (const name of packed) context.onResolve({ filter: exactly(name) }, () => ({ path: packedFile(name) }));
  },
};

// The thread's bundle shares it, and finds its WASM beside it.
const grammarElsewhere = {
  name: "grammar-elsewhere",
  setup(context) {
    context.onResolve({ filter: exactly("libpg-query") }, () => ({ path: "./vendor/libpg-query.js", external: true }));
  },
};

// Commander starts other programs for commands that are programs of their own, of which there are none: Node's part for that is loaded where it is called.
const processesLater = {
  name: "processes-later",
  setup(context) {
    context.onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /\bcommander\b/.test(importer) ? { path, namespace: "later" } : undefined,
    );
    context.onLoad({ filter: /.*/, namespace: "later" }, ({ path }) => ({
      contents: `exports.spawn = (...all) => require(${JSON.stringify(path)}).spawn(...all)`,
      resolveDir: root,
    }));
  },
};

const ours = {
  entryNames: "[name]",
  outdir: dist,
  charset: "ascii",
  // Node's own import() sees no names in a minified bundle; require does.
  supported: { "dynamic-import": false },
  plugins: [packedInside, grammarElsewhere, processesLater],
  // Half the text to read at each start; the names stay, for what a fault's stack tells.
  minifyWhitespace: true,
  minifySyntax: true,
};

const bundles = [];
const bundle = async (options) => bundles.push(await build({ ...common, ...options }));

const pack = (contents, outfile) =>
  bundle({
    stdin: { contents, resolveDir: root },
    outfile,
    mainFields: ["main"],
    external: ["pg-native"],
    // pg looks at it to find out whether it runs in a browser's worker, which loads the whole of fetch.
    define: { ...common.define, Response: "undefined" },
    minify: true,
    legalComments: "none",
  });
const whole = (name) => `module.exports = require("${name}")`;

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "vendor"), { recursive: true });
await Promise.all(packed.map((name) => pack(packedContents[name] ?? whole(name), packedFile(name))));
await Promise.all([
  pack(whole("libpg-query"), join(dist, "vendor/libpg-query.js")),
  bundle({ ...ours, entryPoints: ["server/src/server.ts", "server/src/cli.ts", "server/src/app/thread.ts"] }),
  bundle({
    ...ours,
    entryPoints: ["server/src/program.ts"],
    // No module but a function's text: what loads it wants to say from where its code comes.
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${common.banner.js}` },
    footer: { js: "})" },
  }),
  bundle({ entryPoints: ["client/src/extension.ts"], outdir: dist, external: ["vscode"] }),
  bundle({
    entryPoints: ["server/src/db/embeddedWorker.ts"],
    outdir: dist,
    minify: true,
  }),
  copyFile(join(dirname(require.resolve("libpg-query")), "libpg-query.wasm"), join(dist, "vendor/libpg-query.wasm")),
  copyFile(require.resolve("web-tree-sitter/web-tree-sitter.wasm"), join(dist, "vendor/web-tree-sitter.wasm")),
  apart(new URL("build/grammar.mjs", import.meta.url), "buildGrammar", dist, cache),
  apart(new URL("build/snapshot.mjs", import.meta.url), "buildSnapshot", dist, cache),
]);
await writeNotices(bundles, join(dist, "THIRD_PARTY_NOTICES"));
