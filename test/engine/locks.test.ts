import { describe, expect, it } from "vitest";
import { openDatabase } from "../../server/src/db/open";
import { RunInProgressError } from "../../server/src/engine/errors";
import type { RunEvent } from "../../server/src/engine/events";
import { runPlan } from "../../server/src/engine/run";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, plan, run, status } from "./fleet";

const slow = { "tenant/V1__slow.sql": "create table prototype.a (id int);\nselect pg_sleep(0.05);" };

/** Runs statements in a transaction of another session, which is open until `end` is called. */
async function holding(fleet: Fleet, sql: string): Promise<{ end(): Promise<void> }> {
  const other = await openDatabase({ url: fleet.url ?? "", command: "test" });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun = () => {};
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const held = other.session(async (session) => {
    await session.script(`begin; ${sql}`);
    begun();
    await released;
    await session.script("commit");
  });
  await isBegun;
  return {
    async end() {
      release();
      await held;
      await other.close();
    },
  };
}

async function secondDatabase(fleet: Fleet, use: (other: Fleet) => Promise<void>): Promise<void> {
  const database = await openDatabase({ url: fleet.url ?? "", command: "test" });
  try {
    await use({ ...fleet, database });
  } finally {
    await database.close();
  }
}

describe("two runs at once", () => {
  it("are one run, and a second that says who is in its way", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 20);
      await secondDatabase(fleet, async (other) => {
        const [first, second] = [await plan(fleet, { files: slow }), await plan(other, { files: slow })];
        let refused: Promise<unknown> | null = null;
        const going = runPlan(fleet.database, first, (event) => {
          if (event.event === "stage")
            refused = runPlan(other.database, second, () => {}).catch((error: unknown) => error);
        });
        expect((await going).counts).toMatchObject({ applied: 21, failed: 0 });
        const error = (await (refused as unknown as Promise<unknown>)) as Error;
        expect(error).toBeInstanceOf(RunInProgressError);
        expect(error.message).toContain(`(process ${process.pid})`);
        // The second plan is out of date by now: nothing is done twice.
        expect((await runPlan(other.database, second, () => {})).counts).toMatchObject({ unchanged: 21, failed: 0 });
      });
    });
  });

  it("one after the other do nothing twice, though the second was planned before the first, whatever its stages are", async () => {
    await onServer(async (fleet) => {
      const files = {
        "tenant/V1__log.sql": "create table prototype.log (what text);",
        "public/V2__plans.sql": "create table public.plans (id int);",
        "tenant/V3__more.sql": "insert into prototype.log values ('more');",
        "tenant/V4__apart.sql": "-- tenantry: no-transaction\ninsert into prototype.log values ('apart');",
        "public/V5__countries.sql": "create table public.countries (id int);",
        "tenant/R__again.sql": "insert into prototype.log values ('again');",
      };
      await makeSchemas(fleet, 3);
      const second = await plan(fleet, { files });
      expect((await run(fleet, { files })).summary.counts).toMatchObject({ applied: 5 });
      const { counts, failures } = await runPlan(fleet.database, second, () => {});
      expect([counts, failures]).toEqual([expect.objectContaining({ unchanged: 5, applied: 0, failed: 0 }), []]);
      expect(await fleet.sql("select what from t02.log")).toEqual(["more", "apart", "again"].map((what) => ({ what })));
    });
  });

  it("of one program are told apart as well, and a run of which nothing is left is no obstacle", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      const planned = await plan(fleet, { files: slow });
      const results = await Promise.allSettled([
        runPlan(fleet.database, planned, () => {}),
        runPlan(fleet.database, planned, () => {}),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      await fleet.sql("update tenantry.runs set state = 'running', finished_at = null");
      const more = { ...slow, "tenant/V2__b.sql": "create table prototype.b ();" };
      expect((await run(fleet, { files: more })).summary.counts).toMatchObject({ applied: 3 });
      expect(await fleet.sql("select state from tenantry.runs order by started_at")).toEqual([
        { state: "lost" },
        { state: "done" },
      ]);
    });
  });
});

describe("runs that share their work", () => {
  const share = { concurrentRuns: "share", canary: 1 } as const;

  it("do each tenant exactly once between them, and all know in the end that everything is done", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 60);
      await secondDatabase(fleet, async (other) => {
        const wish = { files: slow, options: { ...share, concurrency: 2 } };
        const both = await Promise.all([fleet, other].map((one) => run(one, wish)));
        expect(both.map(({ summary }) => summary.failures)).toEqual([[], []]);
        const counts = both.map(({ summary }) => summary.counts);
        expect(counts.map(({ applied, unchanged }) => applied + unchanged)).toEqual([61, 61]);
        expect(counts.map(({ applied }) => applied).reduce((a, b) => a + b)).toBe(61);
        expect(Math.min(...counts.map(({ applied }) => applied))).toBeGreaterThan(3);
        expect(await fleet.sql("select state, count(*)::int as runs from tenantry.runs group by state")).toEqual([
          { state: "done", runs: 2 },
        ]);
      });
    });
  });

  it("may take turns in one tenant, file by file", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const files = Object.fromEntries(
        Array.from({ length: 25 }, (_, index) => [
          `tenant/V${index + 2}__b.sql`,
          `alter table prototype.a add column b${index} int;`,
        ]),
      );
      const first = { "tenant/V1__a.sql": "create table prototype.a ();" };
      await run(fleet, { files: first });
      await secondDatabase(fleet, async (other) => {
        const options = { ...share, transaction: "migration", lockTimeout: 10, retries: 1000 } as const;
        let isOver = false;
        // Whoever waits for the table gives the tenant back, and the other run may take it up.
        const read = async () => {
          while (!isOver) await fleet.sql("begin; select from t01.a; select pg_sleep(0.02); commit");
        };
        const reading = Promise.all([read(), read(), read()]);
        const both = await Promise.all(
          [fleet, other].map((one) => run(one, { files: { ...first, ...files }, options })),
        );
        isOver = true;
        await reading;
        expect(both.map(({ summary }) => summary.failures)).toEqual([[], []]);
      });
    });
  });

  it("wait for no tenant that another is at while there are others to do, also where some of a stage is done already", async () => {
    await onServer(async (fleet) => {
      const files = {
        "tenant/V1__a.sql": "create table prototype.a (id int);",
        "public/V2__plans.sql": "create table public.plans (id int);",
        "tenant/V3__b.sql": "alter table prototype.a add column b int;",
        "tenant/V4__slow.sql": "select pg_sleep(0.3);",
      };
      const options = { ...share, canary: 0, concurrency: 1, retries: 1000 } as const;
      await makeSchemas(fleet, 3);
      const second = await plan(fleet, { files, options });
      await run(fleet, { files, selection: { to: "3" } });
      let held: ReturnType<typeof holding> | undefined;
      const done: string[] = [];
      const { failures } = await runPlan(fleet.database, second, (event) => {
        if (event.event !== "tenant") return;
        const at =
          "select pg_advisory_xact_lock(x'746e6e74'::bigint << 32 | (select oid::bigint from pg_namespace where nspname = 't01'))";
        if (event.scope === "public") held = holding(fleet, at);
        if (event.outcome === "applied" && done.push(event.tenant) === 3) void held?.then(({ end }) => end());
      });
      expect([failures, done[0], done.at(-1)]).toEqual([[], "prototype", "t01"]);
    });
  });

  it("stop together when one of them meets a failure, and a run that doesn't share is refused meanwhile", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 12);
      await fleet.sql("create table t05.a (id int)");
      await secondDatabase(fleet, async (other) => {
        let refused: Promise<unknown> | null = null;
        const wish = { files: slow, options: { ...share, concurrency: 1, maxFailures: { count: 1 } } };
        const alone = await plan(other, { files: slow });
        const both = await Promise.all([
          run(fleet, wish, {}, (event) => {
            if (event.event === "stage") refused = runPlan(other.database, alone, () => {}).catch((e: unknown) => e);
          }),
          run(other, wish),
        ]);
        expect(await refused).toBeInstanceOf(RunInProgressError);
        for (const { summary } of both) {
          expect(summary.failures).toMatchObject([{ code: "42P07", tenants: ["t05"] }]);
          expect(summary.stopped).toBe("failures");
        }
      });
    });
  });
});

describe("a run that is asked through the database", () => {
  const ask = (how: string) =>
    `update tenantry.runs set stop_requested = '${how}' where state = 'running' returning id::text`;

  it("to stop begins no more tenants", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 60);
      let asked: Promise<unknown> | null = null;
      const listen = (event: RunEvent) => {
        if (event.event === "tenant") asked ??= fleet.sql(ask("stop"));
      };
      const { summary } = await run(fleet, { files: slow, options: { concurrency: 1 } }, {}, listen);
      expect(await asked).toHaveLength(1);
      expect(summary).toMatchObject({ stopped: "cancelled", counts: { failed: 0 } });
      expect(summary.counts.applied + summary.counts.cancelled).toBe(61);
      expect(summary.counts.cancelled).toBeGreaterThan(0);
    });
  });

  it("to cancel ends a statement that would go on for long", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 2);
      const files = { "tenant/V1__long.sql": "create table prototype.a ();\nselect pg_sleep(600);" };
      const { summary } = await run(fleet, { files }, {}, (event) => {
        if (event.event === "stage") setTimeout(() => void fleet.sql(ask("cancel")), 300);
      });
      expect(summary).toMatchObject({ stopped: "cancelled", counts: { cancelled: 3, applied: 0, failed: 0 } });
    });
  });
});

describe("a lock that others hold", () => {
  it("is waited for in short tries, and those who come after are not kept waiting", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 6);
      const first = { "tenant/V1__a.sql": "create table prototype.a (id int);" };
      await run(fleet, { files: first });
      const open = await holding(fleet, "select * from t03.a");
      const files = { ...first, "tenant/V2__b.sql": "alter table prototype.a add column b int;" };
      let waited = 0;
      const going = run(fleet, { files, options: { lockTimeout: 50 } }, {}, (event) => {
        if (event.event === "tenant" && ++waited === 6) setTimeout(() => void open.end(), 300);
      });
      const { summary, events } = await going;
      expect(summary.counts).toMatchObject({ applied: 7, failed: 0 });
      const tries = events.flatMap((event) =>
        event.event === "tenant" ? [[event.tenant, event.attempts] as const] : [],
      );
      expect(tries.at(-1)).toEqual(["t03", expect.any(Number)]);
      expect(tries.at(-1)?.[1]).toBeGreaterThan(1);
    });
  });

  it("that is never given back is that tenant's failure, after as many tries as were allowed", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      const first = { "tenant/V1__a.sql": "create table prototype.a (id int);" };
      await run(fleet, { files: first });
      const open = await holding(fleet, "lock table t02.a");
      try {
        const files = { ...first, "tenant/V2__b.sql": "alter table prototype.a add column b int;" };
        const { summary } = await run(fleet, { files, options: { lockTimeout: 20, retries: 2, maxFailures: "none" } });
        expect(summary.counts).toMatchObject({ applied: 3, failed: 1 });
        expect(summary.failures).toMatchObject([
          {
            code: "55P03",
            file: "tenant/V2__b.sql",
            line: 1,
            message: expect.stringContaining("3 attempts"),
            tenants: ["t02"],
          },
        ]);
      } finally {
        await open.end();
      }
    });
  });

  it("on the schema itself lets the others go first", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 4);
      const { schemaLock } = await import("../../server/src/engine/advisoryLocks");
      const [row] = await fleet.sql<{ id: number }>("select 't02'::regnamespace::oid::int as id");
      const open = await holding(fleet, `select pg_advisory_xact_lock(${schemaLock(row?.id ?? 0)})`);
      const order: string[] = [];
      const { summary } = await run(fleet, { files: slow, options: { canary: 0, concurrency: 1 } }, {}, (event) => {
        if (event.event === "tenant") order.push(event.tenant);
        if (order.length === 4) void open.end();
      });
      expect(summary.counts).toMatchObject({ applied: 5 });
      expect(order).toEqual(["prototype", "t01", "t03", "t04", "t02"]);
    });
  });
});

describe("foreign keys to shared tables", () => {
  it("never make workers wait for each other in a circle", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 40);
      await fleet.sql(
        "create table plans (id int primary key); create schema geo; create table geo.countries (id int primary key);",
      );
      // Tenants in mixed states: half of them have the first key already.
      const files = {
        "tenant/V1__a.sql":
          "create table prototype.a (plan int, country int);\ncreate table prototype.b (plan int, country int);",
        "tenant/V2__plan.sql":
          "alter table prototype.a add foreign key (plan) references public.plans;\nalter table prototype.a add foreign key (country) references geo.countries;",
        "tenant/V3__country.sql":
          "alter table prototype.b add foreign key (country) references geo.countries;\nalter table prototype.b add foreign key (plan) references public.plans;",
        "tenant/V4__drop.sql": "drop table prototype.b;",
      };
      const half = Array.from({ length: 20 }, (_, index) => `t${String(index * 2 + 1).padStart(2, "0")}`);
      await run(fleet, { files, selection: { to: "2", tenants: half } });
      const planned = await plan(fleet, { files });
      expect(planned.report.stages[0]?.locks).toEqual([
        { schema: "geo", table: "countries", mode: "ACCESS EXCLUSIVE" },
        { table: "plans", mode: "ACCESS EXCLUSIVE" },
      ]);
      const before = await deadlocks(fleet);
      const { summary, events } = await run(fleet, { files, options: { concurrency: 8 } });
      expect(summary.counts).toMatchObject({ applied: 41, failed: 0 });
      expect(events.filter((event) => event.event === "tenant" && event.attempts > 1)).toEqual([]);
      expect(await deadlocks(fleet)).toBe(before);
    });
  });

  it("leave alone what of a shared table is another tenant's", async () => {
    await onServer(async (fleet) => {
      const tenants = await makeSchemas(fleet, 8);
      await fleet.sql(`create table hub (tenant text, year int) partition by list (tenant);
        ${["prototype", ...tenants].map((name) => `create table ${name}.part partition of hub for values in ('${name}')`).join(";")}`);
      const open = await holding(fleet, "select * from t08.part");
      try {
        const files = { "tenant/V1__a.sql": "alter table public.hub detach partition prototype.part;" };
        const options = { lockTimeout: 50, retries: 2, maxFailures: "none" } as const;
        const { summary } = await run(fleet, { files, options });
        expect(summary.counts).toMatchObject({ applied: 8, failed: 1 });
        expect(summary.failures).toMatchObject([{ code: "55P03", tenants: ["t08"] }]);
      } finally {
        await open.end();
      }
    });
  });

  it("may be gone for the next tenant", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await fleet.sql("create table leftovers (id int)");
      const files = { "tenant/V1__a.sql": "drop table if exists public.leftovers;" };
      expect((await run(fleet, { files })).summary.failures).toEqual([]);
    });
  });

  it("are as nothing to what can't be locked, such as a shared view", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await fleet.sql(`create table plans (id int primary key);
        create materialized view counts as select count(*) from plans;
        create view names as select id from plans;
        create function nothing() returns trigger language plpgsql as 'begin return null; end'`);
      const trigger = "trigger if_any on public.names";
      const files = {
        "tenant/V1__refresh.sql": "refresh materialized view public.counts;",
        "tenant/V2__trigger.sql": `drop ${trigger.replace("trigger", "trigger if exists")};
          create ${trigger.replace("on", "instead of insert on")} for each row execute function public.nothing();`,
      };
      const open = await holding(fleet, "select * from plans");
      try {
        const { summary } = await run(fleet, { files, options: { lockTimeout: 50, retries: 2 } });
        expect(summary.failures).toEqual([]);
      } finally {
        await open.end();
      }
    });
  });

  it("are added by one worker where the role may not lock the shared table", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 3);
      await fleet.sql(`create table plans (id int primary key);
        create role "${fleet.url?.slice(-12)}"; grant references on plans to "${fleet.url?.slice(-12)}";
        do $$ declare s text; begin foreach s in array array['prototype','t01','t02','t03'] loop
          execute format('alter schema %I owner to %I', s, '${fleet.url?.slice(-12)}'); end loop; end $$;`);
      const files = { "tenant/V1__a.sql": "create table prototype.a (plan int references public.plans);" };
      const role = fleet.url?.slice(-12) ?? "";
      const { summary } = await run(fleet, { files, options: { role } });
      expect(summary.failures).toEqual([]);
      expect(await fleet.sql("select tableowner::text as owner from pg_tables where schemaname = 't03'")).toEqual([
        { owner: role },
      ]);
      await fleet.sql(`drop owned by "${role}" cascade; drop role "${role}"`);
    });
  });
});

async function deadlocks({ sql }: Fleet): Promise<number> {
  const [row] = await sql<{ deadlocks: string }>(
    "select pg_stat_get_db_deadlocks(oid) as deadlocks from pg_database where datname = current_database()",
  );
  return Number(row?.deadlocks);
}

describe("rights that are missing", () => {
  it("to make the records are told with the way out", async () => {
    await onServer(async (fleet) => {
      await makeSchemas(fleet, 1);
      const role = `nobody_${fleet.url?.slice(-12)}`;
      await fleet.sql(
        `create role ${role} login password 'x'; grant create, usage on schema t01, prototype to ${role};`,
      );
      const url = new URL(fleet.url ?? "");
      url.username = role;
      url.password = "x";
      const database = await openDatabase({ url: url.href, command: "test" });
      try {
        const poor = { ...fleet, database };
        await expect(run(poor, { files: slow })).rejects.toThrow(/create schema tenantry authorization/);
        await run(fleet, { files: slow });
        await expect(status(poor, { files: slow })).rejects.toThrow(/grant usage on schema tenantry/);
      } finally {
        await database.close();
        await fleet.sql(`drop owned by ${role}; drop role ${role}`);
      }
    });
  });
});
