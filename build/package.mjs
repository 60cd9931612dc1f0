// Packages the built extension as a VSIX: `node build/package.mjs [file]`, by default `tenantry-<version>.vsix` at the top.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createVSIX } from "@vscode/vsce";

const root = resolve(import.meta.dirname, "..");
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const packagePath = resolve(process.argv[2] ?? join(root, `${name}-${version}.vsix`));
// What the extension needs is in the bundles, so no package is taken along.
await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true });
