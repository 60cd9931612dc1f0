import { expect, it } from "vitest";
import { runLock } from "../../server/src/engine/advisoryLocks";
import { readRuns } from "../../server/src/engine/runLog";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, run } from "./fleet";

/** Each tenant waits until the test lets it go on. */
const files = { "tenant/V1__a.sql": "select pg_advisory_xact_lock(77);\ncreate table prototype.a (id int);" };
const options = { concurrency: 1, lockTimeout: 60_000 };

const holderSql = `select l.pid from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and (l.classid::bigint << 32 | l.objid::bigint) = ${runLock}`;

/** Begins a run, and ends the connection that holds its lock while the first tenant is at work. */
async function withBrokenLock(fleet: Fleet, meanwhile: (pid: number) => Promise<void>) {
  await makeSchemas(fleet, 3);
  const holding = () => fleet.sql<{ pid: number }>(holderSql);
  return fleet.database.session(async (gate) => {
    await gate.script("select pg_advisory_lock(77)");
    const running = run(fleet, { files, options }).then(
      ({ summary }) => summary.counts,
      (error: unknown) => error,
    );
    const waits = () => fleet.sql("select from pg_stat_activity where wait_event = 'advisory' and query like '%(77)%'");
    await expect.poll(waits, { timeout: 20_000 }).toHaveLength(1);
    const [holder] = await holding();
    await meanwhile(holder?.pid ?? 0);
    await gate.script("select pg_advisory_unlock(77)");
    return running;
  });
}

it("is taken again by a run whose connection with the lock has broken, which isn't lost by that", async () => {
  await onServer(async (fleet) => {
    const counts = await withBrokenLock(fleet, async (pid) => {
      await fleet.sql(`select pg_terminate_backend(${pid})`);
      const others = () => fleet.sql<{ pid: number }>(`${holderSql} and l.pid <> ${pid}`);
      await expect.poll(others, { timeout: 20_000 }).toHaveLength(1);
      expect(await fleet.database.session((session) => readRuns(session, 1))).toMatchObject([{ state: "running" }]);
    });
    expect(counts).toMatchObject({ applied: 4, failed: 0, cancelled: 0, skipped: 0 });
    expect(await fleet.sql(holderSql)).toEqual([]);
  });
});

it("is left to another run that has begun since: no more tenants are begun, and that is said", async () => {
  await onServer(async (fleet) => {
    await fleet.database.session(async (other) => {
      let taken: Promise<unknown> = Promise.resolve();
      const error = await withBrokenLock(fleet, async (pid) => {
        taken = other.script(`select pg_advisory_lock(${runLock})`);
        const waiting = () =>
          fleet.sql(`select from pg_locks l join pg_database d on d.oid = l.database
            where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`);
        await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(2);
        await fleet.sql(`select pg_terminate_backend(${pid})`);
        await taken;
        // Once it has given the lock up, it looks only whether the new connection is there.
        const looks = () =>
          fleet.sql(
            "select from pg_stat_activity where datname = current_database() and query = 'show transaction_isolation'",
          );
        await expect.poll(looks, { timeout: 20_000 }).toHaveLength(1);
      });
      expect(error).toMatchObject({ name: "EngineError", message: expect.stringContaining("another run has begun") });
      expect(await fleet.sql("select count(*)::int as applied from tenantry.history")).toEqual([{ applied: 1 }]);
    });
  });
});

it("is given up for a moment where an index that is built concurrently waits for who held it", async () => {
  await onServer(async (fleet) => {
    await makeSchemas(fleet, 1);
    await fleet.sql("create table public.big (id int)");
    const waiting = (event: string, query: string) => async () =>
      fleet.sql(
        `select from pg_stat_activity where datname = current_database() and wait_event = '${event}' and query like '%${query}%'`,
      );
    await fleet.database.session(async (gate) => {
      await gate.script("select pg_advisory_lock(77)");
      const { running, building } = await fleet.database.session(async (slow) => {
        // Keeps the locks' holder in the query that takes them, for the index to come upon its snapshot.
        await slow.script("begin; lock table pg_catalog.pg_settings in access exclusive mode;");
        const running = run(fleet, { files, options });
        await expect.poll(waiting("relation", "pg_settings"), { timeout: 20_000 }).toHaveLength(1);
        const building = fleet.database.session((session) =>
          session.script("create index concurrently big_id on public.big (id)"),
        );
        await expect.poll(waiting("virtualxid", "big_id"), { timeout: 20_000 }).toHaveLength(1);
        await slow.script("rollback");
        return { running, building };
      });
      await expect.poll(waiting("advisory", "(77)"), { timeout: 20_000 }).toHaveLength(1);
      await building;
      await expect.poll(() => fleet.sql(holderSql), { timeout: 20_000 }).toHaveLength(1);
      await gate.script("select pg_advisory_unlock(77)");
      expect((await running).summary.counts).toMatchObject({ applied: 2, failed: 0, cancelled: 0 });
    });
  });
});
