import { describe, expect, it } from "vitest";
import { onEach } from "./databases";
import { type Fleet, type Kind, makeSchemas, run } from "./fleet";

const kinds: Kind[] = ["PostgreSQL", "embedded"];
const options = { concurrency: 1, maxFailures: "none" } as const;

/** What a migration finds in its session, and what it leaves there. */
const leaving = `create table prototype.seen as select
  (select count(*) from pg_class where relnamespace = pg_my_temp_schema())::int as temporary,
  (select count(*) from pg_prepared_statements)::int as prepared, (select count(*) from pg_cursors)::int as cursors,
  (select count(*) from pg_listening_channels())::int as channels, session_user::text as role,
  (select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and classid = 0 and objid = 77)::int as locks;
create temporary table gathered as select * from prototype.a;
prepare counted as select count(*) from prototype.a;
declare kept cursor with hold for select * from prototype.a;
listen news;
select pg_advisory_lock(77);`;

/** The embedded database doesn't know which session it was begun as. */
async function withRole(kind: Kind, fleet: Fleet, use: (becomeAnother: string) => Promise<void>): Promise<void> {
  if (kind === "embedded") return use("");
  const role = `leaving_${Date.now()}`;
  await fleet.sql(`create role ${role}`);
  try {
    await use(`set session authorization ${role};`);
  } finally {
    await fleet.sql(`drop role ${role}`);
  }
}

describe.each(kinds)("what a migration leaves in its session on %s", (kind) => {
  it.each([
    ["", "-- in a transaction"],
    [" where it runs outside of a transaction", "-- tenantry: no-transaction"],
  ])("is not there for the next schema%s", async (_, head) => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 4);
      await withRole(kind, fleet, async (becomeAnother) => {
        const first = { "tenant/V1__a.sql": "create table prototype.a as select 1 as id;" };
        expect((await run(fleet, { files: first, options })).summary.failures).toEqual([]);
        await fleet.sql("truncate t02.a");
        const failing = "reset session authorization; select 1 / count(*) from prototype.a;";
        const text = [head, leaving, failing, becomeAnother].join("\n");
        const files = { ...first, "tenant/V2__leaving.sql": text };
        const { summary } = await run(fleet, { files, options });
        expect(summary).toMatchObject({ counts: { applied: 4, failed: 1 }, failures: [{ code: "22012" }] });
        for (const name of ["prototype", "t01", "t03", "t04"])
          expect(await fleet.sql(`select * from ${name}.seen`)).toEqual([
            { temporary: 0, prepared: 0, cursors: 0, channels: 0, locks: 0, role: "postgres" },
          ]);
      });
    });
  });

  it("is not there for the runner: neither another session's role nor a reset of all settings", async () => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      await withRole(kind, fleet, async (becomeAnother) => {
        const files = {
          "tenant/V1__role.sql": `select 1; ${becomeAnother}`,
          "tenant/V2__reset.sql": "reset all;",
          "tenant/V3__a.sql": "create table a as select session_user::text as role;",
        };
        const { summary } = await run(fleet, { files, options, settings: { tenantNames: "search-path" } });
        expect(summary).toMatchObject({ counts: { applied: 3 }, failures: [] });
        expect(await fleet.sql("select role from t02.a")).toEqual([{ role: "postgres" }]);
      });
    });
  });
});

it("the lock of a file outside of a transaction is given back at its end, also where that defines objects alone", async () => {
  await onEach("PostgreSQL", async (fleet) => {
    await makeSchemas(fleet, 3);
    const files = {
      "tenant/V1__told.sql":
        "create table prototype.told as select count(*)::int as locks from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();",
      "tenant/V2__index.sql": "-- tenantry: no-transaction\ncreate index concurrently on prototype.told (locks);",
    };
    const { summary } = await run(fleet, { files, options });
    expect(summary.failures).toEqual([]);
    // The schema's own, until its transaction ends.
    for (const name of ["prototype", "t01", "t02", "t03"])
      expect(await fleet.sql(`select locks from ${name}.told`)).toEqual([{ locks: 1 }]);
  });
});

describe.each(kinds)("a migration on %s", (kind) => {
  it.each([
    "drop schema prototype cascade; create schema prototype;",
    "drop schema prototype cascade;",
    "alter schema prototype rename to elsewhere;",
  ])("that does `%s` to the schema it runs for fails, and leaves it", async (text) => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 1);
      const files = {
        "tenant/V1__a.sql": "create table prototype.a (id int);",
        "tenant/V2__self.sql": text,
        "tenant/V3__b.sql": "select 1;",
      };
      const { summary } = await run(fleet, { files });
      expect(summary).toMatchObject({
        counts: { applied: 0 },
        failures: [{ code: "TN002", file: "tenant/V2__self.sql" }],
      });
      expect(summary.failures[0]?.message).toContain("not drop, rename or remake that schema itself");
      expect(await fleet.sql("select from tenantry.history")).toEqual([]);
      expect((await run(fleet, { files: { "tenant/V1__a.sql": files["tenant/V1__a.sql"] } })).summary.failures).toEqual(
        [],
      );
    });
  });
});

describe.each(kinds)("the settings of a file on %s", (kind) => {
  it.each([
    ["which defines objects alone", "alter table prototype.a add column b text default lower('B') check (b <> '');"],
    ["which sets others", "set lock_timeout = '7s'; set search_path = pg_catalog;"],
    ["whose block sets others", "do $$ begin set lock_timeout = '7s'; end $$;"],
    [
      "whose definition calls the server's own function",
      "alter table prototype.a add b text default set_config('lock_timeout', '7s', false);",
    ],
    ["whose definition calls a function of its own", "alter table prototype.a add b text default prototype.setting();"],
    ["whose definition calls it behind USING", "alter table prototype.a alter id type text using prototype.setting();"],
    ["whose index calls it", "create index on prototype.a (prototype.setting());"],
    ["whose view is filled", "create materialized view prototype.filled as select prototype.setting();"],
    ["whose rows call it", "update prototype.a set id = length(prototype.setting());"],
  ])("are those of the run behind a file %s, and for the next schema", async (_, text) => {
    await onEach(kind, async (fleet) => {
      await makeSchemas(fleet, 2);
      const files = {
        "tenant/V1__a.sql": `create table prototype.a as select 1 as id;
create function prototype.setting() returns text immutable language plpgsql as $$ begin
  perform set_config('lock_timeout', '7s', false), set_config('search_path', 'pg_catalog', false);
  return '7s';
end $$;`,
        "tenant/V2__between.sql": text,
        "tenant/V3__told.sql": "create table told as select current_setting('lock_timeout') as timeout;",
      };
      const { summary } = await run(fleet, { files, options, settings: { tenantNames: "search-path" } });
      expect(summary.failures).toEqual([]);
      const timeouts = await fleet.sql<{ timeout: string }>(
        "select timeout from prototype.told union all select timeout from t01.told union all select timeout from t02.told",
      );
      expect(new Set(timeouts.map(({ timeout }) => timeout)).size).toBe(1);
      expect(timeouts[0]).not.toEqual({ timeout: "7s" });
    });
  });
});
