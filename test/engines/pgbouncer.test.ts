import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { onServer } from "../engine/databases";
import { type Fleet, makeSchemas, run } from "../engine/fleet";
import { hasPgBouncer, withPgBouncer } from "../support/pgbouncer";

const isThere = hasPgBouncer();

async function throughPooler(fleet: Fleet, use: (fleet: Fleet) => Promise<void>): Promise<void> {
  await withPgBouncer(fleet.url ?? "", async (url) => {
    const database = await openDatabase({ url, command: "test" });
    try {
      await use({ ...fleet, database, url });
    } finally {
      await database.close();
    }
  });
}

// `.ci/run` installs it from Debian; where it is missing these are reported as skipped.
describe.skipIf(!isThere)(
  `through PgBouncer in transaction mode${isThere ? "" : " (pgbouncer isn't installed)"}`,
  () => {
    it("a run does everything, and leaves nothing behind on the server's connections", async () => {
      await onServer(async (fleet) => {
        await makeSchemas(fleet, 30);
        await fleet.sql("create table plans (id int primary key)");
        const files = {
          "tenant/V1__a.sql": "create table prototype.a (id int primary key, plan int references public.plans);",
          "tenant/V2__b.sql":
            "set statement_timeout = 0;\nset search_path = pg_catalog;\ncreate index on prototype.a (plan);",
          "public/V3__c.sql": "create table public.c (id int);",
          "tenant/V4__d.sql": "insert into prototype.a (id) values (1);",
        };
        await throughPooler(fleet, async (pooled) => {
          const { summary } = await run(pooled, { files, options: { concurrency: 4 } });
          expect(summary.failures).toEqual([]);
          expect(summary.counts).toMatchObject({ applied: 32, failed: 0 });
          for (let n = 0; n < 10; n++) {
            const [left] = await pooled.database.session((session) =>
              session.query(
                "select current_setting('search_path') as path, current_setting('statement_timeout') as timeout, current_setting('role') as role",
              ),
            );
            expect(left).toEqual({ path: '"$user", public', timeout: "0", role: "none" });
          }
        });
        expect(await fleet.sql("select count(*)::int as locks from pg_locks where locktype = 'advisory'")).toEqual([
          { locks: 0 },
        ]);
      });
    });

    it("a file outside a transaction is refused before anything is done, with the way out", async () => {
      await onServer(async (fleet) => {
        await makeSchemas(fleet, 2);
        const files = {
          "tenant/V1__a.sql": "create table prototype.a (id int);",
          "tenant/V2__b.sql": "-- tenantry: no-transaction\ncreate index concurrently a_id on prototype.a (id);",
        };
        await throughPooler(fleet, async (pooled) => {
          await expect(run(pooled, { files })).rejects.toThrow(/pooler .* Connect to the server itself/);
        });
        expect(await fleet.sql("select to_regclass('t01.a') as a, to_regclass('tenantry.runs') as runs")).toEqual([
          { a: null, runs: null },
        ]);
        expect((await run(fleet, { files })).summary.counts).toMatchObject({ applied: 3 });
      });
    });

    it("what is running is cancelled by the name of its transaction", async () => {
      await onServer(async (fleet) => {
        await makeSchemas(fleet, 3);
        const files = { "tenant/V1__a.sql": "create table prototype.a ();\nselect pg_sleep(600);" };
        await throughPooler(fleet, async (pooled) => {
          const cancel = new AbortController();
          const { summary } = await run(pooled, { files }, { cancel: cancel.signal }, (event) => {
            if (event.event === "stage") setTimeout(() => cancel.abort(), 500);
          });
          expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 4, applied: 0 } });
        });
      });
    });
  },
);
