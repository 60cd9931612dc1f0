import { connect, isIP, type Socket } from "node:net";
import type { PostgresSettings } from "./postgresSettings";

/**
 * Connects and asks the server for TLS, which goes on over the same connection where it has none: the driver would give that one up and
 * need another.
 * @returns a socket that can be talked to, in the form in which the driver takes one that it is to connect itself
 */
export async function connectPreferringTls(
  where: Where,
): Promise<{ readonly socket: Socket; readonly encrypted: boolean }> {
  const plain = isFolder(where.host)
    ? connect(`${where.host}/.s.PGSQL.${where.port}`)
    : connect(where.port, where.host);
  const timer = setTimeout(() => plain.destroy(new Error("timeout expired")), where.connectTimeoutMs);
  try {
    await once(plain, "connect");
    // The server's own sockets have no TLS.
    if (isFolder(where.host)) return { socket: connected(plain), encrypted: false };
    plain.write(question);
    const answer = await once<Buffer>(plain, "data");
    // More than the one letter would have been put before what is encrypted by somebody else.
    if (answer.equals(no)) return { socket: connected(plain), encrypted: false };
    if (!answer.equals(yes)) throw new Error("there was no proper answer to the question for TLS");
    const { connect: encrypt } = await import("node:tls");
    // Servers that many share tell by the name who is meant.
    const name = isIP(where.host) === 0 ? { servername: where.host } : {};
    const secure = encrypt({ socket: plain, ...name, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    return { socket: connected(secure), encrypted: true };
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

type Where = Pick<PostgresSettings, "host" | "port" | "connectTimeoutMs">;

function isFolder(host: string): boolean {
  return host.startsWith("/");
}

/** The protocol's SSLRequest: its length, and its number. */
const question = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const [yes, no] = [Buffer.from("S"), Buffer.from("N")];

/** Waits for an event. @throws what went wrong meanwhile */
function once<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error("the server closed the connection"));
    const settle = (value: T) => {
      socket.off("error", reject).off("close", ended);
      resolve(value);
    };
    socket.once(event, settle).once("error", reject).once("close", ended);
  });
}

/** The driver connects its socket by itself, and begins when it is told that that is done. */
function connected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit("connect"));
    return socket;
  };
  return socket;
}
