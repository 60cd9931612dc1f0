import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { setLastingFlag } from "../runtime/flags";
import { lex } from "../sql/lexer";
import { splitStatements } from "../sql/statements";
import { type Database, DatabaseError, type Notice, type Session } from "./database";
import type { EmbeddedModules, PostgresFields, Reply, Request } from "./embeddedMessages";
import { lockFolder } from "./folderLock";
import { postgresFault } from "./postgresErrors";

export interface EmbeddedOptions {
  /** An absolute folder, or `memory` for a database that isn't kept. */
  readonly place: string;
  /** Who opens it, for others that find it held. */
  readonly command: string;
}

/**
 * Opens PostgreSQL inside this process, with its data in a folder that no other process can open meanwhile. A folder that isn't there
 * yet begins as an empty database.
 * @throws DatabaseError of kind `held` or `connection`
 */
export async function openEmbedded({ place, command }: EmbeddedOptions): Promise<Database> {
  const folder = place === "memory" ? null : place;
  const unlock = folder === null ? async () => {} : await lockFolder(folder, command);
  const thread = await startThread(folder).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const session = embeddedSession(thread);
  // The one session there is serves one user at a time.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    dialect: "postgresql",
    abilities: { sessions: 1, cancel: false, timeouts: false, processors: 1 },
    label: folder === null ? "embedded database in memory" : `embedded database in ${folder}`,
    session(use) {
      const mine = turn.then(async () => {
        try {
          return await use(session);
        } finally {
          await clean(session, thread);
        }
      });
      turn = mine.catch(() => {});
      return mine;
    },
    ready: () => undefined,
    async close() {
      await thread.close();
      await unlock();
    },
  };
}

/** The thread that the database runs in. */
interface Thread {
  ask(request: Asking): Promise<Reply>;
  /** Ends the thread in the middle of whatever it does; what wasn't committed is gone. */
  end(): Promise<void>;
  close(): Promise<void>;
  readonly ended: boolean;
}

type Asking = Request extends infer One ? (One extends Request ? Omit<One, "id"> : never) : never;

async function startThread(folder: string | null): Promise<Thread> {
  const data = folder === null ? null : join(folder, "data");
  const exists =
    data !== null &&
    (await access(join(data, "PG_VERSION")).then(
      () => true,
      () => false,
    ));
  // With the usual 4 MB a deeply nested expression ends the database without an error.
  const worker = new Worker(join(__DIST__, "embeddedWorker.js"), {
    resourceLimits: { stackSizeMb: 16 },
    workerData: await modules(),
  });
  const waiting = new Map<number, { done(reply: Reply): void; failed(error: Error): void }>();
  let last = 0;
  let ended = false;
  const failAll = (message: string, cause?: unknown) => {
    ended = true;
    const fault = new DatabaseError({ kind: "connection", code: "57P02", message }, { cause });
    for (const { failed } of waiting.values()) failed(fault);
    waiting.clear();
  };
  worker.on("message", (reply: Reply) => {
    waiting.get(reply.id)?.done(reply);
    waiting.delete(reply.id);
  });
  worker.on("error", (error) =>
    failAll("The embedded database has failed; what wasn't committed is rolled back.", error),
  );
  worker.on("exit", () => failAll("The embedded database was ended; what wasn't committed is rolled back."));

  const ask = (request: Asking) =>
    new Promise<Reply>((done, failed) => {
      if (ended) {
        failed(new DatabaseError({ kind: "connection", code: "57P02", message: "The embedded database was ended." }));
        return;
      }
      const id = ++last;
      waiting.set(id, { done, failed });
      worker.postMessage({ ...request, id } satisfies Request);
    });
  const end = async () => {
    await worker.terminate();
  };

  const opened = await ask({
    ask: "open",
    folder: data,
    snapshot: exists ? null : join(__DIST__, "pglite-snapshot.tar.gz"),
  });
  if ("fault" in opened) {
    await end();
    const message = `The embedded database${folder === null ? "" : ` in ${folder}`} can't be opened: ${opened.fault.message}`;
    throw new DatabaseError({ kind: "connection", code: opened.fault.code, message });
  }
  return {
    ask,
    end,
    get ended() {
      return ended;
    },
    async close() {
      if (!ended) await ask({ ask: "close" }).catch(() => {});
      await end();
    },
  };
}

let compiled: Promise<EmbeddedModules> | undefined;

/** Compiled once in a process: each further compilation, and the optimizing after it, costs seconds of every processor. */
function modules(): Promise<EmbeddedModules> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<EmbeddedModules> {
  // Where threads share a module, V8 may end the whole process when it frees code of it that was compiled anew.
  setLastingFlag("--no-wasm-code-gc");
  const [pgliteWasmModule, initdbWasmModule] = await Promise.all(
    ["pglite.wasm", "initdb.wasm"].map(async (name) => WebAssembly.compile(await readFile(join(__DIST__, name)))),
  );
  if (!pgliteWasmModule || !initdbWasmModule) throw new Error("The embedded database's code is missing.");
  return { pgliteWasmModule, initdbWasmModule };
}

function embeddedSession(thread: Thread): Session {
  const notices: Notice[] = [];
  let cancelled = false;
  const run = async <Row extends object>(sql: string, request: Asking): Promise<Row[]> => {
    refuseCopy(sql);
    cancelled = false;
    let reply: Reply;
    try {
      reply = await thread.ask(request);
    } catch (error) {
      if (!cancelled) throw error;
      throw new DatabaseError({
        kind: "cancelled",
        code: "57014",
        message: "Cancelled; what wasn't committed is rolled back.",
      });
    }
    notices.push(...reply.notices);
    if ("rows" in reply) return reply.rows as Row[];
    throw faultOf(reply.fault, sql);
  };
  return {
    query: (sql, parameters = []) => run(sql, { ask: "query", sql, parameters }),
    async script<Row extends object>(sql: string, undo?: () => string) {
      try {
        return await run<Row>(sql, { ask: "script", sql });
      } catch (error) {
        const back = undo?.();
        if (back !== undefined) await run(back, { ask: "script", sql: back }).catch(() => undefined);
        throw error;
      }
    },
    notices: () => notices.splice(0),
    beside: () => embeddedSession(thread),
    async cancel() {
      cancelled = true;
      await thread.end();
    },
  };
}

async function clean(session: Session, thread: Thread): Promise<void> {
  if (thread.ended) return;
  session.notices();
  await session.script("rollback").catch(() => {});
  await session.script("discard all").catch(() => {});
  session.notices();
}

function faultOf(fault: PostgresFields, sql: string): DatabaseError {
  const error = Object.assign(new Error(fault.message), { severity: "ERROR", ...fault });
  return postgresFault(error, { sql, completed: fault.completed });
}

/** These never return in an embedded database, or end it. */
function refuseCopy(sql: string): void {
  if (!/\bcopy\b/i.test(sql)) return;
  splitStatements(sql, lex(sql, "postgresql"), "postgresql").forEach(({ start, end, tokens }, statement) => {
    const words = tokens.flatMap((token) =>
      token.kind === "word" ? [sql.slice(token.start, token.end).toLowerCase()] : [],
    );
    if (words[0] !== "copy") return;
    if (!words.includes("program") && !words.includes("stdin")) return;
    throw new DatabaseError({
      kind: "sql",
      code: "0A000",
      message: `The embedded database can't run ${sql.slice(start, Math.min(end, start + 60))}…: COPY from standard input or a program needs a server.`,
      position: start,
      statement,
    });
  });
}
