import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../server/src/engine/events";
import { onEach, onServer } from "./databases";
import { type Fleet, type Kind, makeSchemas, plan, run, status, type Wish } from "./fleet";
import { untilOrphansEnd } from "./orphans";
import { buildRunProgram, type RunProgram } from "./runProcess";

const kinds: Kind[] = ["PostgreSQL", "embedded"];
const files = {
  "tenant/V1__a.sql": "create table prototype.a (id int primary key);\nselect pg_sleep(0.02);",
  "tenant/V2__b.sql": "insert into prototype.a values (1);",
};

/** That each schema has all of the files or nothing, and its history says which. */
async function expectWholeOrNothing(fleet: Fleet): Promise<{ done: string[]; untouched: string[] }> {
  const schemas = await fleet.sql<{ name: string; table: boolean; rows: number }>(
    `select nspname::text as name, to_regclass(format('%I.a', nspname)) is not null as table,
       (select count(*)::int from tenantry.history h where h.schema_id = n.oid) as rows
     from pg_namespace n where nspname like 't__' or nspname = 'prototype' order by 1`,
  );
  for (const { table, rows } of schemas) expect(rows).toBe(table ? 2 : 0);
  const done = schemas.filter(({ table }) => table).map(({ name }) => name);
  for (const name of done)
    expect(await fleet.sql(`select count(*)::int as rows from "${name}".a`)).toEqual([{ rows: 1 }]);
  return { done, untouched: schemas.filter(({ table }) => !table).map(({ name }) => name) };
}

function afterTenants(count: number, act: () => void): (event: RunEvent) => void {
  let seen = 0;
  return (event) => {
    if (event.event === "tenant" && ++seen === count) act();
  };
}

describe.each(kinds)("a run that is cancelled on %s", (kind) => {
  it("begins no more tenants, lets those in flight finish, and is completed by the next run", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 20);
      const stop = new AbortController();
      const { summary } = await run(
        fleet,
        { files },
        { stop: stop.signal },
        afterTenants(8, () => stop.abort()),
      );
      expect(summary.stopped).toBe("cancelled");
      const { done, untouched } = await expectWholeOrNothing(fleet);
      expect(done.length).toBeGreaterThanOrEqual(8);
      expect(untouched.length).toBeGreaterThan(0);
      expect(summary.counts).toMatchObject({ applied: done.length, cancelled: untouched.length, failed: 0 });
      expect((await run(fleet, { files })).summary.counts).toMatchObject({
        applied: untouched.length,
        unchanged: done.length,
      });
      expect((await expectWholeOrNothing(fleet)).untouched).toEqual([]);
    });
  });

  it("before it begins does nothing", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const { summary } = await run(fleet, { files }, { stop: AbortSignal.abort() });
      expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 3, applied: 0 } });
      expect((await expectWholeOrNothing(fleet)).done).toEqual([]);
    });
  });

  it("for the second time ends what is running", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 3);
      const forever = {
        "tenant/V1__a.sql": "create table prototype.a ();\nselect 1 from generate_series(1, 1e11) as i where i < 0;",
      };
      const [stop, cancel] = [new AbortController(), new AbortController()];
      const listen = (event: RunEvent) => {
        if (event.event !== "stage") return;
        setTimeout(() => stop.abort(), 200);
        setTimeout(() => cancel.abort(), 400);
      };
      const { summary } = await run(fleet, { files: forever }, { stop: stop.signal, cancel: cancel.signal }, listen);
      expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 4, applied: 0, failed: 0 } });
      if (kind === "PostgreSQL")
        expect(await fleet.sql("select to_regclass('prototype.a') as a")).toEqual([{ a: null }]);
    });
  });
});

describe("a connection that breaks", () => {
  it("costs nothing but another try, and what was committed is told by the history", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 20);
      let broken = 0;
      const listen = (event: RunEvent) => {
        if (event.event !== "tenant" || event.tenant === "prototype" || ++broken > 3) return;
        void fleet.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'tenantry %' and query like '%pg_sleep%' and pid <> pg_backend_pid()",
        );
      };
      const { summary } = await run(fleet, { files }, {}, listen);
      expect(summary.failures).toEqual([]);
      expect(summary.counts).toMatchObject({ applied: 21 });
      expect(broken).toBeGreaterThan(2);
      expect((await expectWholeOrNothing(fleet)).untouched).toEqual([]);
    });
  });

  it("for good ends the run with what is known", async () => {
    const { startPostgres } = await import("../support/postgres");
    const { openDatabase } = await import("../../server/src/db/open");
    const server = await startPostgres();
    const url = `${server.url}/postgres`;
    const database = await openDatabase({ url, command: "test" });
    const fleet: Fleet = {
      database,
      kind: "PostgreSQL",
      url,
      sql: (text) => database.session((session) => session.script(text)),
    };
    await makeSchemas(fleet, 10);
    let stopped: Promise<void> | null = null;
    const { summary } = await run(fleet, { files, options: { maxFailures: "none" } }, {}, (event) => {
      if (event.event === "tenant") stopped ??= server.stop();
    });
    await stopped;
    expect(summary).toMatchObject({ stopped: "failures", counts: { cancelled: 0 } });
    expect(summary.counts.failed).toBeGreaterThan(0);
    await database.close();
  });
});

describe("a run whose process is killed", () => {
  let program: RunProgram;
  beforeAll(async () => {
    program = await buildRunProgram();
  });
  afterAll(() => program.remove());

  it.each([1, 4, 9])(
    "after %i schemas leaves each wholly done or untouched, and the next run does the rest at once",
    async (count) => {
      await onServer(async (fleet) => {
        await makeSchemas(fleet, 20);
        const lines = await runAndKill(fleet, { files }, count);
        expect(lines).toBeGreaterThanOrEqual(count);
        await untilOrphansEnd(fleet);
        const { untouched } = await expectWholeOrNothing(fleet);
        expect(untouched.length).toBeGreaterThan(0);
        expect((await plan(fleet, { files })).report.stages[0]?.tenants).toEqual(untouched);
        const { summary } = await run(fleet, { files });
        expect(summary.counts).toMatchObject({ applied: untouched.length, failed: 0 });
        expect((await expectWholeOrNothing(fleet)).untouched).toEqual([]);
        expect((await status(fleet, { files })).tenants.every(({ state }) => state === "current")).toBe(true);
      });
    },
  );

  async function runAndKill(fleet: Fleet, wish: Wish, count: number): Promise<number> {
    const child = program.start(fleet.url ?? "", wish);
    let ended = 0;
    child.stdout?.on("data", (text: string) => {
      ended += text.split('"event":"tenant"').length - 1;
      if (ended >= count) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.once("close", resolve));
    return ended;
  }
});
