import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cacheFolder";
import { openSlices } from "./slices";

/** Keeps texts from one process to the next. What can't be read or written is as if it had never been kept. */
export interface Cache {
  /** Whether something is kept under a name, be it whole or not. */
  holds(name: string): Promise<boolean>;
  /** The lines that were kept under a name; null where there are none, or not all of them. */
  read(name: string): Promise<readonly string[] | null>;
  /** @param lines without line ends in them */
  write(name: string, lines: readonly string[]): Promise<void>;
}

/** The cache in the user's own folder for such things, or in the one that `TENANTRY_CACHE_DIR` names; undefined where there is neither. */
export function openCache(environment: NodeJS.ProcessEnv, platform = process.platform): Cache | undefined {
  const folder = cacheFolder(environment, platform);
  return folder === null ? undefined : cacheIn(folder);
}

export function cacheIn(folder: string): Cache {
  return {
    holds(name) {
      return access(join(folder, name)).then(
        () => true,
        () => false,
      );
    },

    async read(name) {
      try {
        const path = join(folder, name);
        const lines = await linesOf(await readFile(path));
        if (lines !== null) await noteUse(path);
        return lines;
      } catch {
        return null;
      }
    },

    async write(name, lines) {
      const draft = join(folder, `${name}.${randomUUID()}${draftEnd}`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(draft, sectionsOf(lines), { mode: 0o600 });
        await rename(draft, join(folder, name));
        await tidy(folder);
      } catch {
        await rm(draft, { force: true }).catch(() => {});
      }
    },
  };
}

const draftEnd = ".draft";
const day = 24 * 3600_000;
const longestKept = 30 * day;
const longestDraft = 3600_000;
const mostBytes = 200 * 1024 * 1024;

/** The lines go in sections, each after a line with its length and its digest, so that a reader never works for long on one of them. */
async function* sectionsOf(lines: readonly string[]): AsyncGenerator<Buffer> {
  const slices = openSlices();
  for (let from = 0; from < lines.length; ) {
    let to = from;
    for (let length = 0; to < lines.length && length < longSection; to++) length += (lines[to]?.length ?? 0) + 1;
    const body = Buffer.from(`${lines.slice(from, to).join("\n")}\n`);
    yield Buffer.from(`${body.length} ${digestOf(body)}\n`);
    yield body;
    from = to;
    await slices.rest();
  }
  yield Buffer.from(`${end}\n`);
}

const longSection = 100_000;
/** Stands after the last section, for whole ones that are missing to be missed. */
const end = "end";

async function linesOf(bytes: Buffer): Promise<string[] | null> {
  const lines: string[] = [];
  const slices = openSlices();
  for (let at = 0; ; ) {
    const newline = bytes.indexOf("\n", at);
    if (newline === -1) return null;
    const head = bytes.toString("latin1", at, newline);
    if (head === end) return newline === bytes.length - 1 ? lines : null;
    const [length = "", digest] = head.split(" ");
    at = newline + 1 + Number(length);
    const body = bytes.subarray(newline + 1, at);
    if (!(Number(length) > 0) || body.at(-1) !== lineEnd || digestOf(body) !== digest) return null;
    for (const line of body.toString("utf8", 0, body.length - 1).split("\n")) lines.push(line);
    await slices.rest();
  }
}

const lineEnd = 0x0a;

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** What is used stays: its time says when that was last, to the day. */
async function noteUse(path: string): Promise<void> {
  const now = new Date();
  const { mtimeMs } = await stat(path);
  if (now.getTime() - mtimeMs > day) await utimes(path, now, now).catch(() => {});
}

/** Takes out what was not used for long, and of too much the oldest. */
async function tidy(folder: string): Promise<void> {
  const now = Date.now();
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path);
      return { path, isFile: found.isFile(), size: found.size, age: now - found.mtimeMs };
    }),
  );
  let bytes = 0;
  for (const { path, isFile, size, age } of files.sort((a, b) => a.age - b.age)) {
    if (!isFile) continue;
    bytes += size;
    const isOld = age > (path.endsWith(draftEnd) ? longestDraft : longestKept);
    if (isOld || bytes > mostBytes) await rm(path, { force: true });
  }
}
