import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be slow, and that can break. */
export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** How long a byte travels in each direction, in milliseconds. */
  readonly delay?: number;
  /** Gives, for one connection, what looks at each piece on its way. */
  readonly watch?: () => Watch;
}

/** Says which bytes go on now, and whether the connection breaks after them, without a farewell. */
export type Watch = (from: "client" | "server", bytes: Buffer) => { readonly bytes: Buffer; readonly cut: boolean };

/** Listens on loopback, and passes on to a server there. */
export async function startProxy(to: number, { delay = 0, watch }: ProxyOptions = {}): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port: to, host: "127.0.0.1" });
    const look = watch?.();
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (from: "client" | "server", source: Socket, sink: Socket) => {
      source.setNoDelay(true);
      sockets.add(source);
      source.on("data", (piece) => {
        const { bytes, cut } = look?.(from, piece) ?? { bytes: piece, cut: false };
        const go = () => {
          if (!sink.destroyed && bytes.length > 0) sink.write(bytes);
          // What was let through arrives, and nobody answers any more.
          if (cut) sink.end(end);
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
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
