// Prints how fast the language server answers, beside a server that does nothing but send diagnostics: npm run bench:lsp [-- --quick] [--only-folder|--only-lint] [-- COMMAND…]
// A command after a second `--` is another language server, which is measured in the same way.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const outfile = join(root, ".cache/bench/lspRun.mjs");
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, "lspRun.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  define: { __DIST__: JSON.stringify(join(root, "dist")) },
});
const { measureServers } = await import(pathToFileURL(outfile).href);
const words = process.argv.slice(2);
const at = words.indexOf("--");
const other = at === -1 ? words.filter((word) => !word.startsWith("--")) : words.slice(at + 1);
const flags = words.slice(0, at === -1 ? undefined : at);
const only = flags.find((word) => word.startsWith("--only-"))?.slice("--only-".length) ?? null;
await measureServers({
  root,
  other,
  isQuick: flags.includes("--quick"),
  only,
  print: console.log,
});
