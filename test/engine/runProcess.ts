import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Wish } from "./fleet";

const root = join(import.meta.dirname, "../..");

/** A program that runs a wish in a process of its own. */
export interface RunProgram {
  start(url: string, wish: Wish): ChildProcess;
  remove(): void;
}

export async function buildRunProgram(): Promise<RunProgram> {
  // Beside the packages, so that the bundle finds those that it leaves out.
  const folder = mkdtempSync(join(root, "node_modules/.run-program-"));
  await build({
    entryPoints: [join(import.meta.dirname, "killedRun.ts")],
    outfile: join(folder, "run.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { __DIST__: JSON.stringify(join(root, "dist")) },
    logLevel: "error",
  });
  return {
    start(url, wish) {
      const child = spawn(process.execPath, [join(folder, "run.mjs"), JSON.stringify({ url, wish })], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout.setEncoding("utf8");
      return child;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
