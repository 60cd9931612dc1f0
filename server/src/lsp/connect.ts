import { Console } from "node:console";
import { type Connection, createConnection, ProposedFeatures, StreamMessageReader } from "vscode-languageserver/node";
import { StreamWriter } from "./writer";

/** Over the process's own streams what is sent is written by `StreamWriter`; other transports have their own way. */
export function connect(): Connection {
  if (!process.argv.includes("--stdio")) return createConnection(ProposedFeatures.all);
  // What a library may say to the console must not get among the messages.
  globalThis.console = new Console(process.stderr, process.stderr);
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamWriter(process.stdout),
  );
  let isShutDown = false;
  connection.onShutdown(() => {
    isShutDown = true;
  });
  process.stdin.on("end", () => process.exit(isShutDown ? 0 : 1));
  return connection;
}
