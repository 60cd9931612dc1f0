import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { withDatabase } from "../support/database";
import { serverAccount, startPostgres } from "../support/postgres";
import { startProxy } from "../support/proxy";

const isEncrypted = async (url: string): Promise<boolean | undefined> => {
  const database = await openDatabase({ url, command: "test" });
  try {
    const [row] = await database.session((session) =>
      session.query<{ ssl: boolean }>("select ssl from pg_stat_ssl where pid = pg_backend_pid()"),
    );
    return row?.ssl;
  } finally {
    await database.close();
  }
};

it("goes on over the same connection where a server has no TLS", async () => {
  await withDatabase(async ({ url }) => {
    let connections = 0;
    const proxy = await startProxy(Number(new URL(url).port), {
      watch: () => {
        connections++;
        return (_, bytes) => ({ bytes, cut: false });
      },
    });
    const there = new URL(url);
    there.port = String(proxy.port);
    expect(await isEncrypted(there.href)).toBe(false);
    expect(connections).toBe(1);
    await proxy.close();
  });
});

it.skipIf(!has("openssl"))("encrypts where a server can, unless that is turned off", async () => {
  const { folder, key, certificate } = madeCertificate();
  const account = serverAccount();
  for (const path of [folder, key, certificate]) if (account) chownSync(path, account.uid, account.gid);
  chmodSync(key, 0o600);
  const server = await startPostgres({ ssl: "on", ssl_key_file: key, ssl_cert_file: certificate });
  try {
    const url = `${server.url}/postgres`;
    expect(await isEncrypted(url)).toBe(true);
    expect(await isEncrypted(`${url}?sslmode=require`)).toBe(true);
    expect(await isEncrypted(`${url}?sslmode=disable`)).toBe(false);
    await expect(isEncrypted(`${url}?sslmode=verify-full`)).rejects.toMatchObject({ kind: "connection" });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

it.skipIf(!has("openssl"))("names the server that is meant, as those need that many share", async () => {
  const { folder, key, certificate } = madeCertificate();
  const [keyText, certificateText] = [readFileSync(key), readFileSync(certificate)];
  const named = new Promise<string>((resolve) => {
    const shared = createServer((socket) => {
      socket.once("data", () => {
        socket.write("S");
        const SNICallback = (name: string) => {
          resolve(name);
          socket.destroy();
        };
        new TLSSocket(socket, { isServer: true, key: keyText, cert: certificateText, SNICallback }).on(
          "error",
          () => {},
        );
        shared.close();
      });
    }).listen(0, "127.0.0.1", () => {
      const { port } = shared.address() as { port: number };
      openDatabase({ url: `postgresql://a:b@localhost:${port}/c?connect_timeout=2`, command: "test" }).catch(() => {});
    });
  });
  expect(await named).toBe("localhost");
  rmSync(folder, { recursive: true, force: true });
});

it("says what is wrong with whoever answers something else, or nothing", async () => {
  const answering = async (answer: (socket: Socket) => void): Promise<unknown> => {
    const other = createServer(answer).listen(0, "127.0.0.1");
    await new Promise((done) => other.once("listening", done));
    const { port } = other.address() as { port: number };
    const url = `postgresql://a:b@127.0.0.1:${port}/c?connect_timeout=1`;
    const error = await openDatabase({ url, command: "test" }).then(undefined, (fault: unknown) => fault);
    other.close();
    return error;
  };
  const cases: [string, (socket: Socket) => void][] = [
    ["no proper answer", (socket) => socket.once("data", () => socket.write("Nothing"))],
    ["closed the connection", (socket) => socket.once("data", () => socket.end())],
    ["didn't answer in time", (socket) => socket.resume()],
  ];
  for (const [message, answer] of cases)
    expect(await answering(answer)).toMatchObject({ kind: "connection", message: expect.stringContaining(message) });
});

function madeCertificate(): { folder: string; key: string; certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-tls-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
  execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  return { folder, key, certificate };
}

function has(program: string): boolean {
  try {
    execFileSync(program, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
