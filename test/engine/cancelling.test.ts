import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Database, Session } from "../../server/src/db/database";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, run, type Wish } from "./fleet";

const files = { "tenant/V1__a.sql": "create table prototype.a ();" };
const forever = { "tenant/V1__a.sql": "create table prototype.a ();\nselect pg_sleep(600);" };

/** The same database, where what is sent as scripts is changed on its way. */
function altered(database: Database, change: (sql: string) => string): Database {
  const through = (session: Session): Session => ({
    ...session,
    script: (sql, undo) => session.script(change(sql), undo),
    beside: () => through(session.beside()),
  });
  return { ...database, session: (use) => database.session((session) => use(through(session))) };
}

/** Waits until a session sleeps, and cancels that. */
async function cancelSleeping(fleet: Fleet): Promise<void> {
  const cancel = `select pg_cancel_backend(pid) as sent from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'`;
  while ((await fleet.sql(cancel)).length === 0) await sleep(50);
}

it("a cancelling that comes after the commit doesn't make a failure of what was applied", async () => {
  await onServer(async (fleet) => {
    await makeSchemas(fleet, 0);
    const late = altered(fleet.database, (sql) => sql.replace("commit;\n", "commit;\nselect pg_sleep(600);\n"));
    const going = run({ ...fleet, database: late }, { files });
    await cancelSleeping(fleet);
    const { summary, events } = await going;
    expect(summary.counts).toMatchObject({ applied: 1, failed: 0, cancelled: 0 });
    expect(events).toContainEqual(
      expect.objectContaining({ tenant: "prototype", outcome: "applied", versions: ["1"] }),
    );
  });
});

it("a cancelling that comes while a statement outside a transaction is noted as done doesn't have it done twice", async () => {
  await onServer(async (fleet) => {
    await makeSchemas(fleet, 0);
    const indexed: Wish = {
      files: {
        ...files,
        "tenant/V2__index.sql":
          "-- tenantry: no-transaction\nalter table prototype.a add id int;\ncreate index concurrently a_id on prototype.a (id);",
      },
    };
    let slowed = false;
    const late = altered(fleet.database, (sql) => {
      if (slowed || !/^reset .*; update tenantry\.claims/.test(sql)) return sql;
      slowed = true;
      return `select pg_sleep(600); ${sql}`;
    });
    const going = run({ ...fleet, database: late }, indexed);
    await cancelSleeping(fleet);
    expect((await going).summary.counts).toMatchObject({ applied: 1, failed: 0, cancelled: 0 });
    expect(await fleet.sql("select indisvalid from pg_index where indexrelid = 'prototype.a_id'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expect(await fleet.sql("select * from tenantry.claims")).toEqual([]);
  });
});

it("a cancelling that comes before the transaction has its name is sent again", async () => {
  await onServer(async (fleet) => {
    await makeSchemas(fleet, 0);
    const cancel = new AbortController();
    const slow = altered(fleet.database, (sql) =>
      sql.includes("pg_sleep(600)") ? `select pg_sleep(1);\n${sql}` : sql,
    );
    const listen = (event: { readonly event: string }) => {
      if (event.event === "stage") setTimeout(() => cancel.abort(), 100);
    };
    const { summary } = await run({ ...fleet, database: slow }, { files: forever }, { cancel: cancel.signal }, listen);
    expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 1, applied: 0, failed: 0 } });
  });
});

it("leaves the next call of the connection alone, and what builds an index concurrently is found by its name", async () => {
  await onServer(async (fleet) => {
    await fleet.database.session(async (session) => {
      const [cancelled, other] = [session.beside(), session.beside()];
      const going = other.query("select pg_sleep(1), 1 as one");
      await cancelled.cancel();
      expect(await going).toMatchObject([{ one: 1 }]);
    });
    await makeSchemas(fleet, 0);
    await run(fleet, { files });
    const index = {
      ...files,
      "tenant/V2__index.sql":
        "-- tenantry: no-transaction\ncreate index concurrently i on prototype.a ((public.slow()));",
    };
    await fleet.sql(`insert into prototype.a default values;
      create function public.slow() returns int immutable language plpgsql as 'begin perform pg_sleep(600); return 1; end'`);
    const cancel = new AbortController();
    const { summary } = await run(fleet, { files: index }, { cancel: cancel.signal }, (event) => {
      if (event.event === "stage") setTimeout(() => cancel.abort(), 500);
    });
    expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 1, failed: 0 } });
  });
});
