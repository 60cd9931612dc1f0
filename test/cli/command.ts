import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** How a command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as standard output or standard error holds the text; fails where the process ends without it. */
  until(text: string): Promise<void>;
}

/** What the process of a command line is given. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which then ends. */
  readonly input?: string;
  /** The folder of another build than the one that is tested. */
  readonly dist?: string;
}

/** Runs the built command line to its end. */
export function tenantry(words: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const started = start(words, surroundings);
  started.process.stdin?.end(surroundings.input ?? "");
  return started.ended;
}

/** Starts the built command line, and leaves its standard input open. */
export function start(words: readonly string[], { cwd, env = {}, dist = __DIST__ }: Surroundings): Started {
  const child = spawn(process.execPath, [join(dist, "cli.js"), ...words], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: "pipe",
  });
  let out = "";
  let err = "";
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<Ended>((done, failed) => {
    child.once("error", failed);
    child.once("close", (code, signal) => done({ code, signal, out, err }));
  });
  return {
    process: child,
    ended,
    until: (text) =>
      new Promise((done, failed) => {
        const look = () => {
          if (out.includes(text) || err.includes(text)) {
            waiting.delete(look);
            done();
          }
        };
        waiting.add(look);
        look();
        ended.then(() => failed(new Error(`ended without "${text}":\n${out}\n${err}`)), failed);
      }),
  };
}

/** A fresh folder with these files; each test removes its own by `remove`. */
export function folderOf(files: Readonly<Record<string, string>>): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tenantry-cli-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A fresh copy of the example shop. */
export function shop(): { path: string; remove(): void } {
  const folder = folderOf({});
  cpSync(join(root, "examples/shop"), folder.path, { recursive: true, filter: (path) => !path.includes(".tenantry") });
  return folder;
}

/** A fresh copy of the example shop, and a place of its own for what is kept from one process to the next; they go with the test. */
export function shopWithCache(): { path: string; cache: string } {
  const folders = [shop(), folderOf({})] as const;
  onTestFinished(() => {
    for (const { remove } of folders) remove();
  });
  const [{ path }, { path: cache }] = folders;
  return { path, cache };
}

/** The environment without anything that would choose a database. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_URL|TENANTRY_(?!CACHE_DIR)|NO_COLOR|FORCE_COLOR)/.test(name),
  );
  return Object.fromEntries(kept);
}
