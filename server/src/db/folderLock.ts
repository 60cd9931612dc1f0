import { randomUUID } from "node:crypto";
import { access, constants, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "./database";

/** Who has an embedded database's folder open, as its lock file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly since: string;
  readonly token: string;
}

const fileName = "tenantry.lock";
const patienceMs = 10_000;
const pauseMs = 100;

/**
 * Takes an embedded database's folder for one user: two in one folder destroy each other's writes without a word.
 * Waits for users of this process as long as they take, and for other processes up to ten seconds.
 * @returns what gives the folder back.
 * @throws DatabaseError of kind `held` that names the holder
 */
export async function lockFolder(folder: string, command: string): Promise<() => Promise<void>> {
  const before = lastOf.get(folder) ?? Promise.resolve();
  let leave = () => {};
  const mine = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const last = before.then(() => mine);
  lastOf.set(folder, last);
  const done = () => {
    leave();
    if (lastOf.get(folder) === last) lastOf.delete(folder);
  };
  await before;
  try {
    const giveBack = await lockAgainstOthers(folder, command);
    return () => giveBack().finally(done);
  } catch (error) {
    done();
    throw error;
  }
}

/** What ends when the last that this process has in a folder has given it back. */
const lastOf = new Map<string, Promise<void>>();

async function lockAgainstOthers(folder: string, command: string): Promise<() => Promise<void>> {
  await makeFolder(folder);
  const path = join(folder, fileName);
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    command,
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  const until = Date.now() + patienceMs;
  for (;;) {
    if (await take(path, own)) return () => giveBack(path, own);
    const holder = await readHolder(path);
    if (holder && isGone(holder)) await removeStale(path, holder);
    else if (Date.now() > until) throw held(folder, holder);
    else await sleep(pauseMs);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    throw new DatabaseError(
      {
        kind: "connection",
        code,
        message: `The embedded database's folder ${folder} can't be made or written in (${message}). Give the right to write there, or name another folder in the connection's url.`,
      },
      { cause },
    );
  }
}

/** A file under another name is linked to the lock's: that either makes the whole file there, or fails. */
async function take(path: string, own: Holder): Promise<boolean> {
  const draft = `${path}.${own.token}`;
  await writeFile(draft, JSON.stringify(own));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function giveBack(path: string, own: Holder): Promise<void> {
  if ((await readHolder(path))?.token === own.token) await rm(path, { force: true });
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    // Given back just now.
    return null;
  }
}

/** A lock of a process of this machine that is no more. Of another machine's processes nothing is known. */
function isGone({ host, pid }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Of several who find the same stale lock, one removes it: who comes later finds another token in it. */
async function removeStale(path: string, stale: Holder): Promise<void> {
  const guard = `${path}.stale`;
  if (!(await take(guard, { ...stale, pid: process.pid, token: randomUUID() }))) return sleep(pauseMs);
  try {
    if ((await readHolder(path))?.token === stale.token) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

function held(folder: string, holder: Holder | null): DatabaseError {
  const who = holder
    ? `${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
    : "another process";
  return new DatabaseError({
    kind: "held",
    code: "HELD",
    message: `The embedded database in ${folder} is in use by ${who}. Wait for it to end, or end it; an embedded database serves one process at a time.`,
  });
}
