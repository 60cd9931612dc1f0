import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseError } from "../../server/src/db/database";
import { openDatabase } from "../../server/src/db/open";
import { seeded } from "../bench/edits";
import { cutAfter } from "../support/messageCuts";
import { startPostgres } from "../support/postgres";
import { startProxy } from "../support/proxy";
import { expectAllDone, expectCompletion, expectExact, reset, wishes } from "./faultFleet";
import { type Fleet, run, type Wish } from "./fleet";
import { untilOrphansEnd } from "./orphans";
import { buildRunProgram, type RunProgram } from "./runProcess";

/** A small dose with every test run; all of it by `npm run test:faults`. */
const isFull = process.env.TENANTRY_TEST_FAULTS === "full";
const dose = isFull
  ? { clients: 200, backends: 50, servers: 50, cuts: 200, shared: 20, tenants: 200 }
  : { clients: 2, backends: 2, servers: 1, cuts: 6, shared: 1, tenants: 30 };
const seed = Number(process.env.TENANTRY_TEST_SEED ?? Date.now() % 1_000_000);
const hour = 3_600_000;

describe(`faults at random moments (TENANTRY_TEST_SEED=${seed})`, () => {
  const random = seeded(seed);
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let program: RunProgram;
  /** How long an undisturbed run takes. */
  let usual = 0;

  beforeAll(async () => {
    server = await startPostgres({ synchronous_commit: "on" });
    program = await buildRunProgram();
    await onFleet(async (fleet) => {
      await reset(fleet);
      const began = performance.now();
      await expectCompletion(fleet);
      usual = performance.now() - began;
    });
  });
  afterAll(async () => {
    program.remove();
    await server.stop();
  });

  /** Lends the server's own database, by way of another port if need be. */
  async function onFleet<T>(use: (fleet: Fleet) => Promise<T>, port = server.port): Promise<T> {
    const url = `${server.url.replace(`:${server.port}`, `:${port}`)}/postgres?sslmode=disable`;
    await server.answers();
    const database = await openDatabase({ url, command: "test" });
    const beside = await openDatabase({
      url: `${server.url}/postgres?sslmode=disable`,
      command: "beside",
      maxSessions: 2,
    });
    const sql: Fleet["sql"] = (text) => beside.session((session) => session.script(text));
    try {
      return await use({ database, kind: "PostgreSQL", url, sql });
    } finally {
      await Promise.all([database.close(), beside.close()]);
    }
  }

  async function times(count: number, what: (wish: Wish, time: number) => Promise<void>): Promise<void> {
    for (let time = 1; time <= count; time++) {
      try {
        await what(wishes[time % wishes.length] as Wish, time);
      } catch (error) {
        throw new Error(`at time ${time} of ${count} with seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
  }

  it(`survives ${dose.clients} kills of the client`, { timeout: hour }, async () => {
    await times(dose.clients, async (wish) => {
      await onFleet(async (fleet) => {
        await reset(fleet);
        const child = program.start(fleet.url ?? "", wish);
        const ended = new Promise((resolve) => child.once("close", resolve));
        child.stdout?.once("data", () => setTimeout(() => child.kill("SIGKILL"), random() * usual));
        await ended;
        await untilOrphansEnd(fleet);
        await expectExact(fleet);
        await expectCompletion(fleet, wish);
      });
    });
  });

  it(`survives ${dose.backends} kills of a process of the server`, { timeout: hour }, async () => {
    await times(dose.backends, async (wish) => {
      await onFleet(reset);
      await onFleet(async (fleet) => {
        const going = run(fleet, wish).catch(() => undefined);
        await sleep(random() * usual);
        const [backend] = await fleet
          .sql<{ pid: number }>(
            "select pid from pg_stat_activity where application_name like 'tenantry %-%' or application_name = 'tenantry test' order by random() limit 1",
          )
          .catch(() => []);
        if (backend !== undefined) process.kill(backend.pid, "SIGKILL");
        await going;
      });
      await onFleet(async (fleet) => {
        await untilOrphansEnd(fleet);
        await expectExact(fleet);
        await expectCompletion(fleet, wish);
      });
    });
  });

  it(`does each of ${dose.tenants} tenants once where five runs share them and some are killed, ${dose.shared} times`, {
    timeout: hour,
  }, async () => {
    await times(dose.shared, async (wish, time) => {
      const shared = { ...wish, options: { concurrentRuns: "share", concurrency: 2 } } as const;
      await onFleet((fleet) => reset(fleet, dose.tenants));
      await onFleet(async (fleet) => {
        const children = Array.from({ length: 5 }, () => program.start(fleet.url ?? "", shared));
        const ended = Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve))));
        for (const child of children.slice(0, 2))
          child.stdout?.once("data", () =>
            setTimeout(() => child.kill("SIGKILL"), random() * usual * dose.tenants * 0.2),
          );
        await ended;
        await untilOrphansEnd(fleet);
        await expectExact(fleet, dose.tenants);
        await expectCompletion(fleet, wish, dose.tenants);
        const [applied] = await fleet.sql<{ most: number }>(
          `select max(times)::int as most from (select count(*) as times from tenantry.outcomes o, unnest(string_to_array(versions, ' ')) as version
             where outcome = 'applied' group by schema_id, version) as told`,
        );
        expect(applied?.most, `of time ${time}`).toBe(1);
      });
    });
  });

  it(`survives ${dose.servers} kills of the server`, { timeout: hour }, async () => {
    await times(dose.servers, async (wish) => {
      await onFleet(reset);
      await onFleet(async (fleet) => {
        const going = run(fleet, wish).catch(() => undefined);
        await sleep(random() * usual);
        await server.kill();
        await server.restart();
        await going;
      });
      await onFleet(async (fleet) => {
        await untilOrphansEnd(fleet);
        await expectExact(fleet);
        await expectCompletion(fleet, wish);
      });
    });
  });

  it(`survives ${dose.cuts} cuts of the connection, each after another message, and completes at once`, {
    timeout: hour,
  }, async () => {
    /** @returns how many messages it took to connect, and to run */
    const through = async (wish: Wish, number: number) => {
      let connecting = 0;
      const cuts = cutAfter(number);
      const proxy = await startProxy(server.port, { watch: cuts.watch });
      try {
        await onFleet(reset);
        await onFleet(async (fleet) => {
          connecting = cuts.messages;
          const isBegun = await run(fleet, wish).then(
            ({ summary }) => {
              expect(summary.failures).toEqual([]);
              return true;
            },
            // Before it has begun, a run may give up.
            ({ kind }: DatabaseError) => {
              expect(kind).toBe("connection");
              return false;
            },
          );
          await untilOrphansEnd(fleet);
          if (isBegun) return expectAllDone(fleet);
          await expectExact(fleet);
          await expectCompletion(fleet, wish);
        }, proxy.port);
      } finally {
        await proxy.close();
      }
      return { connecting, messages: cuts.messages };
    };
    const found = new Map<Wish, Awaited<ReturnType<typeof through>>>();
    for (const wish of wishes) found.set(wish, await through(wish, 0));
    await times(dose.cuts, async (wish, time) => {
      const { connecting = 0, messages = 0 } = found.get(wish) ?? {};
      const first = connecting + 1;
      await through(wish, first + Math.floor(((time - random()) / dose.cuts) * (messages - first)));
    });
  });
});
