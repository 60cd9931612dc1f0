import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be made slow, or cut. */
export interface Proxy {
  readonly port: number;
  /** Breaks all connections there are, without a farewell. */
  cut(): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** How long a byte travels in each direction, in milliseconds. */
  readonly delay?: number;
  /** Is shown each piece on its way; what it returns goes on, and the connection is cut after that where `cut` is true. */
  readonly passing?: (from: "client" | "server", bytes: Buffer) => { readonly bytes: Buffer; readonly cut: boolean };
}

/** Listens on loopback, and passes on to a server there. */
export async function startProxy(to: number, { delay = 0, passing }: ProxyOptions = {}): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port: to, host: "127.0.0.1" });
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (from: "client" | "server", source: Socket, sink: Socket) => {
      source.setNoDelay(true);
      sockets.add(source);
      source.on("data", (piece) => {
        const { bytes, cut } = passing?.(from, piece) ?? { bytes: piece, cut: false };
        const go = () => {
          if (!sink.destroyed && bytes.length > 0) sink.write(bytes);
          if (!cut) return;
          // What was let through arrives, and nobody answers any more.
          sink.end(() => end());
          source.destroy();
        };
        if (delay > 0) setTimeout(go, delay);
        else go();
      });
      source.on("error", end);
      source.on("close", () => {
        sockets.delete(source);
        setTimeout(() => sink.end(), delay);
      });
    };
    pass("client", client, upstream);
    pass("server", upstream, client);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
