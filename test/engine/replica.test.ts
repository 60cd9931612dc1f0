import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedRuns, stopRuns } from "../../server/src/app/recordedRuns";
import { openDatabase } from "../../server/src/db/open";
import { runPlan } from "../../server/src/engine/run";
import { type PostgresServer, startPostgres } from "../support/postgres";
import { type Fleet, makeSchemas, plan, run, status } from "./fleet";

const files = { "tenant/V1__a.sql": "create table prototype.a (id int);" };
const more = { ...files, "tenant/V2__b.sql": "create table prototype.b (id int);\nselect pg_sleep(0.2);" };

describe("a streaming replica", () => {
  let primary: PostgresServer;
  let replica: PostgresServer;
  beforeAll(async () => {
    primary = await startPostgres();
    await on(primary, async (fleet) => {
      await makeSchemas(fleet, 3);
      await run(fleet, { files });
    });
    replica = await primary.replica();
  });
  afterAll(async () => {
    await replica.stop();
    await primary.stop();
  });

  async function on<T>(server: PostgresServer, use: (fleet: Fleet) => Promise<T>): Promise<T> {
    const url = `${server.url}/postgres`;
    const database = await openDatabase({ url, command: "test" });
    const sql: Fleet["sql"] = (text) => database.session((session) => session.script(text));
    try {
      return await use({ database, kind: "PostgreSQL", url, sql });
    } finally {
      await database.close();
    }
  }

  it("shows every tenant's state, and refuses a run that would write", async () => {
    await on(replica, async (fleet) => {
      const { tenants } = await status(fleet, { files });
      expect(tenants.map(({ state, version }) => [state, version])).toEqual(Array(3).fill(["current", "1"]));
      const { refusals } = (await plan(fleet, { files: more })).report;
      expect(refusals).toMatchObject([{ code: "read-only" }]);
      expect(refusals[0]?.message).toContain("Connect to the primary server.");
      expect((await run(fleet, { files })).summary.counts).toMatchObject({ unchanged: 4 });
    });
  });

  it("shows a run that goes on on the primary as running, and can't ask it to stop", async () => {
    await on(primary, async (writable) => {
      const going = run(writable, { files: more, options: { concurrency: 1 } });
      await on(replica, async ({ database }) => {
        for (;;) {
          const [newest] = await recordedRuns(database, 1);
          if (newest?.schemas === 4 && newest.state === "running") break;
          expect(newest?.state).toBe("done");
        }
        await expect(stopRuns(database, "stop", null)).rejects.toThrow("Connect to the primary server.");
      });
      expect((await going).summary.counts).toMatchObject({ applied: 4 });
    });
  });

  it("that takes the primary's place in the middle of a plan changes nothing", async () => {
    const last = { ...more, "tenant/V3__c.sql": "create table prototype.c (id int);" };
    await on(primary, async (writable) => {
      const planned = await plan(writable, { files: last });
      await on(replica, async ({ database, sql }) => {
        await expect(runPlan(database, planned, () => {})).rejects.toThrow("read-only");
        expect(await sql("select to_regclass('prototype.c') as c")).toEqual([{ c: null }]);
      });
      expect((await run(writable, { files: last })).summary.counts).toMatchObject({ applied: 4 });
    });
  });
});
