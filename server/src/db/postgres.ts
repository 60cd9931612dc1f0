import type { Socket } from "node:net";
import type { Client } from "pg";
import type { Database, DatabaseError, Notice, Session } from "./database";
import { createPool } from "./pool";
import { connectFault, postgresFault } from "./postgresErrors";
import { type ScriptAnswer, scriptQuery } from "./postgresScript";
import { type PostgresSettings, postgresLabel, readPostgresUrl } from "./postgresSettings";

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
    abilities: { sessions: maxSessions, cancel: true, timeouts: true },
    label,
    session: (use) => pool.lend(use),
    close: () => pool.close(),
  };
}

/** A session that the pool keeps. */
async function connectSession(connectClient: Connect, applicationName: string) {
  const client = await connectClient(applicationName);
  const notices: Notice[] = [];
  let usable = true;
  let cancelled = false;
  let calls = 0;
  const { processID } = parts(client);
  const isBusy = () => parts(client).getTransactionStatus() !== "I";
  client.on("error", () => {
    usable = false;
  });
  client.on("end", () => {
    usable = false;
  });
  client.on("notice", ({ severity = "NOTICE", message = "" }) => notices.push({ severity, message }));

  const fault = (error: unknown, sql: string, completed: number): DatabaseError => {
    const found = postgresFault(error, { sql, completed, cancelled });
    if (found.kind === "connection") usable = false;
    return found;
  };
  const session: Session = {
    async query<Row extends object>(sql: string, parameters: readonly unknown[] = []) {
      cancelled = false;
      calls++;
      try {
        return (await client.query<Row>(sql, [...parameters])).rows;
      } catch (error) {
        throw fault(error, sql, 0);
      }
    },

    async script<Row extends object>(sql: string) {
      cancelled = false;
      calls++;
      const { rows, completed, error } = await sendScript(client, sql);
      if (error !== null) throw fault(error, sql, completed);
      return rows as Row[];
    },

    notices: () => notices.splice(0),

    async cancel(name) {
      cancelled = true;
      const other = await connectClient(`${applicationName} (cancel)`);
      try {
        // Behind a pooler the process is one that the pooler made up, and the backend may serve somebody else by now.
        const sql = `select pg_cancel_backend(pid) from pg_stat_activity
          where datname = current_database() and (application_name = $1 or (pid = $2 and application_name = $3))`;
        await other.query(sql, [name ?? applicationName, processID, applicationName]);
      } finally {
        await other.end();
      }
    },
  };
  return {
    session,
    isUsable: () => usable,
    calls: () => calls,
    isBusy,
    /** Brings the session back to how it was begun; false where that can't be done, as in a transaction. */
    async clean() {
      notices.length = 0;
      try {
        await client.query("discard all");
        return usable;
      } catch {
        return false;
      }
    },
    async end() {
      await client.end().catch(() => {});
    },
  };
}

/** Opens connections; that a server offers no TLS where it is only preferred is found out once. */
function connector(settings: PostgresSettings): Connect {
  const { tls, connectTimeoutMs, ...where } = settings;
  let mode = tls;
  const attempt = async (ssl: boolean | object, applicationName: string) => {
    const { Client: PgClient } = await import("pg");
    const client = new PgClient({
      ...where,
      ssl,
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
      parts(client).connection.stream.destroy();
      throw error;
    }
    return client;
  };
  return async (applicationName) => {
    try {
      if (mode === "never") return await attempt(false, applicationName);
      if (mode !== "preferred") return await attempt(mode, applicationName);
      try {
        return await attempt({ rejectUnauthorized: false }, applicationName);
      } catch (error) {
        if (!(error instanceof Error) || !/does not support SSL/.test(error.message)) throw error;
        mode = "never";
        return await attempt(false, applicationName);
      }
    } catch (error) {
      throw connectFault(error, postgresLabel(settings), settings.password !== undefined);
    }
  };
}

type Connect = (applicationName: string) => Promise<Client>;

/** What the driver's client has and doesn't declare: the server's process, its transaction's state, and the connection under it. */
interface ClientParts {
  readonly processID: number;
  readonly connection: NodeJS.EventEmitter & { readonly stream: Socket };
  getTransactionStatus(): string | null;
}

function parts(client: Client): ClientParts {
  return client as unknown as ClientParts;
}

function sendScript(client: Client, sql: string): Promise<ScriptAnswer> {
  return new Promise((settle) => client.query(scriptQuery(sql, (type) => client.getTypeParser(type, "text"), settle)));
}
