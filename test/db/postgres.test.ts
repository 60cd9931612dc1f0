import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { DatabaseError } from "../../server/src/db/database";
import { openDatabase } from "../../server/src/db/open";
import { isOnThisMachine, readPostgresUrl } from "../../server/src/db/postgresSettings";
import { withDatabase } from "../support/database";
import { password, startPostgres } from "../support/postgres";
import { startProxy } from "../support/proxy";

const opening = async (url: string, given?: string): Promise<DatabaseError> => {
  try {
    const database = await openDatabase({ url, password: given, command: "test" });
    await database.close();
  } catch (error) {
    return error as DatabaseError;
  }
  throw new Error("It could be opened.");
};

it("says that a password was refused, and never which", async () => {
  await withDatabase(async ({ url }) => {
    const error = await opening(url, "s3cret wrong");
    expect(error).toMatchObject({ kind: "authentication", code: "28P01" });
    expect(error.message).toMatch(/^The password for postgres@127\.0\.0\.1:\d+\/test_\w+ was refused\. Correct it /);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("s3cret");
  });
});

it("says that a password is wanted where none was given", async () => {
  await withDatabase(async ({ url }) => {
    const without = new URL(url);
    without.password = "";
    expect(await opening(without.href)).toMatchObject({
      kind: "authentication",
      message: expect.stringContaining("asks for a password"),
    });
  });
});

it("takes a password that is given beside the URL", async () => {
  await withDatabase(async ({ url }) => {
    const without = new URL(url);
    without.password = "";
    const database = await openDatabase({ url: without.href, password, command: "test" });
    expect(database.label).not.toContain(password);
    await database.close();
  });
});

it("knows the processors of a server on this machine, and of no other", async () => {
  await withDatabase(async ({ url }) => {
    const database = await openDatabase({ url, command: "test" });
    expect(database.abilities.processors).toBe(availableParallelism());
    await database.close();
  });
  const isHere = (url: string) => isOnThisMachine(readPostgresUrl(url, undefined));
  const here = ["postgresql://127.0.0.1/a", "postgresql://localhost/a", "postgresql:///a", "postgresql://[::1]/a"];
  expect([...here, "postgresql:///a?host=/run/postgresql"].filter((url) => !isHere(url))).toEqual([]);
  const elsewhere = [
    "postgresql://db.example.com/a",
    "postgresql://10.0.0.1/a",
    "postgresql://localhost.example.com/a",
  ];
  expect(elsewhere.filter(isHere)).toEqual([]);
});

it("says that nobody answers, that a host is unknown, that there is no such database", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => free.once("listening", done));
  const { port } = free.address() as { port: number };
  await new Promise((done) => free.close(done));
  expect(await opening(`postgresql://a@127.0.0.1:${port}/b`)).toMatchObject({
    kind: "connection",
    message: `Nobody answers at a@127.0.0.1:${port}/b: is the server started, and does it listen on that port?`,
  });
  await withDatabase(async ({ url }) => {
    const elsewhere = new URL(url);
    elsewhere.pathname = "/not_there";
    expect(await opening(elsewhere.href)).toMatchObject({ kind: "connection", code: "3D000" });
  });
});

it("says whose limit leaves no connection free", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create role narrow login password 'n' connection limit 0");
    const limited = new URL(url);
    limited.username = "narrow";
    try {
      expect(await opening(limited.href, "n")).toMatchObject({
        kind: "connection",
        code: "53300",
        message: expect.stringMatching(
          / has no connection free \(too many connections for role "narrow"\)\. Try again /,
        ),
      });
    } finally {
      await sql("drop role narrow");
    }
  });
});

it("says what is wrong with a URL", async () => {
  expect(await opening("postgresql://a@h:99999/b")).toMatchObject({ kind: "address" });
  expect(await opening("postgresql://a@h/b?sslmode=maybe")).toMatchObject({
    message: expect.stringContaining("sslmode=maybe"),
  });
  expect(await opening("sqlserver://h")).toMatchObject({ message: expect.stringContaining("SQL Server") });
});

it("gives up on a server that doesn't answer", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => silent.once("listening", done));
  const { port } = silent.address() as { port: number };
  const error = await opening(`postgresql://a@127.0.0.1:${port}/b?connect_timeout=1&sslmode=disable`);
  silent.close();
  expect(error).toMatchObject({ kind: "connection", message: expect.stringContaining("didn't answer in time") });
});

it("tells faults that are worth another try from those of the SQL", async () => {
  await withDatabase(async ({ url, sql }) => {
    await sql("create table t (a int); insert into t values (1), (2)");
    const database = await openDatabase({ url, command: "test" });
    const kindOf = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        (error: DatabaseError) => error.kind,
      );
    await database.session((holder) =>
      database.session(async (other) => {
        await holder.script("begin; lock table t");
        expect(await kindOf(other.script("set lock_timeout = '50ms'; select * from t"))).toBe("lock-timeout");
        expect(await kindOf(other.script("set statement_timeout = '50ms'; select pg_sleep(5)"))).toBe(
          "statement-timeout",
        );
        await holder.script("rollback");

        await holder.script("begin isolation level repeatable read; select * from t");
        await other.script("set statement_timeout = 0; update t set a = 3 where a = 1");
        expect(await kindOf(holder.script("update t set a = 4 where a = 1"))).toBe("serialization");
        await holder.script("rollback");

        await holder.script("begin; update t set a = a where a = 2");
        await other.script("begin; update t set a = a where a = 3");
        const first = kindOf(holder.script("update t set a = a where a = 3"));
        await sleep(100);
        const second = kindOf(other.script("update t set a = a where a = 2"));
        expect([await first, await second]).toContain("deadlock");
      }),
    );
    await database.close();
  });
});

it("says that a connection was lost, and opens a new one for the next user", async () => {
  await withDatabase(async ({ url, sql }) => {
    const database = await openDatabase({ url, command: "lost", maxSessions: 1 });
    const lost = database.session(async (s) => {
      const running = s.query("select pg_sleep(30)");
      setTimeout(
        () =>
          void sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenantry lost'"),
        200,
      );
      await running;
    });
    await expect(lost).rejects.toMatchObject({ kind: "connection" });
    expect(await database.session((s) => s.query("select 1 as one"))).toEqual([{ one: 1 }]);
    await database.close();
  });
});

it("says that a connection was lost when the server goes down", async () => {
  const server = await startPostgres();
  const database = await openDatabase({ url: `${server.url}/postgres`, command: "test" });
  const lost = database.session((s) => s.query("select pg_sleep(30)"));
  const outcome = expect(lost).rejects.toMatchObject({ kind: "connection" });
  await sleep(200);
  await server.stop();
  await outcome;
  await database.close();
});

it("replaces a session after some hundreds of calls, however few users it had", async () => {
  await withDatabase(async ({ url }) => {
    const database = await openDatabase({ url, command: "test", maxSessions: 1 });
    const backend = async (calls: number) =>
      database.session(async (session) => {
        for (let call = 1; call < calls; call++) await session.script("select 1");
        const [row] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
        return row?.pid;
      });
    const first = await backend(250);
    expect(await backend(60)).toBe(first);
    expect(await backend(1)).not.toBe(first);
    await database.close();
  });
});

it("sends a script that follows another before that is answered", async () => {
  await withDatabase(async ({ url }) => {
    let sent = "";
    const proxy = await startProxy(Number(new URL(url).port), {
      watch: () => (from, bytes) => {
        if (from === "client") sent += bytes.toString("latin1");
        return { bytes, cut: false };
      },
    });
    const there = new URL(url);
    there.port = String(proxy.port);
    const database = await openDatabase({ url: there.href, command: "test" });
    const other = await openDatabase({ url, command: "test" });
    await other.session(async (holder) => {
      await holder.script("begin; select pg_advisory_xact_lock(7)");
      await database.session(async (session) => {
        const answers = Promise.all([
          session.script("select pg_advisory_xact_lock(7); select 'the first' as answer"),
          session.beside().script("select 'the second' as answer"),
        ]);
        await expect.poll(() => sent, { timeout: 20_000 }).toMatch(/'the first'.*'the second'/s);
        await holder.script("rollback");
        expect(await answers).toEqual([[{ answer: "the first" }], [{ answer: "the second" }]]);
      });
    });
    await Promise.all([database.close(), other.close(), proxy.close()]);
  });
});

it("opens sessions beforehand, lends those, and ends them with the others", async () => {
  await withDatabase(async ({ url, sql }) => {
    const open = () =>
      sql<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' order by pid",
      );
    const database = await openDatabase({ url, command: "test" });
    database.ready(3);
    await expect.poll(open, { timeout: 20_000 }).toHaveLength(3);
    const before = await open();
    const pidOf = () =>
      database.session(async (session) => {
        const [row] = await session.query<{ pid: number }>("select pg_backend_pid() as pid, pg_sleep(0.2)");
        return { pid: row?.pid };
      });
    const lent = await Promise.all([pidOf(), pidOf(), pidOf()]);
    expect(lent).toHaveLength(3);
    expect(lent).toEqual(expect.arrayContaining(before));
    await database.close();
    await expect.poll(open, { timeout: 20_000 }).toEqual([]);
  });
});

it("ends a session that was being opened when the database was closed", async () => {
  await withDatabase(async ({ url, sql }) => {
    const database = await openDatabase({ url, command: "closed" });
    const opened = database.session(async () => {
      const late = database.session((session) => session.query("select 1"));
      await database.close();
      await late;
    });
    await opened.catch(() => undefined);
    const left = () => sql("select from pg_stat_activity where application_name = 'tenantry closed'");
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });
});

it("waits for a session that is being opened beforehand rather than open another", async () => {
  await withDatabase(async ({ url, sql }) => {
    const database = await openDatabase({ url, command: "test" });
    database.ready(2);
    const use = () => database.session((session) => session.query("select pg_sleep(0.5)"));
    await Promise.all([use(), use()]);
    const open =
      "select pid from pg_stat_activity where datname = current_database() and application_name = 'tenantry test'";
    await expect.poll(async () => (await sql(open)).length, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(await sql(open)).toHaveLength(2);
    await database.close();
  });
});

it("cleans a session on the way of what is called next", async () => {
  await withDatabase(async ({ url }) => {
    const way: string[] = [];
    const watch = () => (from: "client" | "server", bytes: Buffer) => {
      const said = from === "server" ? ["answer"] : bytes.toString("latin1").match(/discard all|work_mem'/g);
      way.push(...(said ?? []));
      return { bytes, cut: false };
    };
    const proxy = await startProxy(Number(new URL(url).port), { delay: 50, watch });
    const there = new URL(url);
    there.port = String(proxy.port);
    const database = await openDatabase({ url: there.href, command: "test" });
    await database.session((session) => session.script("set work_mem = '9MB'"));
    way.length = 0;
    const question = "select current_setting('work_mem') as memory where $1::int = 1";
    expect(await database.session((session) => session.query(question, [1]))).toEqual([{ memory: "4MB" }]);
    expect(way.slice(0, 3)).toEqual(["discard all", "work_mem'", "answer"]);
    await Promise.all([database.close(), proxy.close()]);
  });
});

it("undoes a script that fails before anything else is done but what was sent with it", async () => {
  await withDatabase(async ({ url }) => {
    const database = await openDatabase({ url, command: "test" });
    const answers = await database.session((session) =>
      Promise.allSettled([
        session.script("begin; select 1/0", () => "rollback; set work_mem = '9MB'"),
        session.beside().script("begin; create table never (a int); commit", () => "set work_mem = '8MB'"),
        session.query(
          "select current_setting('work_mem') as memory, to_regclass('never') is null as absent where $1::int = 1",
          [1],
        ),
        session.script("select 'after' as answer"),
      ]),
    );
    expect(answers).toMatchObject([
      { reason: { code: "22012" } },
      { reason: { code: "25P02" } },
      { value: [{ memory: "9MB", absent: true }] },
      { value: [{ answer: "after" }] },
    ]);
    await database.close();
  });
});
