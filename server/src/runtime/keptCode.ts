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
  writeFileSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import { cacheFolder } from "../project/cacheFolder";

/** The code of a program, from one process to the next. What can't be read or written is as if it had never been kept. */
export interface KeptCode {
  /** Undefined where there is none, or not all of it, or others than the user could have put it there. */
  read(): Buffer | undefined;
  write(make: () => Buffer): void;
}

/** Null where there is no place for it. @param program its file. @param use what the process is for */
export function keptCode(program: string, use: string): KeptCode | null {
  const folder = codeFolder();
  if (folder === null) return null;
  const path = join(folder, nameOf(program, use));
  return {
    read() {
      try {
        requireOwn(lstatSync(folder));
        const bytes = readOwn(path);
        const code = bytes.subarray(digestLength);
        return bytes.subarray(0, digestLength).equals(digestOf(code)) ? code : undefined;
      } catch {
        return undefined;
      }
    },
    write(make) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        requireOwn(lstatSync(folder));
        const code = make();
        const draft = `${path}.${randomUUID()}`;
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
  return cache === null || !isAbsolute(cache) ? null : join(cache, "code");
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

function readOwn(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    requireOwn(fstatSync(file));
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function requireOwn({ uid, mode }: Stats): void {
  if (process.getuid === undefined) return;
  if (uid !== process.getuid() || (mode & writableByOthers) !== 0) throw new Error("It may be somebody else's.");
}

const writableByOthers = 0o022;
const digestLength = 32;

function digestOf(code: Buffer): Buffer {
  return createHash("sha256").update(code).digest();
}

/** Files of about a megabyte, one for each command that is used. */
const mostKept = 40;

/** Takes out what was written first. */
function tidy(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ name, written: statSync(join(folder, name)).mtimeMs }));
  for (const { name } of files.sort((a, b) => b.written - a.written).slice(mostKept))
    rmSync(join(folder, name), { force: true });
}
