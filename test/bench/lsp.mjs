// Prints how fast the language server answers, beside a server that does nothing but send diagnostics: npm run bench:lsp [-- --quick] [--only-folder|--only-lint] [-- COMMAND…]
// A command after a second `--` is another language server, which is measured in the same way.
import { importBundled, root } from "../support/bundled.mjs";

const { measureServers } = await importBundled("test/bench/lspRun.ts");
const words = process.argv.slice(2);
const at = words.indexOf("--");
const other = at === -1 ? words.filter((word) => !word.startsWith("--")) : words.slice(at + 1);
const flags = words.slice(0, at === -1 ? undefined : at);
const unknown = flags.find(
  (word) => !["--quick", "--only-folder", "--only-lint"].includes(word) && word.startsWith("--"),
);
if (unknown !== undefined) {
  console.error(`There is no ${unknown}: --quick, --only-folder and --only-lint are known.`);
  process.exit(2);
}
const only = flags.find((word) => word.startsWith("--only-"))?.slice("--only-".length) ?? null;
await measureServers({
  root,
  other,
  isQuick: flags.includes("--quick"),
  only,
  print: console.log,
});
