import type { Socket } from "node:net";
import type { Client, Connection, Query } from "pg";
import type { DatabaseError, Notice, Session } from "./database";
import type { PooledSession } from "./pool";
import { postgresFault } from "./postgresErrors";
import { type ScriptAnswer, scriptQuery } from "./postgresScript";

/** Makes a connection under a name. */
export type Connect = (applicationName: string) => Promise<Client>;

/** Opens a session that the pool keeps. */
export async function connectSession(connect: Connect, applicationName: string): Promise<PooledSession> {
  const client = await connect(applicationName);
  const { Query } = await import("pg");
  const line = lineOf(client, (sql, parameters) => new Query(sql, [...parameters]));
  let usable = true;
  let calls = 0;
  let cancellings = 0;
  client.on("error", () => {
    usable = false;
  });
  client.on("end", () => {
    usable = false;
  });

  const isInTransaction = () => partsOf(client).getTransactionStatus() !== "I";
  const lane = (): Session => {
    const notices: Notice[] = [];
    let cancelled = false;
    const fault = (error: unknown, sql: string, completed: number): DatabaseError => {
      const found = postgresFault(error, { sql, completed, cancelled });
      if (found.kind === "connection") usable = false;
      return found;
    };
    return {
      async query<Row extends object>(sql: string, parameters: readonly unknown[] = []) {
        cancelled = false;
        calls++;
        for (let strays = 0; ; strays++) {
          try {
            return await line.query<Row>(sql, parameters, notices);
          } catch (error) {
            const found = fault(error, sql, 0);
            // A cancelling that was meant for another call came late; a statement outside a transaction has left nothing, and can be sent again.
            if (found.kind !== "statement-timeout" || strays >= cancellings || isInTransaction()) throw found;
          }
        }
      },

      async script<Row extends object>(sql: string, undo?: () => string) {
        cancelled = false;
        calls++;
        const { rows, completed, error } = await line.script(sql, notices, undo);
        if (error !== null) throw fault(error, sql, completed);
        return rows as Row[];
      },

      notices: () => notices.splice(0),

      beside: lane,

      async cancel(name) {
        cancelled = true;
        cancellings++;
        const other = await connect(`${applicationName} (cancel)`);
        try {
          // Behind a pooler the process is one that the pooler made up, and the backend may serve somebody else by now.
          const sql = `select pg_cancel_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = $1 and ($2::int is null or pid = $2::int)`;
          await other.query(sql, [name ?? applicationName, name === undefined ? partsOf(client).processID : null]);
        } finally {
          await other.end();
        }
      },
    };
  };

  const session = lane();
  return {
    session,
    isUsable: () => usable,
    calls: () => calls,
    isBusy: isInTransaction,
    clean() {
      session.notices();
      line.clean();
    },
    async end() {
      await client.end().catch(() => {});
    },
  };
}

/** What the driver's client has and doesn't declare: the server's process, its transaction's state, and the connection under it. */
interface ClientParts {
  readonly processID: number;
  readonly connection: Connection & { readonly stream: Socket };
  getTransactionStatus(): string | null;
}

export function partsOf(client: Client): ClientParts {
  return client as unknown as ClientParts;
}

/** The calls that a connection's server has yet to answer; what it says meanwhile belongs to the first of them. */
interface Line {
  query<Row extends object>(sql: string, parameters: readonly unknown[], notices: Notice[]): Promise<Row[]>;
  /** Has the server forget what the session was told to keep; what is called next is sent with it. */
  clean(): void;
  /** @param undo gives what is sent where the script fails, behind what has been sent already and in front of all else */
  script(sql: string, notices: Notice[], undo: (() => string) | undefined): Promise<ScriptAnswer>;
}

interface Call {
  readonly notices: Notice[];
  /** Whether others may be sent behind it that nobody could undo. */
  readonly isSafe: boolean;
  isSent(): boolean;
  /** Gives it to the driver, which takes one at a time. */
  start(): void;
}

/**
 * The driver sends a query when the one before is answered. A script that follows others is sent at once: the server goes on with it
 * without waiting for us, however long the way is.
 */
function lineOf(client: Client, queryOf: (sql: string, parameters: readonly unknown[]) => Query): Line {
  const calls: Call[] = [];
  const join = (call: Call, place: number) => {
    calls.splice(place, 0, call);
    if (calls[0] === call) call.start();
  };
  const leave = (call: Call) => {
    calls.splice(calls.indexOf(call), 1);
    calls[0]?.start();
  };
  const behindSent = () => {
    const unsent = calls.findIndex(({ isSent }) => !isSent());
    return unsent === -1 ? calls.length : unsent;
  };
  const { connection } = partsOf(client);
  const send = (
    sql: string,
    notices: Notice[],
    place: number,
    settle: (answer: ScriptAnswer) => void,
    isSafe = false,
  ) => {
    const mayGoAhead = place <= behindSent();
    const query = scriptQuery(
      sql,
      (type) => client.getTypeParser(type, "text"),
      (answer) => {
        settle(answer);
        leave(call);
      },
    );
    const call = { notices, isSafe, isSent: query.isSent, start: () => void client.query(query) };
    join(call, place);
    if (mayGoAhead) query.submit(connection);
  };
  client.on("notice", ({ severity = "NOTICE", message = "" }) => calls[0]?.notices.push({ severity, message }));
  return {
    query: <Row extends object>(sql: string, parameters: readonly unknown[], notices: Notice[]) =>
      new Promise<Row[]>((resolve, reject) => {
        const query = queryOf(sql, parameters);
        const submit = query.submit.bind(query);
        let sent = false;
        query.submit = (to) => {
          if (!sent) submit(to);
          sent = true;
          return null;
        };
        const call = { notices, isSafe: false, isSent: () => sent, start: () => void client.query(query) };
        query.once("error", (error: unknown) => {
          reject(error);
          leave(call);
        });
        query.once("end", ({ rows }: { readonly rows: Row[] }) => {
          resolve(rows);
          leave(call);
        });
        const mayGoAhead = calls.every((other) => other.isSafe && other.isSent());
        join(call, calls.length);
        if (mayGoAhead) query.submit(connection);
      }),

    clean() {
      // A session that stays as somebody else left it is ended, and whoever has it by now is told that it broke.
      const endUnclean = ({ error }: ScriptAnswer) => void (error === null || connection.stream.destroy());
      send("discard all", [], calls.length, endUnclean, true);
    },

    script: (sql, notices, undo) =>
      new Promise((settle) =>
        send(sql, notices, calls.length, (answer) => {
          if (answer.error === null || undo === undefined || isBehindFailure(answer)) settle(answer);
          else send(undo(), [], behindSent(), () => settle(answer));
        }),
      ),
  };
}

/** What was refused as a transaction before it had failed has left nothing to undo. */
function isBehindFailure({ error, completed }: ScriptAnswer): boolean {
  return completed === 0 && (error as { readonly code?: unknown }).code === "25P02";
}
