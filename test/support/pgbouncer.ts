import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../server/src/db/open";
import { freePort, password, serverAccount, user } from "./postgres";

/** Whether the program is installed: Debian has it, npm has not. */
export function hasPgBouncer(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Lends a pooler in transaction mode in front of the server; `url` leads to the same database through it. */
export async function withPgBouncer(serverUrl: string, use: (url: string) => Promise<void>): Promise<void> {
  const server = new URL(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), "tenantry-pgbouncer-"));
  const port = await freePort();
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]
* = host=127.0.0.1 port=${server.port} user=${user} password='${password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 100
`,
  );
  const account = serverAccount();
  if (account) for (const path of [folder, file]) chownSync(path, account.uid, account.gid);
  const pooler = spawn("pgbouncer", [file], { ...account, cwd: folder, stdio: "ignore" });
  const url = `postgresql://${user}@127.0.0.1:${port}${server.pathname}?sslmode=disable`;
  try {
    await answering(url);
    await use(url);
  } finally {
    const ended = new Promise((done) => pooler.once("exit", done));
    if (pooler.exitCode === null && pooler.kill("SIGINT")) await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answering(url: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const database = await openDatabase({ url, command: "test" });
      return await database.close();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
