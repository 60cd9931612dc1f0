import { availableParallelism } from "node:os";
import type { ClientConfig } from "pg";
import type { Database } from "./database";
import { asText, isLeftAsText } from "./leftAsText";
import { createPool } from "./pool";
import { connectFault } from "./postgresErrors";
import { type Connect, connectSession, partsOf } from "./postgresSession";
import { isOnThisMachine, type PostgresSettings, postgresLabel, readPostgresUrl } from "./postgresSettings";
import { connectPreferringTls } from "./postgresTls";

export interface PostgresOptions {
  readonly url: string;
  /** Goes before the URL's own. */
  readonly password?: string | undefined;
  readonly applicationName: string;
  readonly maxSessions: number;
}

/** Each tenant's tables stay in a backend's caches, which makes it grow and slow down: a session is replaced after so many calls. */
const callsPerSession = 300;

/**
 * Opens a PostgreSQL server's database.
 * @throws DatabaseError of kind `connection` or `authentication`
 */
export async function openPostgres({
  url,
  password,
  applicationName,
  maxSessions,
}: PostgresOptions): Promise<Database> {
  const settings = readPostgresUrl(url, password);
  const label = postgresLabel(settings);
  const connectClient = connector(settings);
  const connect = () => connectSession(connectClient, applicationName);
  const pool = createPool({ connect, most: maxSessions, calls: callsPerSession });
  pool.keep(await connect());
  return {
    dialect: "postgresql",
    abilities: {
      sessions: maxSessions,
      cancel: true,
      timeouts: true,
      processors: isOnThisMachine(settings) ? availableParallelism() : null,
    },
    label,
    session: (use) => pool.lend(use),
    ready: (sessions) => pool.ready(sessions),
    close: () => pool.close(),
  };
}

/** Opens connections; that a server offers no TLS where it is only preferred is found out once. */
function connector(settings: PostgresSettings): Connect {
  const { tls, connectTimeoutMs, ...where } = settings;
  let offersTls: boolean | null = null;
  const attempt = async (how: Pick<ClientConfig, "ssl" | "stream">, applicationName: string) => {
    const { Client: PgClient, types } = await import("pg");
    const client = new PgClient({
      types: {
        getTypeParser: (type, format) => (isLeftAsText(type) ? asText : types.getTypeParser(type, format)),
      },
      ...where,
      ...how,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      // The connection that holds a run's lock is silent as long as the run takes; what stands between may forget it.
      keepAliveInitialDelayMillis: 10_000,
    });
    // Without a listener a connection that breaks later would end the process.
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (error) {
      // The driver leaves the socket open, and the server would keep a backend for it.
      partsOf(client).connection.stream.destroy();
      throw error;
    }
    return client;
  };
  return async (applicationName) => {
    try {
      if (tls === "never" || offersTls === false) return await attempt({ ssl: false }, applicationName);
      if (tls !== "preferred") return await attempt({ ssl: tls }, applicationName);
      const { socket, encrypted } = await connectPreferringTls(settings);
      offersTls = encrypted;
      return await attempt({ ssl: false, stream: () => socket }, applicationName);
    } catch (error) {
      throw connectFault(error, postgresLabel(settings), settings.password !== undefined);
    }
  };
}
