// Installs what drives the packaged extension in a real VS Code: the server distribution of VS Code with the Node that it
// was built for, both from npm, and Debian's Chromium. Kept in .cache by version, apart from the project's own packages.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const CODE_SERVER = "4.139.1";
const NODE = "24.21.0";

/** @returns absolute paths of the parts: `{ node, serverMain, chromium }`. */
export function installEditor() {
  const folder = resolve(import.meta.dirname, `../../.cache/vscode-${CODE_SERVER}`);
  const runtime = join(folder, "node_modules", `node-${process.platform}-${process.arch}`);
  const node = join(runtime, "bin/node");
  const vscode = join(folder, "node_modules/code-server/lib/vscode");
  const done = join(folder, "installed");
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    // npm must run on the Node that VS Code runs on, or its native parts are built for another one.
    const npm = (where, ...args) =>
      execFileSync("npm", args, {
        cwd: where,
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          ...process.env,
          PATH: `${join(runtime, "bin")}${delimiter}${process.env.PATH}`,
          npm_config_nodedir: runtime,
        },
      });
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    npm(folder, "install", `node-${process.platform}-${process.arch}@${NODE}`, "--ignore-scripts", ...quiet);
    npm(folder, "install", `code-server@${CODE_SERVER}`, "--ignore-scripts", ...quiet);
    npm(vscode, "install", "--omit=dev", "--ignore-scripts", ...quiet);
    npm(vscode, "rebuild", "--ignore-scripts=false", "@vscode/spdlog", "@vscode/native-watchdog", ...quiet);
    writeFileSync(done, "");
  }
  return { node, serverMain: join(vscode, "out/server-main.js"), chromium: installChromium() };
}

function installChromium() {
  const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (existsSync(chromium)) return chromium;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    throw new Error("The end-to-end tests need Chromium: install it, and set CHROMIUM to its path.");
  const apt = (...args) =>
    execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], { stdio: ["ignore", "ignore", "inherit"] });
  apt("update");
  apt("install", "-y", "--no-install-recommends", "chromium");
  return chromium;
}
