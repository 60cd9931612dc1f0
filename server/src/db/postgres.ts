import type { Socket } from "node:net";
import type { Client } from "pg";
import type { Database, DatabaseError, Notice, Session } from "./database";
import { createPool } from "./pool";
import { connectFault, postgresFault } from "./postgresErrors";
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
  const connect = () => connectSession(settings, applicationName);
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
async function connectSession(settings: PostgresSettings, applicationName: string) {
  const client = await connectClient(settings, applicationName);
  const notices: Notice[] = [];
  let usable = true;
  let cancelled = false;
  let calls = 0;
  const { processID } = parts(client);
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
      const completed = countCompleted(client);
      try {
        const result: unknown = await client.query(sql);
        const results = (Array.isArray(result) ? result : [result]) as { fields: unknown[]; rows: Row[] }[];
        return results.findLast(({ fields }) => fields.length > 0)?.rows ?? [];
      } catch (error) {
        throw fault(error, sql, completed.count());
      } finally {
        completed.stop();
      }
    },

    notices: () => notices.splice(0),

    async cancel() {
      cancelled = true;
      const other = await connectClient(settings, `${applicationName} (cancel)`);
      try {
        // Behind a pooler the backend may serve somebody else by now, and must be left alone then.
        const sql =
          "select pg_cancel_backend(pid) from pg_stat_activity where pid = $1 and application_name like 'tenantry%'";
        await other.query(sql, [processID]);
      } finally {
        await other.end();
      }
    },
  };
  return {
    session,
    isUsable: () => usable,
    calls: () => calls,
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

async function connectClient(settings: PostgresSettings, applicationName: string): Promise<Client> {
  const { Client: PgClient } = await import("pg");
  const { tls, connectTimeoutMs, ...where } = settings;
  const attempt = async (ssl: boolean | object) => {
    const client = new PgClient({
      ...where,
      ssl,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
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
  try {
    if (tls === "never") return await attempt(false);
    if (tls !== "preferred") return await attempt(tls);
    try {
      return await attempt({ rejectUnauthorized: false });
    } catch (error) {
      if (error instanceof Error && /does not support SSL/.test(error.message)) return await attempt(false);
      throw error;
    }
  } catch (error) {
    throw connectFault(error, postgresLabel(settings), settings.password !== undefined);
  }
}

/** What the driver's client has and doesn't declare: the server's process, and the connection under it. */
function parts(client: Client): { processID: number; connection: NodeJS.EventEmitter & { stream: Socket } } {
  return client as unknown as ReturnType<typeof parts>;
}

/** Counts the statements of a message that the server completes. */
function countCompleted(client: Client): { count(): number; stop(): void } {
  const { connection } = parts(client);
  let completed = 0;
  const onComplete = () => {
    completed++;
  };
  connection.on("commandComplete", onComplete);
  return { count: () => completed, stop: () => connection.off("commandComplete", onComplete) };
}
