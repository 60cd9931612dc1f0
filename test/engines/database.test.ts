import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database, DatabaseError } from "../../server/src/db/database";
import { openDatabase } from "../../server/src/db/open";
import { createDatabase } from "../support/database";

/** What every engine's driver must do, whatever stands behind it. */
const engines: Record<string, () => Promise<{ database: Database; remove(): Promise<void> }>> = {
  async postgresql() {
    const test = await createDatabase();
    return { database: await openDatabase({ url: test.url, command: "test" }), remove: () => test.drop() };
  },
  async embedded() {
    const folder = mkdtempSync(join(tmpdir(), "tenantry-embedded-"));
    const database = await openDatabase({ url: `embedded:${folder}`, command: "test" });
    return { database, remove: async () => rmSync(folder, { recursive: true, force: true }) };
  },
};

describe.each(Object.entries(engines))("a database of %s", (_name, open) => {
  let database: Database;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ database, remove } = await open());
  });
  afterAll(async () => {
    await database.close();
    await remove();
  });
  const fault = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: DatabaseError) => ({
        kind: error.kind,
        code: error.code,
        statement: error.statement,
        position: error.position,
      }),
    );

  it("answers a statement with its rows, and takes values as parameters", async () => {
    const rows = await database.session((s) =>
      s.query("select $1::text as text, $2::int as number, true as yes, null as nothing", ["a'b", 7]),
    );
    expect(rows).toEqual([{ text: "a'b", number: 7, yes: true, nothing: null }]);
  });

  it("gives the same values with and without parameters", async () => {
    const values =
      "1::bigint as big, 2::int as small, 1.5::numeric as exact, 'x'::name as name, 7::oid as oid, '{\"a\":1}'::jsonb as json, array['a','b c']::text[] as list, date '2024-01-02' as day, timestamp '2024-01-02 03:04:05' as moment, '\\x00ff'::bytea as bytes, '1 day'::interval as span";
    const plain = await database.session((s) => s.script(`select ${values}`));
    const bound = await database.session((s) => s.query(`select ${values} where $1::int = 1`, [1]));
    expect(plain).toEqual([
      {
        ...{ big: "1", small: 2, exact: "1.5", name: "x", oid: 7, json: { a: 1 }, list: ["a", "b c"] },
        ...{ day: "2024-01-02", moment: "2024-01-02 03:04:05", bytes: "\\x00ff", span: "1 day" },
      },
    ]);
    expect(bound).toEqual(plain);
  });

  it("runs several statements in one message, and answers with the last rows", async () => {
    const rows = await database.session((s) =>
      s.script("create temp table t (a int); insert into t values (1), (2); select a from t order by a; drop table t"),
    );
    expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("tells which statement of a message failed, and where, counting as JavaScript does", async () => {
    const sql = "select 1;\r\nselect '😀é', missing_column;";
    expect(await fault(database.session((s) => s.script(sql)))).toEqual({
      kind: "sql",
      code: "42703",
      statement: 1,
      position: sql.indexOf("missing_column"),
    });
  });

  it("gives the notices since the last call", async () => {
    const told = await database.session(async (s) => {
      await s.script("do $$ begin raise notice 'one'; raise warning 'two'; end $$");
      return [s.notices(), s.notices()];
    });
    expect(told).toEqual([
      [
        { severity: "NOTICE", message: "one" },
        { severity: "WARNING", message: "two" },
      ],
      [],
    ]);
  });

  it("carries calls out in their order where they overlap, and tells each piece of work's notices to it alone", async () => {
    await database.session(async (s) => {
      const other = s.beside();
      const told = await Promise.all([
        s.script("do $$ begin raise notice 'one'; end $$; create temp table made as select 1 as a"),
        other.script("do $$ begin raise notice 'two'; end $$; select a from made"),
        s.query("select a + $1::int as b from made", [1]),
        other.script("drop table made; select 3 as c"),
      ]);
      expect(told.slice(1)).toEqual([[{ a: 1 }], [{ b: 2 }], [{ c: 3 }]]);
      expect([s.notices(), other.notices()]).toMatchObject([[{ message: "one" }], [{ message: "two" }]]);
    });
  });

  it("lets nothing be done by what follows a failed transaction, until that is rolled back", async () => {
    await database.session(async (s) => {
      const other = s.beside();
      const [first, second] = await Promise.all([
        fault(s.script("begin; create table gone (a int); select 1/0; commit")),
        fault(other.script("begin; create table never (a int); commit")),
      ]);
      expect([first, second]).toMatchObject([
        { code: "22012", statement: 2 },
        { code: "25P02", statement: 0 },
      ]);
      await s.script("rollback");
      expect(await s.query("select to_regclass('gone') is null and to_regclass('never') is null as nothing")).toEqual([
        { nothing: true },
      ]);
    });
  });

  it("goes on after a failed statement, and takes back what it did", async () => {
    await database.session(async (s) => {
      expect(await fault(s.script("begin; create table gone (a int); select 1/0"))).toMatchObject({
        code: "22012",
        statement: 2,
      });
      await s.script("rollback");
      expect(await s.query("select to_regclass('gone')::text as gone")).toEqual([{ gone: null }]);
    });
  });

  it("lends sessions clean: no transaction and no setting is left from the one before", async () => {
    await database.session((s) => s.script("set work_mem = '9MB'; begin; create table left_behind (a int)"));
    const [state] = await database.session((s) =>
      s.query("select current_setting('work_mem') as memory, to_regclass('public.left_behind')::text as left_behind"),
    );
    expect(state).toEqual({ memory: "4MB", left_behind: null });
  });

  it("is never asked for a statement by two users of one session at once", async () => {
    const once = (n: number) =>
      database.session(async (s) => {
        await s.query("select set_config('tenantry.mark', $1, false)", [String(n)]);
        return (await s.query<{ mark: string }>("select current_setting('tenantry.mark') as mark"))[0]?.mark;
      });
    expect(await Promise.all([1, 2, 3, 4, 5].map(once))).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("ends a running statement when it is cancelled", async () => {
    const { database: own, remove: removeOwn } = await open();
    try {
      const work = own.session(async (s) => {
        setTimeout(() => void s.cancel(), 300);
        await s.query("select count(*) from generate_series(1, 10000000000)");
      });
      expect(await fault(work)).toMatchObject({ kind: "cancelled" });
    } finally {
      await own.close();
      await removeOwn();
    }
  });
});
