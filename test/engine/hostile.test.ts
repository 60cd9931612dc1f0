import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { runPlan } from "../../server/src/engine/run";
import { startPostgres } from "../support/postgres";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, plan, run, status } from "./fleet";

const files = { "tenant/V1__a.sql": "create table prototype.a (id int);\nselect pg_sleep(0.01);" };
const patient = { canary: 0, maxFailures: "none" } as const;

describe("what happens to a fleet while it is run", () => {
  it("a schema that is renamed or dropped is left alone, and is that tenant's failure", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 8);
      const planned = await plan(fleet, { files, options: patient });
      await fleet.sql("alter schema t07 rename to t17; drop schema t08;");
      const summary = await runPlan(fleet.database, planned, () => {});
      const message = expect.stringContaining("dropped, renamed or created again");
      expect(summary.failures).toMatchObject([{ code: "TN002", message, tenants: ["t07", "t08"] }]);
      expect(summary.counts).toMatchObject({ applied: 7, failed: 2 });
      expect(await fleet.sql("select to_regclass('t17.a') as a")).toEqual([{ a: null }]);
      expect((await run(fleet, { files })).summary.counts).toMatchObject({ applied: 1, unchanged: 7, failed: 0 });
    });
  });

  it("a role that may not touch one tenant's tables fails there, and nowhere else", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 4);
      await run(fleet, { files });
      const role = `app_${fleet.url?.slice(-12)}`;
      await fleet.sql(`create role ${role}; do $$ declare s text; begin foreach s in array array['prototype', 't01', 't02', 't04'] loop
        execute format('grant all on schema %I to ${role}; alter table %I.a owner to ${role}', s, s); end loop; end $$; grant usage on schema t03 to ${role};`);
      try {
        const more = { ...files, "tenant/V2__b.sql": "alter table prototype.a add column b int;" };
        const { summary } = await run(fleet, { files: more, options: { ...patient, role } });
        expect(summary.failures).toMatchObject([{ code: "42501", file: "tenant/V2__b.sql", tenants: ["t03"] }]);
        expect(summary.counts).toMatchObject({ applied: 4, failed: 1 });
      } finally {
        await fleet.sql(`drop owned by ${role} cascade; drop role ${role};`);
      }
    });
  });

  it("a server that is killed and comes back costs nothing but time", async () => {
    const server = await startPostgres({ synchronous_commit: "on" });
    try {
      const url = `${server.url}/postgres`;
      const database = await openDatabase({ url, command: "test" });
      const sql: Fleet["sql"] = (text) => database.session((session) => session.script(text));
      const fleet: Fleet = { database, kind: "PostgreSQL", url, sql };
      await makeSchemas(fleet, 12);
      let ended = 0;
      let back: Promise<void> | null = null;
      const { summary } = await run(fleet, { files }, {}, (event) => {
        if (event.event === "tenant" && ++ended === 4) back = server.kill().then(() => server.restart());
      });
      await back;
      expect(summary.failures).toEqual([]);
      expect(summary.counts).toMatchObject({ applied: 13, failed: 0 });
      expect(await sql("select count(*)::int as rows from tenantry.history")).toEqual([{ rows: 13 }]);
      await database.close();
    } finally {
      await server.stop();
    }
  });
});

describe("a database that takes no writes", () => {
  it("is looked at as ever, and a run in it is refused", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      await fleet.sql(`alter database ${fleet.url?.split("/").at(-1)} set default_transaction_read_only = on`);
      const database = await openDatabase({ url: fleet.url ?? "", command: "test" });
      try {
        const frozen = { ...fleet, database };
        expect((await plan(frozen, { files })).report.refusals).toMatchObject([{ code: "read-only" }]);
        expect((await status(frozen, { files })).tenants).toHaveLength(2);
      } finally {
        await database.close();
      }
    });
  });
});
