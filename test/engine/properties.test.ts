import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Database, DatabaseError, type Session } from "../../server/src/db/database";
import { fingerprintOf, groupFailures } from "../../server/src/engine/failures";
import { historyOf, identityOf } from "../../server/src/engine/history";
import { createPace } from "../../server/src/engine/pace";
import { createQueue } from "../../server/src/engine/queue";
import { matchTenants } from "../../server/src/engine/selection";
import { onServer } from "./databases";
import { type Fleet, makeSchemas, plan, run } from "./fleet";

/** The database, with a connection that breaks at one call: before it is sent, or after it was done. */
function breaking(database: Database, at: number, when: "before" | "after"): Database & { calls(): number } {
  let calls = 0;
  const wrap = (session: Session): Session => {
    let broken = false;
    const call = async <T>(send: () => Promise<T>): Promise<T> => {
      const breaks = ++calls === at;
      if (broken || (breaks && when === "before")) {
        broken = true;
        throw lost();
      }
      const result = await send();
      if (!breaks) return result;
      broken = true;
      throw lost();
    };
    return {
      ...session,
      query: (sql, parameters) => call(() => session.query(sql, parameters)),
      script: (sql) => call(() => session.script(sql)),
    };
  };
  return { ...database, calls: () => calls, session: (use) => database.session((session) => use(wrap(session))) };
}

const lost = () => new DatabaseError({ kind: "connection", code: "ECONNRESET", message: "The connection was lost." });

const files = {
  "tenant/V1__a.sql": "create table prototype.a (id int primary key);",
  "public/V2__b.sql": "create table b (id int primary key);",
  "tenant/V3__index.sql":
    "-- tenantry: no-transaction\ncreate index concurrently a_again on prototype.a (id);\ncomment on table prototype.a is 'seen';",
  "tenant/V4__row.sql": "insert into prototype.a select count(*) from prototype.a;",
};

async function expectComplete(fleet: Fleet): Promise<void> {
  for (const name of ["prototype", "t01", "t02"])
    expect(await fleet.sql(`select * from ${name}.a`)).toEqual([{ id: 0 }]);
  expect(await fleet.sql("select count(*)::int as rows from tenantry.history")).toEqual([{ rows: 10 }]);
  expect(await fleet.sql("select count(*)::int as indexes from pg_indexes where indexname = 'a_again'")).toEqual([
    { indexes: 3 },
  ]);
  expect((await plan(fleet, { files })).report).toMatchObject({ stages: [], refusals: [] });
}

/** History claims exactly what the catalog shows. */
async function expectTruth(fleet: Fleet): Promise<void> {
  const [records] = await fleet.sql<{ made: boolean }>("select to_regclass('tenantry.history') is not null as made");
  if (records?.made !== true) return;
  for (const name of ["prototype", "t01", "t02"]) {
    const [found] = await fleet.sql<{ claims: string; has_table: boolean; has_index: boolean }>(
      `select coalesce(string_agg(key, ',' order by key), '') as claims, to_regclass('${name}.a') is not null as has_table,
         to_regclass('${name}.a_again') is not null as has_index
       from tenantry.history where schema_id = '${name}'::regnamespace`,
    );
    const claims = found?.claims.split(",") ?? [];
    expect(claims.includes("1")).toBe(found?.has_table);
    if (claims.includes("3")) expect(found?.has_index).toBe(true);
    if (found?.has_table === true) {
      const [{ rows } = { rows: -1 }] = await fleet.sql<{ rows: number }>(
        `select count(*)::int as rows from ${name}.a`,
      );
      expect(rows).toBe(claims.includes("4") ? 1 : 0);
    }
  }
}

describe("a connection that breaks at any call of a run", () => {
  it.each(["before", "after"] as const)(
    "%s it is done, leaves the truth in the history, and the next run completes",
    async (when) => {
      let last = 0;
      await onServer(async (fleet) => {
        await makeSchemas(fleet, 2);
        const database = breaking(fleet.database, 0, when);
        await run({ ...fleet, database }, { files });
        await expectComplete(fleet);
        last = database.calls();
      });
      expect(last).toBeGreaterThan(15);
      for (let at = 1; at <= last; at += 2) {
        await onServer(async (fleet) => {
          await makeSchemas(fleet, 2);
          const database = breaking(fleet.database, at, when);
          await run({ ...fleet, database }, { files }).catch((error: unknown) => {
            expect(error).toBeInstanceOf(DatabaseError);
          });
          await expectTruth(fleet);
          await run(fleet, { files });
          await expectComplete(fleet);
        });
      }
    },
  );
});

describe("after a run", () => {
  it("of any part of any history, what is left is what wasn't in it, and in the end nothing", async () => {
    const scopes = fc.array(fc.constantFrom("public", "tenant", "tenant"), { minLength: 1, maxLength: 6 });
    const steps = fc.array(
      fc.record({ to: fc.nat({ max: 6 }), tenants: fc.subarray(["t01", "t02", "t03"], { minLength: 1 }) }),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(scopes, steps, async (kinds, parts) => {
        const history: Record<string, string> = {};
        for (const [index, scope] of kinds.entries()) {
          const schema = scope === "public" ? "public" : "prototype";
          history[`${scope}/V${index + 1}__x.sql`] = `create table ${schema}.x${index + 1} ();`;
        }
        await onServer(async (fleet) => {
          await makeSchemas(fleet, 3);
          for (const { to, tenants } of parts) {
            const selection = { tenants, ...(to >= 1 && to <= kinds.length ? { to: String(to) } : {}) };
            await run(fleet, { files: history, selection });
            expect((await plan(fleet, { files: history, selection })).report).toMatchObject({
              stages: [],
              refusals: [],
            });
          }
          await run(fleet, { files: history });
          expect((await plan(fleet, { files: history })).report).toMatchObject({ stages: [], refusals: [] });
          const [{ tables } = { tables: -1 }] = await fleet.sql<{ tables: number }>(
            "select count(*)::int as tables from pg_tables where tablename like 'x_'",
          );
          const ofTenants = kinds.filter((scope) => scope === "tenant").length;
          expect(tables).toBe(ofTenants * 4 + kinds.length - ofTenants);
        });
      }),
      { numRuns: 8 },
    );
  });
});

describe("failures", () => {
  const failure = (message: string) => ({ code: "23514", message, file: "a.sql", line: 1, column: 2 });

  it("of one cause are one group, whatever the tenants are called", () => {
    const tenants = ["a", "t", 'x"y', "relation", "acme"];
    const groups = groupFailures([
      ...tenants.map((tenant) => ({
        tenant,
        failure: failure(`relation "${tenant}.orders" does not exist — Key (id)=(${tenant.length})`),
      })),
      { tenant: "b", failure: failure("division by zero") },
    ]);
    expect(groups.map((group) => group.tenants)).toEqual([tenants.toSorted(), ["b"]]);
  });

  it("are told alike in whichever order the tenants ended", () => {
    const failures = ["c", "a", "b"].map((tenant) => ({ tenant, failure: failure(`of "${tenant}"`) }));
    const told = groupFailures(failures);
    expect(groupFailures(failures.toReversed())).toEqual(told);
    expect(told).toEqual([{ ...failure('of "a"'), tenants: ["a", "b", "c"] }]);
  });

  it("at two places are two groups", () => {
    expect(fingerprintOf({ ...failure("x"), line: 1 }, "a")).not.toBe(fingerprintOf({ ...failure("x"), line: 2 }, "a"));
  });
});

describe("the parts of a run", () => {
  it("take a job that was put back after those that were there, and end when none is left", async () => {
    const queue = createQueue(["a", "b", "c"]);
    const { signal } = new AbortController();
    const taken = [await queue.take(signal)];
    queue.putBack("a", 1);
    for (let job = await queue.take(signal); job !== undefined; job = await queue.take(signal)) taken.push(job);
    expect(taken.slice().sort()).toEqual(["a", "a", "b", "c"]);
    queue.putBack("d", 60_000);
    expect(await queue.take(AbortSignal.abort())).toBeUndefined();
    expect(queue.drain()).toEqual(["d"]);
  });

  it("take as many workers as make the fleet faster, and no more than there are sessions", () => {
    const climb = (rateOf: (level: number) => number, most: number) => {
      let time = 0;
      const pace = createPace("auto", { processors: null }, most, () => time);
      for (let index = 0; index < 2_000; index++) {
        time += 1_000 / rateOf(pace.level);
        pace.finished();
      }
      return pace.level;
    };
    expect(climb((level) => Math.min(level, 10) * 100, 50)).toBe(10);
    expect(climb(() => 100, 50)).toBe(4);
    expect(climb((level) => level * 100, 7)).toBe(7);
    expect(climb((level) => level * 100, 0)).toBe(1);
    expect(createPace(12, { processors: null }, 19).level).toBe(12);
    expect(createPace(100, { processors: null }, 19).level).toBe(19);
  });

  it("match names before globs", () => {
    expect(matchTenants(["a*", "ab", "c.d"], ["a*"])).toEqual({ matched: new Set(["a*"]), unknown: [] });
    expect(matchTenants(["ab", "c.d", "cxd"], ["a*", "c.d", "*z", "q"])).toEqual({
      matched: new Set(["ab", "c.d"]),
      unknown: ["*z", "q"],
    });
  });

  it("tell versions by their numbers, and histories by their rows in whatever order", () => {
    expect(identityOf({ kind: "versioned", key: "007.0" })).toBe(identityOf({ kind: "versioned", key: "7" }));
    expect(identityOf({ kind: "versioned", key: "10" })).not.toBe(identityOf({ kind: "versioned", key: "1" }));
    expect(identityOf({ kind: "versioned", key: "0" })).not.toBe(identityOf({ kind: "versioned", key: "1" }));
    const rows = ["2", "10", "1"].map((key) => ({ kind: "versioned" as const, key, checksum: "x" }));
    expect(historyOf(rows).fingerprint).toBe(historyOf(rows.toReversed()).fingerprint);
    expect(historyOf(rows).fingerprint).not.toBe(historyOf(rows.slice(1)).fingerprint);
  });
});
