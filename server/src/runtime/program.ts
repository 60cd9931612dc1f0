import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder } from "../project/cacheFolder";

/**
 * Loads the program's own bundle, with the code that V8 made of it in an earlier process: to read a megabyte and a half of text anew takes a fifth of a short command's time.
 * Node.js has such a cache itself only from version 22 on.
 * @param use names what the process is for: the code that is kept is that of the functions which were called
 */
export function loadProgram(use: string): typeof import("../program") {
  const path = join(__DIST__, "program.js");
  // The bundler writes ASCII alone.
  const source = readFileSync(path).toString("latin1");
  const kept = keptCode(path, use);
  const cachedData = kept?.read();
  const script = new Script(source, { filename: path, ...(cachedData && { cachedData }) });
  const program = { exports: {} as typeof import("../program") };
  const run = script.runInThisContext() as (...globals: unknown[]) => void;
  run.call(program.exports, program.exports, createRequire(path), program, path, dirname(path));
  if (kept && (!cachedData || script.cachedDataRejected))
    process.on("exit", (code) => {
      // Wrong words, and what was broken off, have called hardly anything.
      if (code <= 1 && program.exports.resetFlags()) kept.write(script);
    });
  return program.exports;
}

interface KeptCode {
  /** What was kept; undefined where there is nothing, or not all of it. */
  read(): Buffer | undefined;
  write(script: Script): void;
}

/** Null where there is no place for it, and where others than the user could have put it there. */
function keptCode(program: string, use: string): KeptCode | null {
  const folder = codeFolder();
  if (folder === null) return null;
  const path = join(folder, nameOf(program, use));
  return {
    read() {
      try {
        const bytes = readOwn(path);
        const code = bytes.subarray(digestLength);
        if (!bytes.subarray(0, digestLength).equals(digestOf(code))) return undefined;
        noteUse(path);
        return code;
      } catch {
        return undefined;
      }
    },
    write(script) {
      const draft = `${path}.${randomUUID()}`;
      try {
        const code = script.createCachedData();
        writeFileSync(draft, Buffer.concat([digestOf(code), code]), { mode: 0o600 });
        renameSync(draft, path);
        tidy(folder);
      } catch {
        // What the command has done isn't undone by that; tidying takes the draft away.
      }
    },
  };
}

function codeFolder(): string | null {
  const { env, platform } = process;
  // Windows doesn't tell here who may write to a folder: there only the one in the user's profile is taken.
  const cache = platform === "win32" && env.TENANTRY_CACHE_DIR ? null : cacheFolder(env, platform);
  if (cache === null || !isAbsolute(cache)) return null;
  const folder = join(cache, "code");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(lstatSync(folder)) ? folder : null;
  } catch {
    return null;
  }
}

function readOwn(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    if (!isOwn(fstatSync(file))) throw new Error("It may be somebody else's.");
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** What V8 doesn't compare itself: of the text it looks at the length alone. */
function nameOf(program: string, use: string): string {
  const { size, mtimeMs } = statSync(program);
  const { execArgv, versions, arch, env } = process;
  const told = JSON.stringify([
    __BUILD__,
    size,
    mtimeMs,
    use,
    versions.node,
    versions.v8,
    arch,
    execArgv,
    env.NODE_OPTIONS,
  ]);
  return createHash("sha256").update(told).digest("base64url");
}

function isOwn({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & writableByOthers) === 0);
}

const writableByOthers = 0o022;
const digestLength = 32;

function digestOf(code: Buffer): Buffer {
  return createHash("sha256").update(code).digest();
}

const day = 24 * 3600_000;
const longestKept = 30 * day;
/** Files of about a megabyte, one for each command that is used. */
const mostKept = 40;

/** What is used stays: its time says when that was last, to the day. */
function noteUse(path: string): void {
  const now = new Date();
  if (now.getTime() - statSync(path).mtimeMs > day) utimesSync(path, now, now);
}

/** Takes out what was not used for long, and of too much the oldest. */
function tidy(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ name, used: statSync(join(folder, name)).mtimeMs }));
  const newestFirst = files.sort((a, b) => b.used - a.used);
  for (const [place, { name, used }] of newestFirst.entries())
    if (place >= mostKept || Date.now() - used > longestKept) rmSync(join(folder, name), { force: true });
}
