import { Console } from "node:console";
import { type Connection, createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { LifeReader } from "./lifeReader";
import { StreamWriter } from "./writer";

/** Over the process's own streams what is sent is written by `StreamWriter`; other transports have their own way. */
export function connect(): Connection {
  if (!process.argv.includes("--stdio")) return createConnection(ProposedFeatures.all);
  // What a library may say to the console must not get among the messages.
  globalThis.console = new Console(process.stderr, process.stderr);
  const writer = new StreamWriter(process.stdout);
  const reader = new LifeReader(process.stdin, writer);
  const connection = createConnection(ProposedFeatures.all, reader, writer);
  process.stdin.on("end", () => process.exit(reader.isShutDown ? 0 : 1));
  return connection;
}
