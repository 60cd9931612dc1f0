import { describe, expect, it } from "vitest";
import { recordedRuns, stopRuns } from "../../server/src/app/recordedRuns";
import type { RunEvent } from "../../server/src/engine/events";
import { install } from "../../server/src/engine/installation";
import { runPlan } from "../../server/src/engine/run";
import { onEach, onServer } from "./databases";
import { type Fleet, type Kind, makeSchemas, plan, run, status } from "./fleet";

const kinds: Kind[] = ["PostgreSQL", "embedded"];
const files = { "tenant/V1__a.sql": "create table prototype.a (id int);" };
const wider = { ...files, "tenant/V2__wider.sql": "alter table prototype.a add column b int;" };
const more = { ...files, "tenant/V2__b.sql": "create table prototype.b (id int);" };

describe.each(kinds)("records that are incomplete on %s", (kind) => {
  it.each(["installation", "history", "runs", "outcomes", "claims", "decisions"])(
    "without tenantry.%s nothing is done, and it is said what is gone and what to do",
    async (table) => {
      await onEach(kind, async (fleet) => {
        await makeSchemas(fleet, 2);
        await run(fleet, { files });
        await fleet.sql(`drop table tenantry.${table}`);
        await expect(status(fleet, { files })).rejects.toThrow(`tenantry.${table} is gone`);
        await expect(run(fleet, { files: more })).rejects.toThrow("drop schema tenantry cascade");
        await expect(install(fleet.database)).rejects.toThrow(`tenantry.${table} is gone`);
        expect(await fleet.sql("select to_regclass('prototype.b') as b")).toEqual([{ b: null }]);
      });
    },
  );

  it("runs and requests to stop say so, too", async () => {
    await onEach(kind, async (fleet) => {
      expect(await recordedRuns(fleet.database, 5)).toEqual([]);
      await run(fleet, { files, tenants: { list: [] } });
      await makeSchemas(fleet, 1);
      await run(fleet, { files });
      await fleet.sql("drop table tenantry.runs");
      await expect(recordedRuns(fleet.database, 5)).rejects.toThrow("tenantry.runs is gone");
      await expect(stopRuns(fleet.database, "stop", null)).rejects.toThrow("tenantry.runs is gone");
    });
  });

  it("a run whose outcomes can't be recorded does its work, sums it up, and says so", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 3);
      await run(fleet, { files });
      await fleet.sql(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room for it'; end $$;
        create trigger refuse before insert on tenantry.outcomes for each row execute function refuse();`);
      const events: RunEvent[] = [];
      const going = runPlan(fleet.database, await plan(fleet, { files: more }), (event) => events.push(event));
      await expect(going).rejects.toThrow("What was done stands in the history");
      await expect(going).rejects.toThrow("no room for it");
      expect(events.at(-1)).toMatchObject({ event: "summary", stopped: null, counts: { applied: 4 } });
      await fleet.sql("drop function refuse cascade");
      expect((await run(fleet, { files: more })).summary.counts).toMatchObject({ unchanged: 4 });
    });
  });
});

describe("a history that is dropped in the middle of a run", () => {
  it("fails what isn't done, leaves nothing of it, and the next command says what happened", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 6);
      await run(fleet, { files });
      const { database } = fleet;
      let dropped: Promise<unknown> | null = null;
      // As long as a table is locked, its tenant waits, and the run isn't at its end.
      const summary = await database.session(async (holder) => {
        await holder.script("begin; lock table t03.a;");
        const drop = async () => {
          await fleet.sql("drop table tenantry.history");
          await holder.script("commit");
        };
        const { summary } = await run(fleet, { files: wider, options: { concurrency: 1 } }, {}, (event) => {
          if (event.event === "stage") dropped = drop();
        });
        await dropped;
        return summary;
      });
      const message = expect.stringMatching(
        /were dropped or changed while the run went on .*Restore the schema "tenantry"/,
      );
      expect(summary).toMatchObject({ stopped: "failures", failures: [{ code: "42P01", message }] });
      expect(await columnsOf(fleet, "t03")).toEqual(["id"]);
      await expect(status(fleet, { files })).rejects.toThrow("tenantry.history is gone");
    });
  });
});

it("records that are dropped whole in the middle of a run end it, and it is said what happened", async () => {
  await onServer(async (fleet) => {
    await makeSchemas(fleet, 3);
    await run(fleet, { files });
    let dropped: Promise<unknown> | null = null;
    const going = fleet.database.session(async (holder) => {
      await holder.script("begin; lock table prototype.a;");
      const drop = () => fleet.sql("drop schema tenantry cascade").then(() => holder.script("commit"));
      await run(fleet, { files: wider }, {}, (event) => {
        if (event.event === "stage") dropped = drop();
      });
    });
    await expect(going).rejects.toThrow(
      /were dropped or changed while the run went on .*tenantry baseline --to VERSION/,
    );
    await dropped;
    expect(await columnsOf(fleet, "t03")).toEqual(["id"]);
  });
});

async function columnsOf({ sql }: Fleet, schema: string): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = '${schema}.a'::regclass and attnum > 0 order by attnum`,
  );
  return rows.map(({ name }) => name);
}
